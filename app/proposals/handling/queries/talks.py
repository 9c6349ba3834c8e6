"""Reads of talks: those of a proposal, with what the reader may say of each, and those that are in dispute."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select

from app.auth.actor import Actor
from app.core.sql import AnyRow, table
from app.people.models import Unit
from app.proposals.assignments.models import ProposalAssignment, ProposalConsultation
from app.proposals.lifecycle import ENDS
from app.proposals.talks.lifecycle import (
    FORM_LABELS,
    NOT_COUNTED,
    PHASE_LABELS,
    PHASES,
    TALK,
    TALK_LABELS,
    Phase,
    Talk,
)
from app.proposals.talks.schemas import ConsultationIn

_c, _a, _u = table(ProposalConsultation), table(ProposalAssignment), table(Unit)
_NAMES = (
    "id",
    "assignment_id",
    "phase",
    "form",
    "held_on",
    "minutes",
    "at",
    "round",
    "state",
    "answer",
    "ruling",
)
_joined = _c.join(_a, _a.c.id == _c.c.assignment_id).join(_u, _u.c.id == _a.c.unit_id)


_TALKS = (
    select(*(_c.c[name] for name in _NAMES), _u.c.name.label("unit_name"))
    .select_from(_joined)
    .where(_c.c.proposal_id == bindparam("proposal_id"))
    .order_by(_c.c.held_on, _c.c.id)
)


def counted() -> ColumnElement[bool]:
    """Talks that count: what the author disputes does not until it is settled."""
    return _c.c.state.not_in(NOT_COUNTED)


def of_proposal(
    conn: Connection, actor: Actor, proposal_id: int, state: str, *, author: bool
) -> list[dict[str, Any]]:
    """The talks about a proposal, by the day."""
    rows = [dict(row) for row in conn.execute(_TALKS, {"proposal_id": proposal_id}).mappings()]
    return [_labelled(row, actor, state, author=author) for row in rows]


def _labelled(row: dict[str, Any], actor: Actor, state: str, *, author: bool) -> dict[str, Any]:
    open_to = [] if state in ENDS else TALK.open_to(Talk(row["state"]), actor.permissions, author=author)
    return row | {
        "phase_label": PHASE_LABELS[row["phase"]],
        "form_label": FORM_LABELS[row["form"]],
        "state_label": TALK_LABELS[row["state"]],
        "counts": row["state"] not in NOT_COUNTED,
        "actions": [
            {"action": t.action, "action_label": t.label, "needs_reason": t.needs_reason} for t in open_to
        ],
    }


def one(conn: Connection, proposal_id: int, talk_id: int) -> AnyRow | None:
    """A talk about a proposal, with its unit."""
    found = select(_c, _a.c.unit_id, _u.c.name.label("unit_name")).select_from(_joined)
    return conn.execute(found.where(_c.c.id == talk_id, _c.c.proposal_id == proposal_id)).one_or_none()


def disputed(conn: Connection, proposal_id: int) -> AnyRow | None:
    """The oldest talk about a proposal that is in dispute."""
    found = select(_c.c.held_on, _u.c.name.label("unit_name")).select_from(_joined)
    found = found.where(_c.c.proposal_id == proposal_id, _c.c.state == Talk.DISPUTED)
    return conn.execute(found.order_by(_c.c.id).limit(1)).one_or_none()


def any_counted(conn: Connection, assignment_id: int) -> bool:
    """Whether a unit has a talk that counts."""
    found = select(_c.c.id).where(_c.c.assignment_id == assignment_id, counted())
    return conn.scalar(found.limit(1)) is not None


def out_of_order(conn: Connection, assignment_id: int, round_: int, said: ConsultationIn) -> Phase | None:
    """The phase of a talk of the round before or after which one of `said.phase` cannot have been."""
    held = select(_c.c.held_on, _c.c.phase).where(
        _c.c.assignment_id == assignment_id, _c.c.round == round_, _c.c.state != Talk.UPHELD
    )
    place = PHASES.index(said.phase)
    for held_on, phase in conn.execute(held):
        other = PHASES.index(phase)
        if (held_on <= said.held_on and other > place) or (held_on > said.held_on and other < place):
            return PHASES[other]
    return None
