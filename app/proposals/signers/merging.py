"""Merging (并案): all who signed one proposal sign the other, keep their track and share its credit."""

from typing import Any

from sqlalchemy import Row, delete, select
from sqlmodel import Session

from app.auth.actor import Actor
from app.core import clock
from app.core.errors import Conflict, NotFound
from app.core.sql import insert, table
from app.duty import service as duty
from app.notifications.kinds import NoticeKind
from app.proposals import queries
from app.proposals.assignments.models import ProposalRating
from app.proposals.lifecycle import LABELS, ON_FILE, UNDER_REVIEW, ProposalState
from app.proposals.models import Proposal, ProposalSigner
from app.proposals.news import called
from app.proposals.steps import add_step, announce, credit, tell_signers

_p, _s, _g = table(Proposal), table(ProposalSigner), table(ProposalRating)


def merge(db: Session, actor: Actor, row: Row[Any], into_id: int | None) -> int:
    """Bring those who signed `row` into another proposal of the term that is under review or on file."""
    conn, now = db.connection(), clock.now()
    held = select(_p).where(_p.c.id == into_id, queries.visible_to(actor)).with_for_update()
    into = conn.execute(held).one_or_none()
    if into is None or into.id == row.id or into.term_id != row.term_id:
        raise NotFound("没有这件可以并入的提案。")
    if into.state not in UNDER_REVIEW | ON_FILE or into.state == ProposalState.CLOSED:
        raise Conflict(
            f"要并入的提案当前状态为“{LABELS[ProposalState(into.state)]}”，不能并案。",
            code="bad_merge",
            state=into.state,
        )
    came = select(_s.c.seat_id).where(_s.c.proposal_id == row.id, _s.c.state == "accepted")
    for seat_id in conn.scalars(came.order_by(_s.c.seat_id)).all():
        signer = {
            "proposal_id": into.id,
            "seat_id": seat_id,
            "role": "participant",
            "state": "accepted",
            "invited_at": now,
            "answered_at": now,
            "signed_version": into.version,
            "merged_from_id": row.id,
        }
        came_along = {
            name: signer[name] for name in ("state", "answered_at", "signed_version", "merged_from_id")
        }
        conn.execute(
            insert(conn, _s)
            .values(signer)
            .on_conflict_do_update(
                index_elements=["proposal_id", "seat_id"], set_=came_along, where=_s.c.state != "accepted"
            )
        )
    for kind, done in (
        ("proposal.filed", into.filed_at is not None),
        ("proposal.marked_key", into.is_key),
        ("proposal.commended", into.is_commended),
    ):
        if done:
            credit(db, actor, into.id, kind)
    add_step(db, actor, into, "merge_in", into.state, merged_from_id=row.id, title=row.title)
    announce(db, into, "proposal.merge_in", into.state)
    tell_signers(
        db,
        actor,
        into,
        NoticeKind.PROPOSAL_MERGE_IN,
        f"提案{called(row.title)}并入您的提案{called(into.title)}",
    )
    return int(into.id)


def unmerge(db: Session, actor: Actor, row: Row[Any], reason: str) -> None:
    """Take those who came along with `row`, and their ratings, out of the proposal into which it was merged."""
    conn, into_id = db.connection(), row.merged_into_id
    into = conn.execute(select(_p).where(_p.c.id == into_id).with_for_update()).one()
    if into.state == ProposalState.MERGED:
        raise Conflict(
            "它并入的提案又并入了另一件，请先撤销那一次并案。", code="not_undoable", state=row.state
        )
    gone = delete(_s).where(_s.c.proposal_id == into_id, _s.c.merged_from_id == row.id)
    for seat_id in sorted(conn.scalars(gone.returning(_s.c.seat_id))):
        conn.execute(delete(_g).where(_g.c.proposal_id == into_id, _g.c.seat_id == seat_id))
        duty.void(db, ("proposal", into_id), reason, actor.account_id, seat_id=seat_id)
    add_step(db, actor, into, "merge_out", into.state, merged_from_id=row.id, title=row.title)
    announce(db, into, "proposal.merge_out", into.state)
