"""Rating (评价) by every signer, on attitude and on result: after the reply, and again after what it promised."""

from typing import Any

from sqlalchemy import Connection, Row, select
from sqlmodel import Session

from app.auth.actor import Actor
from app.casefiles import steps
from app.core import clock
from app.core.errors import Conflict, FieldError, Invalid, NotFound
from app.core.sql import insert, table
from app.duty import service as duty
from app.notifications.kinds import NoticeKind
from app.proposals.assignments.lifecycle import GRADE_LABELS
from app.proposals.assignments.models import (
    ProposalCommitment,
    ProposalDeadline,
    ProposalRating,
    ProposalReply,
)
from app.proposals.assignments.rules import DeadlineKind
from app.proposals.handling.deadlines import meet, of_proposal
from app.proposals.handling.queries import assignments, deadlines
from app.proposals.handling.schemas import HandlingOut, RatingIn
from app.proposals.lifecycle import LABELS, ProposalState
from app.proposals.models import Proposal, ProposalSigner
from app.proposals.news import called
from app.proposals.steps import add_step, announce, tell_staff, tell_units, units_of
from app.proposals.text import lock

_r, _s, _g = table(ProposalReply), table(ProposalSigner), table(ProposalRating)

_STAGE_KINDS = {1: DeadlineKind.RATE, 2: DeadlineKind.RATE_AGAIN}


def rate(db: Session, actor: Actor, proposal_id: int, reply_id: int, said: RatingIn) -> HandlingOut:
    """Rate a reply, or rate it again while that is open; when nobody is left to rate, the proposal is rated.

    The same rating once more changes nothing.
    """
    row = lock(db, actor, proposal_id)
    conn = db.connection()
    mine = select(_s.c.seat_id, _s.c.role).where(
        _s.c.proposal_id == proposal_id, _s.c.seat_id.in_(actor.seat_ids), _s.c.state == "accepted"
    )
    signer = conn.execute(mine).first()
    sent = select(_r).where(
        _r.c.id == reply_id, _r.c.proposal_id == proposal_id, _r.c.replied_at.is_not(None)
    )
    reply = conn.execute(sent).one_or_none()
    if signer is None or reply is None or reply.result_class is None:
        raise NotFound
    key = {"reply_id": reply_id, "stage": said.stage, "seat_id": signer.seat_id}
    values = said.model_dump(exclude={"stage"})
    if _stands(conn, key, values):  # sent again by a phone that did not hear the answer
        return assignments.handling(conn, actor, proposal_id)
    if said.complains and not (said.remark or said.private_remark):
        detail = "您评为“不满意”，请写明原因，以便研究是否重新办理。"
        raise Invalid(errors=[FieldError(field="body.remark", code="missing", detail=detail)])
    _require_open(db, actor, row, reply, said.stage)
    values |= {"rated_at": clock.now()}
    conn.execute(
        insert(conn, _g)
        .values(key | values | {"proposal_id": proposal_id})
        .on_conflict_do_update(index_elements=list(key), set_=values)
    )
    if actor.seat_id is not None:  # after the last day it is no duty any more
        subject = ("proposal", proposal_id)
        duty.record(db, actor.seat_id, "proposal.rated", subject, role=signer.role, by=actor.account_id)
    target = ProposalState(row.state)
    kind = _STAGE_KINDS[said.stage]
    if not deadlines.yet_to_rate(conn, proposal_id, kind):
        meet(db, actor, [kind], of_proposal(proposal_id))
        # units hear that all have rated, not who did what
        when = "现在" if row.state == ProposalState.CLOSED else "办结后"
        news = f"提案{called(row.title)}的提案人、联名人都已评价，{when}可以查看"
        tell_units(db, row, units_of(conn, proposal_id, "replied"), NoticeKind.PROPOSAL_RATED, news)
        if target is ProposalState.REPLIED:
            target = ProposalState.RATED
            steps.move(db, table(Proposal), row, target)
    attitude, result = GRADE_LABELS[said.attitude], GRADE_LABELS[said.result]
    add_step(db, actor, row, "rate", target, attitude=attitude, result=result, stage=said.stage)
    announce(db, row, "proposal.rate", target)
    if said.complains:
        why = said.private_remark or said.remark
        news = f"提案人评价了提案{called(row.title)}：态度{attitude}，结果{result}"
        tell_staff(db, row, NoticeKind.PROPOSAL_RATED, f"{news}，请研究是否重新办理。原因：{why}")
    return assignments.handling(conn, actor, proposal_id)


def _stands(conn: Connection, key: dict[str, Any], values: dict[str, Any]) -> bool:
    """Whether this very rating has been given."""
    given = select(*(_g.c[name] for name in values)).where(*(_g.c[name] == key[name] for name in key))
    row = conn.execute(given).mappings().one_or_none()
    return row is not None and dict(row) == values


def _require_open(db: Session, actor: Actor, row: Row[Any], reply: Row[Any], stage: int) -> None:
    if stage == 1:
        if row.state not in {ProposalState.REPLIED, ProposalState.RATED} or reply.round != row.round:
            raise Conflict(
                f"当前状态为“{LABELS[ProposalState(row.state)]}”，现在不能评价。",
                code="rating_closed",
                state=row.state,
            )
        return
    conn, today = db.connection(), clock.local_day(clock.now(), actor.zone)
    c, d = table(ProposalCommitment), table(ProposalDeadline)
    promised = conn.execute(select(c.c.state).where(c.c.reply_id == reply.id)).one_or_none()
    span = conn.execute(
        select(d.c.starts_on, d.c.due_on)
        .where(d.c.proposal_id == row.id, d.c.kind == DeadlineKind.RATE_AGAIN, d.c.lifted_on.is_(None))
        .order_by(d.c.id.desc())
        .limit(1)
    ).one_or_none()
    if promised is None or span is None or (promised.state == "open" and today < span.starts_on):
        raise Conflict("承诺兑现后，或答复满半年后，才能再次评价。", code="rating_closed", state=row.state)
    if span.due_on < today:
        raise Conflict("再次评价的期限已过。", code="rating_closed", state=row.state)
