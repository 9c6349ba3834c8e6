"""Lists of proposals, each for who may see it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, or_, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.proposals import queries, queries_ratings
from app.proposals.lifecycle import ON_FILE, UNDER_REVIEW, State
from app.proposals.lifecycle_handling import GONE, ResultClass
from app.proposals.models import Proposal
from app.proposals.models_handling import ProposalAssignment
from app.proposals.rules import Period

_p, _a, _mine = table(Proposal), table(ProposalAssignment), queries.mine


class Scope(StrEnum):
    """Which proposals a list holds."""

    MINE = "mine"
    COSIGNED = "cosigned"
    FILED = "filed"
    REVIEW = "review"
    ASSIGNED = "assigned"
    SUPERVISED = "supervised"
    TO_RATE = "to_rate"


@dataclass(frozen=True)
class ProposalFilter:
    """Which proposals of a list; without anything all of them."""

    state: State | None = None
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


def page_of_proposals(
    conn: Connection, actor: Actor, scope: Scope, wanted: ProposalFilter, cursor: str | None, limit: int
) -> PageRows:
    """A page of proposals, newest first; those on file by the time of filing."""
    found = matching(_scoped(queries.rows(actor), actor, scope, wanted), wanted)
    keys, types = (["filed_at", "id"], [datetime, int]) if scope is Scope.FILED else (["id"], [int])
    columns = [_p.c[key] for key in keys]
    if cursor:
        found = found.where(before(columns, decode_cursor(cursor, *types)))
    found = found.order_by(*(c.desc() for c in columns)).limit(limit + 1)
    return page([queries.labelled(dict(r)) for r in conn.execute(found).mappings()], limit, keys)


def _scoped(  # noqa: PLR0911 - one answer for each scope
    found: Any, actor: Actor, scope: Scope, wanted: ProposalFilter
) -> Any:
    match scope:
        case Scope.MINE:
            return found.where(queries.written_by(actor))
        case Scope.COSIGNED:
            return found.where(
                _mine.c.role == "participant", _mine.c.state.in_(("invited", "accepted", "unconfirmed"))
            )
        case Scope.FILED:
            return found.where(_p.c.filed_at.is_not(None), _p.c.state.in_(ON_FILE))
        case Scope.ASSIGNED:
            return found.where(queries.handled(actor))
        case Scope.SUPERVISED:
            theirs = _p.c.supervisor_id == actor.account_id
            return found.where(
                _p.c.supervisor_id.is_not(None) if actor.may(Permission.PROPOSAL_REVIEW) else theirs
            )
        case Scope.TO_RATE:
            wait = (queries_ratings.waiting(actor, stage).exists() for stage in (1, 2))
            return found.where(_mine.c.state == "accepted", or_(*wait))
        case _:
            return found if wanted.state else found.where(_p.c.state.in_(UNDER_REVIEW))


def matching(found: Any, wanted: ProposalFilter) -> Any:
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
    ):
        if value is not None:
            found = found.where(column == value)
    if wanted.unit_id is not None:
        at_work = (_a.c.unit_id == wanted.unit_id) & _a.c.state.not_in(GONE)
        found = found.where(select(_a.c.id).where(_a.c.proposal_id == _p.c.id, at_work).exists())
    if wanted.q:
        found = found.where(_p.c.title.contains(wanted.q, autoescape=True))
    return found
