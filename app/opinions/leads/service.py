"""Verbs of leads: hand one in, with an account or without; make it a report or decline it; erase contacts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth import strangers
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.sessions import attempts
from app.auth.strangers import BY_ADDRESS, BY_ASKER
from app.casefiles import steps
from app.core import clock, live
from app.core.db import Database, reads
from app.core.errors import Invalid, NotFound
from app.core.organization_settings import any_of
from app.core.sql import table
from app.duty import service as duty
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify
from app.opinions.leads import queries
from app.opinions.leads.lifecycle import (
    BY_ORGANIZATION,
    LEAD_LIFECYCLE,
    SOURCE_OF,
    LeadAction,
    LeadState,
    Source,
)
from app.opinions.leads.queries import takes_leads
from app.opinions.leads.schemas import LeadIn, LeadOut, LeadTransitionIn, PublicLeadIn, ReceiptOut
from app.opinions.lifecycle import TAKEN_IN, OpinionKind
from app.opinions.models import Lead
from app.opinions.schemas import OpinionIn
from app.opinions.text import begin_on_desk
from app.people.models import Organization

_l = table(Lead)

#: How much of a lead becomes the title of its report when staff give none.
_TITLE_LENGTH = 40


def hand_in_publicly(db: Session, address: str, new: PublicLeadIn) -> ReceiptOut:
    """Take a lead from a citizen at an address; `TooMany` beyond the limits."""
    o = table(Organization)
    place = select(o.c.id).where(o.c.id == new.organization_id, takes_leads(db.connection()))
    if db.connection().scalar(place) is None:
        raise NotFound("没有这个政协组织，或它还没有人接收线索。", code="unknown_organization")
    said = "提交的线索较多，请稍后再试。"
    strangers.limit(db, "lead", attempts.of_address(address), BY_ADDRESS, said)
    strangers.limit(db, "lead", f"organization:{new.organization_id}", BY_ORGANIZATION, said)
    code = strangers.new_code()
    lead = receive(db, Lead(**new.model_dump(), source=Source.CITIZEN, code=code, created_at=clock.now()))
    return ReceiptOut(code=strangers.printed(code), received_at=lead.created_at)


def look_up(database: Database, address: str, code: str) -> dict[str, Any]:
    """What became of the lead with a receipt code; `TooMany` for those who ask all the time, `NotFound` for none.

    Asking is counted in its own transaction, so that a wrong code is no free guess.
    """
    with database.transaction() as db:
        who = attempts.of_address(address)
        strangers.limit(db, "lead-state", who, BY_ASKER, "查询过于频繁，请稍后再试。")
    with database.read.connect() as conn:
        return queries.state_of(conn, code)


def hand_in(db: Session, actor: Actor, new: LeadIn) -> LeadOut:
    """Take a lead from somebody with an account."""
    source = next(source for role, source in SOURCE_OF.items() if role in actor.roles)
    lead = receive(
        db,
        Lead(
            organization_id=actor.organization_id,
            source=source,
            account_id=actor.account_id,
            seat_id=actor.seat_id,
            body=new.body,
            created_at=clock.now(),
        ),
    )
    return out(db, actor, lead.id or 0)


def receive(db: Session, lead: Lead) -> Lead:
    """Keep a lead and tell the desk."""
    db.add(lead)
    db.flush()
    assert lead.id is not None  # noqa: S101 - flushed
    _announce(db, lead.organization_id, lead.id, lead.state)
    return lead


def _announce(db: Session, organization_id: int, lead_id: int, state: str) -> None:
    live.emit(
        db, organization_id, "leads", "lead.changed", subject=("lead", lead_id), id=lead_id, state=state
    )


def out(db: Session, actor: Actor, lead_id: int) -> LeadOut:
    """The lead as the actor sees it after a verb, with the contact masked: that is read by itself, and audited."""
    return LeadOut.model_validate(queries.read(db.connection(), actor, lead_id, whole=False))


def read(db: Session, actor: Actor, lead_id: int) -> LeadOut:
    """One lead; that staff saw whom to call is in the audit log."""
    with reads(db).connect() as conn:
        found = LeadOut.model_validate(queries.read(conn, actor, lead_id))
    if found.contact and actor.may(Permission.OPINION_EDIT):
        audit(db, actor, "lead.contact_seen", ("lead", lead_id))
    return found


def transition(db: Session, actor: Actor, lead_id: int, wanted: LeadTransitionIn) -> LeadOut:
    """Make a report of a lead, decline it, or open it again."""
    row = _lock(db, actor, lead_id)
    step = LEAD_LIFECYCLE.take(
        LeadState(row.state), wanted.action, wanted.reason, actor.permissions, author=False
    )
    if wanted.title is not None and wanted.action is not LeadAction.USE:
        raise Invalid("此操作不需要标题。", code="extra_forbidden")
    changes: dict[str, Any] = {"reason": None, "decided_at": clock.now(), "decided_by": actor.account_id}
    match wanted.action:
        case LeadAction.USE:
            changes["report_id"] = _make_report(db, actor, row, wanted.title)
        case LeadAction.DECLINE:
            changes["reason"] = wanted.reason
        case LeadAction.REOPEN:
            changes |= {"decided_at": None, "decided_by": None}
    steps.move(db, _l, row, step.target, **changes)
    _announce(db, row.organization_id, lead_id, step.target)
    news = {
        LeadAction.USE: "您提供的线索已转为社情民意信息",
        LeadAction.DECLINE: f"您提供的线索未采用：{wanted.reason}",
        LeadAction.REOPEN: "您提供的线索重新受理",
    }
    told = {row.account_id} - {None, actor.account_id}
    notify(
        db,
        row.organization_id,
        told,
        NoticeKind.of(f"lead.{wanted.action}"),
        news[wanted.action],
        ("lead", lead_id),
    )
    detail = {"from": row.state, "to": step.target, "report_id": changes.get("report_id")}
    audit(db, actor, f"lead.{wanted.action}", ("lead", lead_id), **detail)
    return out(db, actor, lead_id)


def _lock(db: Session, actor: Actor, lead_id: int) -> Row[Any]:
    return steps.lock(db, select(_l).where(_l.c.id == lead_id, queries.visible_to(actor)))


def _make_report(db: Session, actor: Actor, row: Row[Any], title: str | None) -> int:
    """A report in the hands of the editors; a member who handed the lead in is its author and gets the credit."""
    first_line = " ".join(row.body.splitlines()[0].split())
    text = OpinionIn(title=title or first_line[:_TITLE_LENGTH], body=row.body)
    author: dict[str, int] = {"account_id": row.account_id, "seat_id": row.seat_id} if row.seat_id else {}
    report_id = begin_on_desk(db, actor, text, OpinionKind.LEAD, TAKEN_IN, **author)
    if row.seat_id:
        duty.record(db, row.seat_id, "opinion.submitted", ("opinion_report", report_id), by=actor.account_id)
    return report_id


def forget_contacts(db: Session, days: Mapping[int, int]) -> int:
    """Erase the names and contacts that citizens left longer ago than the `days` of the organization; how many."""
    old = {of: _l.c.created_at < clock.now() - timedelta(days=kept) for of, kept in days.items()}
    over = any_of(_l.c.organization_id, old)
    left = _l.c.name.is_not(None) | _l.c.contact.is_not(None) | _l.c.handed_in_by.is_not(None)
    erased = update(_l).where(over, left).values(name=None, contact=None, handed_in_by=None)
    return db.connection().execute(erased).rowcount
