"""Reads for the overview of leaders: each count beside the list that opens it."""

from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection, func, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock
from app.core.sql import table
from app.proposals import rules
from app.proposals.assignments.models import ProposalCommitment, ProposalDeadline
from app.proposals.assignments.rules import DEADLINE_LABELS
from app.proposals.handling.queries import commitments, deadlines
from app.proposals.handling.queries.deadlines import DeadlineStanding
from app.proposals.lifecycle import LABELS, ON_FILE, ProposalState
from app.proposals.lists.queries import ProposalScope
from app.proposals.models import Proposal
from app.proposals.queries import visible_to

_p, _d, _c = table(Proposal), table(ProposalDeadline), table(ProposalCommitment)

_PROPOSALS, _DEADLINES = "/api/v1/proposals", "/api/v1/proposal-deadlines"
_COMMITMENTS = "/api/v1/proposal-commitments"


def overview(conn: Connection, actor: Actor) -> dict[str, Any]:
    """What a leader looks at first, as `Overview`."""
    return {
        "states": _states(conn, actor),
        "overdue": _overdue(conn, actor),
        **_commitments(conn, actor),
        **_supervised(conn, actor),
    }


def _counted(count: int, path: str, **query: Any) -> dict[str, Any]:
    return {"count": count, "path": f"{path}?{urlencode(query)}"}


def _states(conn: Connection, actor: Actor) -> list[dict[str, Any]]:
    seen = rules.states_seen(actor)
    found = select(_p.c.state, func.count()).where(visible_to(actor), _p.c.state.in_(seen))
    counts: dict[str, int] = dict(map(tuple, conn.execute(found.group_by(_p.c.state))))
    return [
        {"state": state, "state_label": LABELS[state]}
        | _counted(counts[state], _PROPOSALS, scope=_scope(state), state=state)
        for state in seen
        if state in counts
    ]


def _scope(state: ProposalState) -> ProposalScope:
    return ProposalScope.FILED if state in ON_FILE else ProposalScope.REVIEW


def _overdue(conn: Connection, actor: Actor) -> list[dict[str, Any]]:
    overdue = deadlines.standing_is(DeadlineStanding.OVERDUE, clock.local_day(clock.now(), actor.zone))
    found = (
        select(_d.c.kind, func.count())
        .join(_p, _p.c.id == _d.c.proposal_id)
        .where(visible_to(actor), _d.c.organization_id == actor.organization_id, overdue)
    )
    counts: dict[str, int] = dict(map(tuple, conn.execute(found.group_by(_d.c.kind))))
    return [
        {"kind": kind, "kind_label": label}
        | _counted(counts[kind], _DEADLINES, state=DeadlineStanding.OVERDUE, kind=kind)
        for kind, label in DEADLINE_LABELS.items()
        if kind in counts
    ]


def _commitments(conn: Connection, actor: Actor) -> dict[str, Any]:
    today = clock.local_day(clock.now(), actor.zone)
    overdue = func.count().filter(commitments.is_overdue(today))
    found = (
        select(func.count(), overdue)
        .join_from(_c, _p, _p.c.id == _c.c.proposal_id)
        .where(visible_to(actor), _c.c.organization_id == actor.organization_id, _c.c.state == "open")
    )
    all_, late = conn.execute(found).one()
    return {
        "open_commitments": _counted(all_, _COMMITMENTS, state="open"),
        "overdue_commitments": _counted(late, _COMMITMENTS, overdue="true"),
    }


def _supervised(conn: Connection, actor: Actor) -> dict[str, Any]:
    month = clock.local_day(clock.now(), actor.zone).replace(day=1)
    staff = actor.may(Permission.PROPOSAL_REVIEW)
    mine = _p.c.supervisor_id.is_not(None) if staff else _p.c.supervisor_id == actor.account_id
    found = select(func.count(), func.count().filter(mine)).where(
        visible_to(actor), _p.c.state.in_(ON_FILE), _p.c.is_key, _p.c.supervised_month == month
    )
    all_, own = conn.execute(found).one()
    return {
        "supervised": _counted(all_, _PROPOSALS, scope=ProposalScope.FILED, is_key="true", month=month),
        "mine": _counted(own, _PROPOSALS, scope=ProposalScope.SUPERVISED, month=month),
    }
