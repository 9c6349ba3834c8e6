"""Verbs of entering: a report on paper becomes its author's, a lead somebody's who has no account here."""

from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.strangers import new_code
from app.core.errors import FieldError, Invalid
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify
from app.opinions import text as opinion_text
from app.opinions.entry import received
from app.opinions.entry.schemas import LeadEntryIn, ReportEntryIn
from app.opinions.leads import service
from app.opinions.leads.lifecycle import Source
from app.opinions.leads.schemas import LeadOut
from app.opinions.lifecycle import ENTERED
from app.opinions.models import Lead
from app.opinions.schemas import OpinionOut
from app.people.paper import queries as paper


def enter_report(db: Session, actor: Actor, new: ReportEntryIn) -> OpinionOut:
    """Enter a report for its author, who is told of it and sees it as theirs."""
    conn, day = db.connection(), new.handed_in_on
    at = paper.moment(actor, day)
    author = paper.author(conn, actor, day, seat_id=new.seat_id, body_id=new.body_id)
    labels = {"title": ("标题", new.title), "body": ("正文", new.body)}
    if missing := [
        FieldError(field=field, code="missing", detail=f"请填写{label}。")
        for field, (label, text) in labels.items()
        if not text
    ]:
        raise Invalid("信息还不完整。", code="incomplete", errors=missing)
    report_id = received.hand_in(
        db,
        actor.organization_id,
        (author.account_id, author.seat_id),
        new.title,
        new.body,
        actor.account_id,
        action=ENTERED,
        at=at,
        body_id=new.body_id,
        entered_by=actor.account_id,
        handed_in_by=new.handed_in_by or author.name,
        handed_in_on=day,
    )
    subject = ("opinion_report", report_id)
    news = f"机关已代您录入{day.month}月{day.day}日收到的信息《{new.title}》"
    notify(db, actor.organization_id, [author.account_id], NoticeKind.OPINION_ENTERED, news, subject)
    audit(db, actor, "opinion.entered", subject, seat_id=author.seat_id, body_id=new.body_id, day=str(day))
    return opinion_text.out(db, actor, report_id)


def enter_lead(db: Session, actor: Actor, new: LeadEntryIn) -> LeadOut:
    """Enter a lead; a member sees it as theirs, everybody else gets the code of a receipt."""
    at = paper.moment(actor, new.handed_in_on)
    lead = Lead(
        organization_id=actor.organization_id,
        source=new.source,
        body=new.body,
        name=new.name,
        contact=new.contact,
        entered_by=actor.account_id,
        handed_in_by=new.handed_in_by,
        handed_in_on=new.handed_in_on,
        created_at=at,
    )
    if new.source is Source.MEMBER:
        author = paper.author(db.connection(), actor, new.handed_in_on, seat_id=new.seat_id, body_id=None)
        lead.account_id, lead.seat_id = author.account_id, author.seat_id
    else:
        lead.code = new_code()
    lead_id = service.receive(db, lead).id or 0
    if lead.account_id is not None:
        news = "机关已代您录入您提供的线索"
        notify(db, actor.organization_id, [lead.account_id], NoticeKind.LEAD_ENTERED, news, ("lead", lead_id))
    audit(
        db,
        actor,
        "lead.entered",
        ("lead", lead_id),
        source=new.source,
        seat_id=new.seat_id,
        receipt=lead.code is not None,
    )
    return service.out(db, actor, lead_id)
