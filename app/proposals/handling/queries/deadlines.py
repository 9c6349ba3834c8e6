"""Reads of deadlines: those of one proposal, what is due across the organization, and who has yet to rate."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, literal, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock
from app.core.paging import PageRows, after, before, decode_cursor, page
from app.core.sql import table
from app.people.models import Unit
from app.proposals.assignments.lifecycle import ANSWERING, GONE
from app.proposals.assignments.models import (
    ProposalAssignment,
    ProposalDeadline,
    ProposalRating,
    ProposalReply,
)
from app.proposals.assignments.rules import DEADLINE_LABELS, OPTIONAL, DeadlineKind
from app.proposals.models import Proposal, ProposalSigner, ProposalWindow
from app.proposals.queries import visible_to
from app.workdays.queries import calendar
from app.workdays.rules import Calendar, workdays_between

_p, _d, _a, _u = table(Proposal), table(ProposalDeadline), table(ProposalAssignment), table(Unit)
_r, _g, _s = table(ProposalReply), table(ProposalRating), table(ProposalSigner)
_w = table(ProposalWindow)


class DeadlineStanding(StrEnum):
    """Where a deadline stands: ahead, gone by without being met, met, lifted; or gone by where nobody had to."""

    OPEN = "open"
    OVERDUE = "overdue"
    LAPSED = "lapsed"
    MET = "met"
    LIFTED = "lifted"


STANDING_LABELS = {
    DeadlineStanding.OPEN: "进行中",
    DeadlineStanding.OVERDUE: "已超期",
    DeadlineStanding.LAPSED: "期限已过",
    DeadlineStanding.MET: "已完成",
    DeadlineStanding.LIFTED: "已解除",
}


def _deadlines() -> Select[Any]:
    names = (
        "id",
        "proposal_id",
        "assignment_id",
        "kind",
        "starts_on",
        "due_on",
        "how",
        "met_on",
        "lifted_on",
    )
    return select(*(_d.c[name] for name in names), _a.c.unit_id, _u.c.name.label("unit_name")).select_from(
        _d.join(_p, _p.c.id == _d.c.proposal_id)
        .outerjoin(_a, _a.c.id == _d.c.assignment_id)
        .outerjoin(_u, _u.c.id == _a.c.unit_id)
    )


_OF_PROPOSAL = _deadlines().where(_d.c.proposal_id == bindparam("proposal_id")).order_by(_d.c.id)


def standing(row: dict[str, Any], today: date) -> DeadlineStanding:
    """Where a deadline stands on a local day."""
    if row["lifted_on"]:
        return DeadlineStanding.LIFTED
    if row["met_on"]:
        return DeadlineStanding.MET
    if row["due_on"] >= today:
        return DeadlineStanding.OPEN
    return DeadlineStanding.LAPSED if row["kind"] in OPTIONAL else DeadlineStanding.OVERDUE


def _labelled(conn: Connection, actor: Actor, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    today = clock.local_day(clock.now(), actor.zone)
    days = calendar(conn, actor.organization_id) if rows else Calendar()
    for row in rows:
        row["kind_label"] = DEADLINE_LABELS[row["kind"]]
        row["state"] = standing(row, today)
        row["state_label"] = STANDING_LABELS[row["state"]]
        row["is_late"] = bool(row["met_on"] and row["met_on"] > row["due_on"])
        going_on = row["state"] in {DeadlineStanding.OPEN, DeadlineStanding.OVERDUE}
        row["workdays_left"] = workdays_between(days, today, row["due_on"]) if going_on else None
    return rows


def of_proposal(conn: Connection, actor: Actor, proposal_id: int) -> list[dict[str, Any]]:
    """The deadlines of a proposal that the actor may see, oldest first."""
    rows = conn.execute(_OF_PROPOSAL, {"proposal_id": proposal_id}).mappings()
    return _labelled(conn, actor, [dict(row) for row in rows])


def standing_is(wanted: DeadlineStanding, today: date) -> ColumnElement[bool]:
    """Deadlines that stand so on a local day."""
    open_ = and_(_d.c.met_on.is_(None), _d.c.lifted_on.is_(None))
    passed = open_ & (_d.c.due_on < today)
    match wanted:
        case DeadlineStanding.OPEN:
            return open_ & (_d.c.due_on >= today)
        case DeadlineStanding.OVERDUE:
            return passed & _d.c.kind.not_in(OPTIONAL)
        case DeadlineStanding.LAPSED:
            return passed & _d.c.kind.in_(OPTIONAL)
        case DeadlineStanding.MET:
            return _d.c.met_on.is_not(None)
        case DeadlineStanding.LIFTED:
            return _d.c.lifted_on.is_not(None)


def _listed(actor: Actor, state: DeadlineStanding, found: Select[Any]) -> Select[Any]:
    """What is due in the organization and stands so; a unit sees its own."""
    today = clock.local_day(clock.now(), actor.zone)
    found = found.where(
        visible_to(actor), _d.c.organization_id == actor.organization_id, standing_is(state, today)
    )
    return (
        found if actor.may(Permission.PROPOSAL_INSPECT) else found.where(_a.c.unit_id == (actor.unit_id or 0))
    )


def listed(actor: Actor, state: DeadlineStanding) -> Select[int, bool]:
    """One row for each deadline of a standing, with its proposal: all of them are late when they have gone by."""
    return _listed(
        actor,
        state,
        _deadlines().with_only_columns(
            _d.c.proposal_id.label("thing"),
            literal(state is not DeadlineStanding.OPEN).label("late"),
            maintain_column_froms=True,
        ),
    )


def page_of_deadlines(
    conn: Connection,
    actor: Actor,
    state: DeadlineStanding,
    cursor: str | None,
    limit: int,
    *,
    kind: DeadlineKind | None = None,
    unit_id: int | None = None,
) -> PageRows:
    """What is due in the organization, soonest first, what has gone by from the latest; a unit sees its own."""
    whole = _deadlines().add_columns(_p.c.title, _p.c.number, _w.c.name.label("window_name"))
    found = _listed(actor, state, whole.outerjoin(_w, _w.c.id == _p.c.window_id))
    if kind is not None:
        found = found.where(_d.c.kind == kind)
    if unit_id is not None:
        found = found.where(_a.c.unit_id == unit_id)
    columns, ahead = [_d.c.due_on, _d.c.id], state is DeadlineStanding.OPEN
    if cursor:
        found = found.where((after if ahead else before)(columns, decode_cursor(cursor, date, int)))
    ordered = found.order_by(*(c if ahead else c.desc() for c in columns))
    rows = conn.execute(ordered.limit(limit + 1)).mappings()
    return page(_labelled(conn, actor, [dict(r) for r in rows]), limit, ["due_on", "id"])


def yet_to_rate(conn: Connection, proposal_id: int, kind: DeadlineKind) -> list[int]:
    """Seats that signed and have not rated every reply of this round at the stage of `kind`."""
    stage = 1 if kind is DeadlineKind.RATE else 2
    asked = (
        select(_r.c.id)
        .select_from(_r.join(_a, _a.c.id == _r.c.assignment_id).join(_p, _p.c.id == _r.c.proposal_id))
        .where(
            _r.c.proposal_id == proposal_id,
            _r.c.round == _p.c.round,
            _r.c.replied_at.is_not(None),
            _a.c.role.in_(ANSWERING),
            _a.c.state.not_in(GONE),
        )
    )
    if stage > 1:
        asked = asked.where(_r.c.commitment.is_not(None))
    replies = list(conn.scalars(asked))
    rated = (
        select(func.count())
        .where(_g.c.reply_id.in_(replies), _g.c.stage == stage, _g.c.seat_id == _s.c.seat_id)
        .scalar_subquery()
    )
    left = select(_s.c.seat_id).where(
        _s.c.proposal_id == proposal_id, _s.c.state == "accepted", rated < len(replies)
    )
    return list(conn.scalars(left))
