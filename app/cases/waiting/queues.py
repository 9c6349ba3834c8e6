"""Queues of cases: what waits for the office, for a unit's officers, and for who reported it."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, case, false, select, true

from app.auth import queues
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.queues import SOON_DAYS, DeskKind, Queue, holding
from app.cases.lifecycle import OPEN, CaseState
from app.cases.models import DutyCase
from app.cases.queries import visible_to
from app.core.sql import table

_c = table(DutyCase)


def _of_unit(actor: Actor) -> bool:
    return actor.unit_id is not None and actor.may(Permission.CASE_ANSWER)


def _of_member(actor: Actor) -> bool:
    return bool(actor.seat_ids) and actor.may(Permission.CASE_READ)


def _queue(
    key: str,
    desk: DeskKind,
    label: str,
    state: CaseState,
    open_to: Callable[[Actor], bool],
    *,
    mine: bool = False,
) -> Queue:
    def entries(actor: Actor) -> Select[int, bool]:
        soon = _c.c.due_on <= actor.today + timedelta(days=SOON_DAYS)
        late: ColumnElement[bool] = case((soon, true()), else_=false()) if state in OPEN else false()
        own = _c.c.account_id == actor.account_id if mine else true()
        return select(_c.c.id.label("thing"), late.label("late")).where(
            visible_to(actor), _c.c.state == state, own
        )

    path = f"/api/v1/cases?state={state}" + ("&mine=true" if mine else "")
    return Queue(key, desk, label, lambda _actor: path, open_to, entries)


_staff = holding(Permission.CASE_MANAGE)
queues.register(
    "cases",
    _queue("cases_to_accept", DeskKind.CASES, "待受理的呼叫和问题", CaseState.REPORTED, _staff),
    _queue("cases_to_assign", DeskKind.CASES, "待交办的呼叫和问题", CaseState.ACCEPTED, _staff),
    _queue("cases_in_hand", DeskKind.CASES, "等单位答复的呼叫和问题", CaseState.ASSIGNED, _staff),
    _queue("cases_to_close", DeskKind.CASES, "待办结的呼叫和问题", CaseState.JUDGED, _staff),
    _queue("unit_cases", DeskKind.UNIT, "待答复的呼叫和问题", CaseState.ASSIGNED, _of_unit),
    _queue("cases_to_judge", DeskKind.MINE, "请您评价的答复", CaseState.ANSWERED, _of_member, mine=True),
)
