"""The verb of entering: a proposal on paper becomes its author's, submitted on the day it was handed in."""

from typing import Any, cast

from sqlalchemy import Row, insert, select
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.casefiles import steps
from app.core import clock
from app.core.errors import Conflict, FieldError, Invalid
from app.core.sql import table
from app.duty import domain_events
from app.files import service as files
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify
from app.people.bodies.queries import accounts_acting_for
from app.people.paper import queries as paper
from app.proposals import rules
from app.proposals.entry.schemas import EntryIn
from app.proposals.form import service as form
from app.proposals.form.queries import period_on
from app.proposals.lifecycle import ProposalState
from app.proposals.models import Proposal, ProposalSigner
from app.proposals.news import called
from app.proposals.rules import ProposalKind
from app.proposals.schemas import ProposalIn, ProposalOut
from app.proposals.steps import add_step, announce, credit
from app.proposals.text import begin, out
from app.proposals.windows.queries import open_window

_p, _s = table(Proposal), table(ProposalSigner)


def enter(db: Session, actor: Actor, new: EntryIn) -> ProposalOut:
    """Enter a proposal for its author, who is told of it and sees it as theirs; the paper stands for the signatures."""
    conn, day = db.connection(), new.handed_in_on
    at = paper.moment(actor, day)
    body_id = new.body_id if new.kind is ProposalKind.COLLECTIVE else None
    if (
        new.kind is ProposalKind.COLLECTIVE and body_id is None
    ):  # before its author, who may be the body's head
        raise Invalid(errors=[rules.NO_BODY])
    author = paper.author(conn, actor, day, seat_id=new.seat_id, body_id=body_id)
    cosigners = _cosigners(db, actor, new, author.seat_id)
    if found := rules.faults(cast("rules.Written", new), cosigners=len(cosigners)):
        raise Invalid("提案还不完整，暂时不能提交。", code="incomplete", errors=found)
    text = ProposalIn.model_validate(new.model_dump(include=set(ProposalIn.model_fields)))
    form.check(db, actor, text, speaks=False)
    window_id = open_window(conn, actor.organization_id, author.term_id, at)
    if window_id is None:
        raise Conflict("收到材料的那一天不在提案征集期内。", code="window_closed", state=ProposalState.DRAFT)
    by = new.handed_in_by or author.name
    proposal_id = begin(
        db,
        actor,
        text,
        (author.account_id, author.seat_id),
        entered_by=actor.account_id,
        handed_in_by=by,
        handed_in_on=day,
    )
    _sign(db, proposal_id, cosigners, sorted(new.attachment_keys))
    files.attach(db, actor, new.attachment_keys, ("proposal", proposal_id))
    row = conn.execute(select(_p).where(_p.c.id == proposal_id)).one()
    period = period_on(conn, row.organization_id, day, actor.zone)
    first = {"submitted_at": at, "submitted_version": 1, "window_id": window_id, "period": period}
    steps.move(db, _p, row, ProposalState.SUBMITTED, **first)
    said: dict[str, Any] = {
        "handed_in_by": by,
        "handed_in_on": str(day),
        "window_id": window_id,
        "version": 1,
    }
    add_step(db, actor, row, "enter", ProposalState.SUBMITTED, **said)
    credit(db, actor, proposal_id, "proposal.submitted", at=at)
    subject = ("proposal", proposal_id)
    domain_events.publish(db, "proposal.submitted", row.organization_id, subject, by=actor.account_id)
    announce(db, row, "proposal.submit", ProposalState.SUBMITTED)
    accounts = {
        author.account_id,
        *(one.account_id for one in cosigners),
        *accounts_acting_for(conn, body_id),
    }
    news = f"机关已代您录入{day.month}月{day.day}日收到的纸质提案{called(row.title)}"
    notify(db, row.organization_id, accounts, NoticeKind.PROPOSAL_ENTERED, news, subject)
    audit(db, actor, "proposal.entered", subject, seat_id=author.seat_id, body_id=body_id, day=str(day))
    return out(db, actor, proposal_id)


def _cosigners(db: Session, actor: Actor, new: EntryIn, author_id: int) -> list[Row[Any]]:
    wanted = set(new.cosigner_ids)
    found = paper.seats(db.connection(), actor, new.handed_in_on, sorted(wanted))
    if len(found) != len(wanted) or author_id in wanted:
        detail = "署名的应是当天在任的其他委员，请重新选择。"
        raise Invalid(errors=[FieldError(field="cosigner_ids", code="unknown_seat", detail=detail)])
    if wanted and new.kind not in rules.NAMES_OTHERS:
        detail = "个人提案没有其他署名人。"
        raise Invalid(errors=[FieldError(field="cosigner_ids", code="not_joint", detail=detail)])
    return found


def _sign(db: Session, proposal_id: int, cosigners: list[Row[Any]], files_signed: list[str]) -> None:
    now = clock.now()
    signed = {"role": "participant", "state": "accepted", "invited_at": now, "answered_at": now}
    rows = [
        signed
        | {"proposal_id": proposal_id, "seat_id": one.seat_id}
        | {"signed_version": 1, "signed_files": files_signed}
        for one in cosigners
    ]
    if rows:
        db.execute(insert(_s), rows)
