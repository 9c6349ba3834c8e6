"""Reads of ratings: what signers said of the replies to a proposal, and which replies wait for the actor's."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Date, Select, bindparam, literal, or_, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock
from app.core.sql import Id, table
from app.people.queries import author_columns, join_author
from app.proposals.assignments.lifecycle import ANSWERING, GONE, GRADE_LABELS
from app.proposals.assignments.models import (
    ProposalAssignment,
    ProposalCommitment,
    ProposalDeadline,
    ProposalRating,
    ProposalReply,
)
from app.proposals.assignments.rules import DeadlineKind
from app.proposals.lifecycle import ProposalState
from app.proposals.models import Proposal, ProposalSigner
from app.proposals.settings.schemas import ProposalRules

_p, _s, _a, _r = table(Proposal), table(ProposalSigner), table(ProposalAssignment), table(ProposalReply)
_g, _c, _d = table(ProposalRating), table(ProposalCommitment), table(ProposalDeadline)

_ANSWERED = (ProposalState.REPLIED, ProposalState.RATED, ProposalState.CLOSED)


#: What tells who rated.
_WHO = ("seat_id", "name", "post", "post_label", "sector", "rated_at")
#: A sum of fewer ratings would say who gave which.
FEWEST = 2
_NO_GRADES: dict[str, Any] = {"attitude": None, "result": None}


def is_protected(actor: Actor, *, handles: bool) -> bool:
    """Whether raters are protected from the reader: from a unit that handles the proposal."""
    return handles and not actor.may(Permission.PROPOSAL_INSPECT)


_GIVEN = ("reply_id", "stage", "seat_id", "attitude", "result", "remark", "private_remark", "rated_at")
_RATINGS = (
    select(*(_g.c[name] for name in _GIVEN), *author_columns(""))
    .select_from(join_author(_g, _g.c.seat_id))
    .where(_g.c.proposal_id == bindparam("proposal_id"))
    .order_by(_g.c.rated_at, _g.c.seat_id)
)


def of_proposal(conn: Connection, proposal_id: int) -> list[dict[str, Any]]:
    """All ratings of a proposal, oldest first, as nobody is shown them."""
    return [dict(row) for row in conn.execute(_RATINGS, {"proposal_id": proposal_id}).mappings()]


def shown_to(
    conn: Connection, actor: Actor, ratings: list[dict[str, Any]], state: str, *, protected: bool
) -> list[dict[str, Any]]:
    """The ratings as the actor reads them; a private remark is between the signer and the secretariat.

    Who is `protected` against reads them when the proposal is closed, without names where the organization says so.
    """
    staff = actor.may(Permission.PROPOSAL_REVIEW)
    rows = [
        row
        | {"attitude_label": GRADE_LABELS[row["attitude"]], "result_label": GRADE_LABELS[row["result"]]}
        | ({} if staff or row["seat_id"] in actor.seat_ids else {"private_remark": None})
        for row in ratings
    ]
    if not (protected and rows):
        return rows
    own = [row for row in rows if row["seat_id"] in actor.seat_ids]
    others = [row for row in rows if row not in own and state == ProposalState.CLOSED]
    if ProposalRules.of(conn, actor.organization_id).hide_raters:
        others = [row | dict.fromkeys(_WHO) for row in others]
        others.sort(key=lambda row: (row["reply_id"], row["stage"], row["attitude"], row["result"]))
    return own + others


def sums(ratings: list[dict[str, Any]], state: str, *, protected: bool) -> list[dict[str, Any]]:
    """How many gave each grade, for each reply and stage; for who is `protected` against not of a single rating."""
    found: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for row in sorted(ratings, key=lambda row: (row["reply_id"], row["stage"])):
        found.setdefault((row["reply_id"], row["stage"]), []).append(row)
    hidden = protected and state != ProposalState.CLOSED
    return [
        {
            "reply_id": reply_id,
            "stage": stage,
            "raters": len(rows),
            **(_NO_GRADES if hidden and len(rows) < FEWEST else _grades(rows)),
        }
        for (reply_id, stage), rows in found.items()
    ]


def _grades(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        what: {grade: sum(row[what] == grade for row in rows) for grade in GRADE_LABELS}
        for what in ("attitude", "result")
    }


def to_rate(conn: Connection, actor: Actor, proposal_id: int, stage: int) -> list[int]:
    """Replies to a proposal that wait for the actor's rating, oldest first."""
    if not actor.seat_ids:
        return []
    today = clock.local_day(clock.now(), actor.zone)
    seat_ids = sorted(actor.seat_ids)
    given = {"proposal_id": proposal_id, "seat_ids": seat_ids, "today": today}
    return list(conn.scalars(_TO_RATE[stage], given))


def waiting(actor: Actor, stage: int) -> Select[int]:
    """Replies that wait for the actor's rating; inside a query of proposals: those to its proposals."""
    return _waiting(actor.seat_ids, literal(clock.local_day(clock.now(), actor.zone)), stage)


def _waiting(
    seat_ids: Collection[int] | BindParameter[Any], today: ColumnElement[date], stage: int
) -> Select[int]:
    signed = (_s.c.proposal_id == _p.c.id) & _s.c.seat_id.in_(seat_ids) & (_s.c.state == "accepted")
    rated = (_g.c.reply_id == _r.c.id) & (_g.c.stage == stage) & _g.c.seat_id.in_(seat_ids)
    found = (
        select(_r.c.id)
        .select_from(_r.join(_a, _a.c.id == _r.c.assignment_id))
        .where(
            _r.c.proposal_id == _p.c.id,
            _r.c.round == _p.c.round,
            _r.c.replied_at.is_not(None),
            _a.c.role.in_(ANSWERING),
            _a.c.state.not_in(GONE),
            select(_s.c.seat_id).where(signed).exists(),
            ~select(_g.c.seat_id).where(rated).exists(),
        )
    )
    if stage == 1:
        return found.where(_p.c.state == ProposalState.REPLIED)
    promised = (
        select(_c.c.id)
        .join(_d, _d.c.proposal_id == _c.c.proposal_id)
        .where(
            _c.c.reply_id == _r.c.id,
            _d.c.kind == DeadlineKind.RATE_AGAIN,
            _d.c.lifted_on.is_(None),
            _d.c.due_on >= today,
            or_(_c.c.state != "open", _d.c.starts_on <= today),
        )
    )
    return found.where(_p.c.state.in_(_ANSWERED), promised.exists())


_TO_RATE = {
    stage: (
        _waiting(bindparam("seat_ids", type_=Id, expanding=True), bindparam("today", type_=Date()), stage)
        .where(_p.c.id == bindparam("proposal_id"))
        .order_by(_r.c.id)
    )
    for stage in (1, 2)
}
