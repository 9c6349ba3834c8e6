"""Queues of findings: what waits for the office, and for a unit's officers."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, case, false, select, true

from app.auth import queues
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.queues import SOON_DAYS, DeskKind, Queue, holding
from app.core.sql import table
from app.findings.lifecycle import FindingState
from app.findings.models import Finding
from app.findings.queries import visible_to

_f = table(Finding)


def _of_unit(actor: Actor) -> bool:
    return actor.unit_id is not None and actor.may(Permission.FINDING_ANSWER)


def _queue(
    key: str, desk: DeskKind, label: str, state: FindingState, open_to: Callable[[Actor], bool]
) -> Queue:
    def entries(actor: Actor) -> Select[int, bool]:
        soon = _f.c.due_on <= actor.today + timedelta(days=SOON_DAYS)
        late: ColumnElement[bool] = (
            case((soon, true()), else_=false()) if state == FindingState.SENT else false()
        )
        waiting = select(_f.c.id.label("thing"), late.label("late"))
        return waiting.where(visible_to(actor), _f.c.state == state)

    return Queue(key, desk, label, lambda _actor: f"/api/v1/findings?state={state}", open_to, entries)


_staff = holding(Permission.FINDING_MANAGE)
queues.register(
    "findings",
    _queue("findings_to_send", DeskKind.FINDINGS, "待交办的建议", FindingState.NOTED, _staff),
    _queue("findings_to_release", DeskKind.FINDINGS, "待反馈的建议", FindingState.ANSWERED, _staff),
    _queue("unit_findings", DeskKind.UNIT, "待答复的建议", FindingState.SENT, _of_unit),
)
