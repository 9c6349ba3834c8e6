"""Lists of proposals, each for who may see it."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, false, func, or_, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock
from app.core.errors import Invalid
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.core.web.sorting import Order
from app.people.bodies import queries as bodies
from app.people.models import Person, Unit
from app.proposals import queries
from app.proposals.assignments.lifecycle import GONE, ResultClass
from app.proposals.assignments.models import ProposalAssignment
from app.proposals.handling.queries import ratings
from app.proposals.lifecycle import ON_FILE, UNDER_REVIEW, ProposalState
from app.proposals.lists import queues
from app.proposals.lists.queues import Waiting
from app.proposals.models import Proposal
from app.proposals.rules import Period

_p, _a, _u, _mine = table(Proposal), table(ProposalAssignment), table(Unit), queries.mine


class ProposalScope(StrEnum):
    """Which proposals a list holds."""

    MINE = "mine"
    COSIGNED = "cosigned"
    FILED = "filed"
    REVIEW = "review"
    ASSIGNED = "assigned"
    SUPERVISED = "supervised"
    TO_RATE = "to_rate"
    VISIBLE = "visible"


class Sort(StrEnum):
    """The orders of a list; with `-` the last value comes first. Rows without a value stand at the end."""

    NUMBER = "number"
    NUMBER_DOWN = "-number"
    SUBMITTED_AT = "submitted_at"
    SUBMITTED_AT_DOWN = "-submitted_at"
    FILED_AT = "filed_at"
    FILED_AT_DOWN = "-filed_at"
    TITLE = "title"
    TITLE_DOWN = "-title"
    DUE_ON = "due_on"
    DUE_ON_DOWN = "-due_on"

    @property
    def key(self) -> str:
        """The field of a row that it sorts by."""
        return self.value.removeprefix("-")


_KINDS: dict[str, type] = {"number": int, "title": str, "due_on": date}
#: Lists of proposals of others, of which only those who inspect see the deadlines.
_OF_OTHERS = frozenset({"filed", "review", "supervised", "visible"})


@dataclass(frozen=True)
class ProposalFilter:
    """Which proposals of a list; without anything all of them."""

    state: ProposalState | None = None
    window_id: int | None = None
    seat_id: int | None = None
    q: str | None = None
    unit_id: int | None = None
    result_class: ResultClass | None = None
    month: date | None = None
    is_key: bool | None = None
    body_id: int | None = None
    period: Period | None = None
    publish_consent: bool | None = None
    category: str | None = None
    submitted_from: date | None = None
    submitted_to: date | None = None
    waits_for: Waiting | None = None
    late: bool | None = None


def page_of_proposals(
    conn: Connection,
    actor: Actor,
    scope: ProposalScope,
    wanted: ProposalFilter,
    cursor: str | None,
    limit: int,
    sort: Sort | None = None,
) -> PageRows:
    """A page of proposals, newest first; those on file by the time of filing; else as `sort` says."""
    if sort is not None:
        return _sorted(conn, actor, scope, wanted, cursor, limit, sort)
    found = matching(_scoped(queries.rows(actor), actor, scope, wanted), actor, scope, wanted)
    keys, types = (["filed_at", "id"], [datetime, int]) if scope is ProposalScope.FILED else (["id"], [int])
    columns = [_p.c[key] for key in keys]
    if cursor:
        found = found.where(before(columns, decode_cursor(cursor, *types)))
    found = found.order_by(*(c.desc() for c in columns)).limit(limit + 1)
    return page([queries.labelled(dict(r)) for r in conn.execute(found).mappings()], limit, keys)


def _sorted(
    conn: Connection,
    actor: Actor,
    scope: ProposalScope,
    wanted: ProposalFilter,
    cursor: str | None,
    limit: int,
    sort: Sort,
) -> PageRows:
    """A page in an order: its ids are found first, so that the columns of all others are never computed."""
    by_deadline = sort.key == "due_on"
    if by_deadline:
        _require_deadlines(actor, scope)
    column: ColumnElement[Any] = queries.due_on(actor) if by_deadline else _p.c[sort.key]
    order = Order(sort, column, _p.c.id, _KINDS.get(sort.key, datetime), sort.value.startswith("-"))
    ids = _ids(actor, scope, wanted).order_by(*order.by).limit(limit + 1)
    shown = (ids.where(order.after(cursor)) if cursor else ids).subquery()
    found = queries.rows(actor).where(_p.c.id.in_(select(shown.c.id))).order_by(*order.by)
    rows = [queries.labelled(dict(row)) for row in conn.execute(found).mappings()]
    more, rows = len(rows) > limit, rows[:limit]
    return {"items": rows, "next": order.cursor(rows[-1][sort.key], rows[-1]["id"]) if more else None}


def count(conn: Connection, actor: Actor, scope: ProposalScope, wanted: ProposalFilter) -> int:
    """How many proposals a list holds."""
    return conn.scalar(select(func.count()).select_from(_ids(actor, scope, wanted).subquery())) or 0


def _ids(actor: Actor, scope: ProposalScope, wanted: ProposalFilter) -> Any:
    ids = queries.rows(actor).with_only_columns(_p.c.id, maintain_column_froms=True)
    return matching(_scoped(ids, actor, scope, wanted), actor, scope, wanted)


def _require_deadlines(actor: Actor, scope: ProposalScope) -> None:
    """`Invalid` where a list holds proposals whose deadlines the actor does not see."""
    sees = actor.may(Permission.PROPOSAL_INSPECT) or actor.may(Permission.PROPOSAL_HANDLE)
    if scope in _OF_OTHERS and not sees:
        raise Invalid("这个范围里看不到办理期限，不能按期限筛选或排序。", code="deadlines_hidden")


def _scoped(  # noqa: PLR0911 - one answer for each scope
    found: Any, actor: Actor, scope: ProposalScope, wanted: ProposalFilter
) -> Any:
    match scope:
        case ProposalScope.MINE:
            return found.where(queries.written_by(actor))
        case ProposalScope.COSIGNED:
            return found.where(
                _mine.c.role == "participant", _mine.c.state.in_(("invited", "accepted", "unconfirmed"))
            )
        case ProposalScope.FILED:
            return found.where(_p.c.filed_at.is_not(None), _p.c.state.in_(ON_FILE))
        case ProposalScope.ASSIGNED:
            return found.where(queries.handled(actor))
        case ProposalScope.SUPERVISED:
            theirs = _p.c.supervisor_id == actor.account_id
            return found.where(
                _p.c.supervisor_id.is_not(None) if actor.may(Permission.PROPOSAL_REVIEW) else theirs
            )
        case ProposalScope.TO_RATE:
            wait = (ratings.waiting(actor, stage).exists() for stage in (1, 2))
            return found.where(_mine.c.state == "accepted", or_(*wait))
        case ProposalScope.VISIBLE:
            return found
        case _:
            return found if wanted.state else found.where(_p.c.state.in_(UNDER_REVIEW))


def matching(found: Any, actor: Actor, scope: ProposalScope, wanted: ProposalFilter) -> Any:
    """A SELECT of proposals with the conditions of a filter."""
    for column, value in (
        (_p.c.state, wanted.state),
        (_p.c.window_id, wanted.window_id),
        (_p.c.seat_id, wanted.seat_id),
        (_p.c.result_class, wanted.result_class),
        (_p.c.supervised_month, wanted.month),
        (_p.c.is_key, wanted.is_key),
        (_p.c.body_id, wanted.body_id),
        (_p.c.period, wanted.period),
        (_p.c.publish_consent, wanted.publish_consent),
        (_p.c.category, wanted.category),
    ):
        if value is not None:
            found = found.where(column == value)
    if wanted.submitted_from is not None:
        found = found.where(_p.c.submitted_at >= clock.day_starts(wanted.submitted_from, actor.zone))
    if wanted.submitted_to is not None:
        end = clock.day_starts(wanted.submitted_to, actor.zone) + timedelta(days=1)
        found = found.where(_p.c.submitted_at < end)
    if wanted.unit_id is not None:
        at_work = (_a.c.unit_id == wanted.unit_id) & _a.c.state.not_in(GONE)
        found = found.where(select(_a.c.id).where(_a.c.proposal_id == _p.c.id, at_work).exists())
    if wanted.waits_for is not None:
        if scope is not ProposalScope.VISIBLE:
            raise Invalid("按待办筛选时，范围请选“我能看到的全部提案”。", code="queue_needs_visible")
        found = found.where(queues.waits_for(actor, wanted.waits_for))
    if wanted.late is not None:
        if wanted.waits_for is None:  # what waits for the actor is theirs to see
            _require_deadlines(actor, scope)
        late = func.coalesce(queries.due_on(actor) <= queues.soon(actor), false())
        found = found.where(late if wanted.late else ~late)
    return found.where(_says(wanted.q)) if wanted.q else found


_NUMBER = re.compile(r"^第?\s*(\d{1,9})\s*号?$")


def _says(q: str) -> ColumnElement[bool]:
    """Proposals whose number, title, author, body or units are called so."""

    def named(column: ColumnElement[str]) -> ColumnElement[bool]:
        return column.contains(q, autoescape=True)

    units = select(_a.c.proposal_id).join(_u, _u.c.id == _a.c.unit_id)
    found = [
        named(_p.c.title),
        named(table(Person).c.name),
        _p.c.body_id.in_(bodies.ids_named(named)),
        _p.c.id.in_(units.where(named(_u.c.name), _a.c.state.not_in(GONE))),
    ]
    if number := _NUMBER.match(q):
        found.append(_p.c.number == int(number[1]))
    return or_(*found)
