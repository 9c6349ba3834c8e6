"""Verbs of topics: draft, publish, extend, close, report; and what a reply in one means for the ledger."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.models import AccountRole
from app.auth.permissions import Permission, Role
from app.casefiles import steps
from app.core import clock, live, outbox
from app.core.errors import Conflict, Invalid
from app.core.sql import AnyRow, table
from app.deliberation import queries
from app.deliberation.invitations import INVITED, invite
from app.deliberation.models import (
    Topic,
    TopicPaper,
    TopicStep,
)
from app.deliberation.rules import STATE_LABELS, VERBS, Verb, announcement, state_of
from app.deliberation.schemas import ExtensionIn, OutcomeIn, TopicIn, TopicOut
from app.duty import service as duty
from app.files.service import attach, detach
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify
from app.people.models import Organization, Seat
from app.people.offices import scope
from app.people.queries import seats_in
from app.threads import rules
from app.threads.models import Reply, Thread
from app.threads.queries import shown
from app.threads.service import open_thread

_t = table(Topic)


def _settle(db: Session, topic_id: int, seat_id: int) -> None:
    """A seat has joined a topic while any reply of its own is shown there."""
    h, r = table(Thread), table(Reply)
    first = db.connection().scalar(
        select(r.c.created_at)
        .join(h, h.c.id == r.c.thread_id)
        .where(h.c.subject_type == "topic", h.c.subject_id == topic_id, r.c.seat_id == seat_id, shown)
        .order_by(r.c.id)
        .limit(1)
    )
    if first is None:
        duty.void(db, ("topic", topic_id), "已无有效发言", None, kinds=["topic.joined"], seat_id=seat_id)
    else:
        duty.record(db, seat_id, "topic.joined", ("topic", topic_id), at=first)


rules.register(
    rules.ThreadRule(
        "topic",
        "topics",
        author=lambda _conn, _id: None,
        check=queries.check_open,
        settle=_settle,
        guests=queries.guests,
        host=queries.host,
    )
)


def create(db: Session, actor: Actor, new: TopicIn) -> TopicOut:
    """Draft a topic with its papers."""
    topic = Topic(
        organization_id=actor.organization_id,
        title=new.title,
        summary=new.summary,
        committee_id=scope.host(db.connection(), actor, Permission.TOPIC_MANAGE, new.committee_id),
        invited_only=new.invited_only,
        opens_at=new.opens_at,
        closes_at=new.closes_at,
        created_by=actor.account_id,
        created_at=clock.now(),
    )
    db.add(topic)
    db.flush()
    assert topic.id is not None  # noqa: S101 - flushed
    open_thread(db, actor.organization_id, ("topic", topic.id))
    _write_parts(db, actor, topic.id, new)
    return _out(db, actor, topic.id)


def edit(db: Session, actor: Actor, topic_id: int, new: TopicIn) -> TopicOut:
    """Rewrite a topic that is not yet published."""
    _expect(db, actor, topic_id, "edit")
    conn = db.connection()
    conn.execute(
        update(_t)
        .where(_t.c.id == topic_id, _t.c.published_at.is_(None))
        .values(
            title=new.title,
            summary=new.summary,
            opens_at=new.opens_at,
            closes_at=new.closes_at,
            committee_id=scope.host(conn, actor, Permission.TOPIC_MANAGE, new.committee_id),
            invited_only=new.invited_only,
        )
    )
    for part in (*INVITED, TopicPaper):
        conn.execute(delete(table(part)).where(table(part).c.topic_id == topic_id))
    _write_parts(db, actor, topic_id, new)
    return _out(db, actor, topic_id)


def _write_parts(db: Session, actor: Actor, topic_id: int, new: TopicIn) -> None:
    conn = db.connection()
    invite(db, actor, topic_id, new)
    if keys := [p.file_key for p in new.papers if p.file_key]:
        attach(db, actor, keys, ("topic", topic_id))
    detach(db, ("topic", topic_id), keep=keys)
    if new.papers:
        rows = [{"topic_id": topic_id, "position": i, **p.model_dump()} for i, p in enumerate(new.papers)]
        conn.execute(insert(table(TopicPaper)), rows)


def _out(db: Session, actor: Actor, topic_id: int) -> TopicOut:
    return TopicOut.model_validate(queries.topic_row(db.connection(), actor, topic_id))


def _expect(db: Session, actor: Actor, topic_id: int, verb: Verb) -> AnyRow:
    row = steps.lock(db, select(_t).where(_t.c.id == topic_id, queries.visible_to(actor)))
    scope.require(db.connection(), actor, Permission.TOPIC_MANAGE, row.committee_id)
    state = state_of(
        clock.now(),
        published_at=row.published_at,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        reported_at=row.reported_at,
    )
    if state not in VERBS[verb]:
        raise Conflict(f"议题{STATE_LABELS[state]}，不能进行此操作。", code="illegal_transition", state=state)
    return row


def _step(
    db: Session,
    actor: Actor,
    topic_id: int,
    action: str,
    reason: str | None = None,
    closes_at: datetime | None = None,
) -> TopicOut:
    db.add(
        TopicStep(
            topic_id=topic_id,
            at=clock.now(),
            account_id=actor.account_id,
            action=action,
            reason=reason,
            closes_at=closes_at,
        )
    )
    audit(db, actor, f"topic.{action}", ("topic", topic_id), reason=reason)
    live.emit(
        db, actor.organization_id, "topics", f"topic.{action}", subject=("topic", topic_id), id=topic_id
    )
    return _out(db, actor, topic_id)


def publish(db: Session, actor: Actor, topic_id: int) -> TopicOut:
    """Publish a drafted topic; those invited are told by the worker."""
    row = _expect(db, actor, topic_id, "publish")
    if row.closes_at <= clock.now():
        raise Conflict("结束时间已过，请先修改时间。", code="topic_closed", state="draft")
    db.connection().execute(update(_t).where(_t.c.id == topic_id).values(published_at=clock.now()))
    outbox.enqueue(db, "topic.published", str(topic_id), topic_id=topic_id)
    return _step(db, actor, topic_id, "published")


@outbox.handles("topic.published")
def _tell_invited(db: Session, payload: dict[str, Any]) -> None:
    conn, topic_id = db.connection(), int(payload["topic_id"])
    o = table(Organization)
    topic = conn.execute(
        select(_t.c.organization_id, _t.c.title, o.c.timezone)
        .join(o, o.c.id == _t.c.organization_id)
        .where(_t.c.id == topic_id)
    ).one()
    r, s = table(AccountRole), table(Seat)
    today = clock.local_day(clock.now(), topic.timezone)
    held = seats_in(topic.organization_id, today)
    invited = queries.guests(conn, topic_id)
    invited = held if invited is None else held.where(s.c.id.in_(invited))
    accounts = conn.scalars(select(r.c.account_id).where(r.c.role == Role.MEMBER, r.c.seat_id.in_(invited)))
    notify(
        db,
        topic.organization_id,
        accounts,
        NoticeKind.TOPIC_PUBLISHED,
        announcement(topic.title),
        ("topic", topic_id),
    )


def extend(db: Session, actor: Actor, topic_id: int, new: ExtensionIn) -> TopicOut:
    """Move the end later, with a reason; a closed topic opens again."""
    row = _expect(db, actor, topic_id, "extend")
    if new.closes_at <= max(row.closes_at, clock.now()):
        raise Invalid("新的结束时间必须晚于现在和原来的结束时间。", code="not_later")
    db.connection().execute(update(_t).where(_t.c.id == topic_id).values(closes_at=new.closes_at))
    until = new.closes_at.astimezone(ZoneInfo(actor.zone))
    when = f"{until.month}月{until.day}日 {until:%H:%M}"
    _tell_joined(db, row, NoticeKind.TOPIC_EXTENDED, f"议题《{row.title}》延长到{when}：{new.reason}")
    return _step(db, actor, topic_id, "extended", new.reason, new.closes_at)


def close(db: Session, actor: Actor, topic_id: int, reason: str) -> TopicOut:
    """End an open topic at once, with a reason."""
    row, now = _expect(db, actor, topic_id, "close"), clock.now()
    db.connection().execute(update(_t).where(_t.c.id == topic_id).values(closes_at=now))
    _tell_joined(db, row, NoticeKind.TOPIC_CLOSED, f"议题《{row.title}》提前结束：{reason}")
    return _step(db, actor, topic_id, "closed", reason, now)


def report(db: Session, actor: Actor, topic_id: int, new: OutcomeIn) -> TopicOut:
    """Publish or revise the outcome report of a closed topic; those who joined hear of the first one."""
    row = _expect(db, actor, topic_id, "report")
    db.connection().execute(
        update(_t).where(_t.c.id == topic_id).values(report=new.report, reported_at=clock.now())
    )
    if row.reported_at is None:
        _tell_joined(db, row, NoticeKind.TOPIC_REPORTED, f"您参与的议题《{row.title}》公布了成果")
    return _step(db, actor, topic_id, "reported")


def _tell_joined(db: Session, topic: AnyRow, kind: NoticeKind, title: str) -> None:
    """Members with an opinion or a reply in a topic hear of what became of it."""
    h, r, a = table(Thread), table(Reply), table(AccountRole)
    joined = (
        select(r.c.seat_id)
        .join(h, h.c.id == r.c.thread_id)
        .where(h.c.subject_type == "topic", h.c.subject_id == topic.id, shown)
    )
    accounts = select(a.c.account_id).where(a.c.role == Role.MEMBER, a.c.seat_id.in_(joined))
    told = db.connection().scalars(accounts).all()
    notify(db, topic.organization_id, told, kind, title, ("topic", topic.id))
