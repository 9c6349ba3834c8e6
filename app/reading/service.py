"""Verbs of reading: topics, logs, notes and what staff commend."""

from datetime import date

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission, Role
from app.auth.queries import accounts_in_role
from app.core import clock, live
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.sql import table
from app.duty import service as duty
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify, notify_seats
from app.people.models import Organization, Seat
from app.people.offices import scope
from app.reading import queries
from app.reading.models import Book, ReadingLog, ReadingNote, ReadingTopic
from app.reading.rules import commendation, invitation
from app.reading.schemas import (
    BookIn,
    LogIn,
    LogOut,
    ReadingNoteIn,
    ReadingNoteOut,
    ReadingTopicIn,
    ReadingTopicOut,
    TopicPatch,
)
from app.threads import rules
from app.threads.service import open_thread, touch_writers

_DAY_MINUTES = 24 * 60
_l, _n = table(ReadingLog), table(ReadingNote)

# Anybody who sees a note may reply to it.
rules.register(
    rules.ThreadRule(
        "reading_note",
        "reading",
        author=queries.note_author,
        check=lambda _conn, _actor, _id: None,
        host=queries.host,
    )
)


def add_topic(db: Session, actor: Actor, new: ReadingTopicIn) -> ReadingTopicOut:
    """Open a reading topic with its books."""
    _in_order(new.starts_on, new.ends_on)
    row = ReadingTopic(
        organization_id=actor.organization_id,
        title=new.title,
        intro=new.intro or "",
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        committee_id=scope.host(db.connection(), actor, Permission.READING_MANAGE, new.committee_id),
        created_by=actor.account_id,
        created_at=clock.now(),
    )
    db.add(row)
    db.flush()
    assert row.id is not None  # noqa: S101 - flushed
    _set_books(db, row.id, new.books)
    subject = ("reading_topic", row.id)
    live.emit(db, actor.organization_id, "reading", "topic.opened", subject=subject)
    members = accounts_in_role(db.connection(), actor.organization_id, Role.MEMBER)
    title = invitation(row.title, row.starts_on, row.ends_on)
    notify(db, actor.organization_id, members, NoticeKind.READING_OPENED, title, subject)
    return ReadingTopicOut.model_validate(queries.topic(db.connection(), actor, row.id))


def edit_topic(db: Session, actor: Actor, topic_id: int, patch: TopicPatch) -> ReadingTopicOut:
    """Change a reading topic."""
    subjects.require(db.connection(), actor, "reading_topic", topic_id)
    row = db.get_one(ReadingTopic, topic_id)
    scope.require(db.connection(), actor, Permission.READING_MANAGE, row.committee_id)
    for column, value in patch.model_dump(exclude_none=True, exclude={"books", "committee_id"}).items():
        setattr(row, column, value)
    if "committee_id" in patch.model_fields_set:
        row.committee_id = scope.host(db.connection(), actor, Permission.READING_MANAGE, patch.committee_id)
    _in_order(row.starts_on, row.ends_on)
    db.add(row)
    db.flush()
    if patch.books is not None:
        _set_books(db, topic_id, patch.books)
    live.emit(db, actor.organization_id, "reading", "topic.changed", subject=("reading_topic", topic_id))
    return ReadingTopicOut.model_validate(queries.topic(db.connection(), actor, topic_id))


def _in_order(starts_on: date, ends_on: date) -> None:
    if starts_on > ends_on:
        raise Invalid("开始日期晚于结束日期。", code="bad_period")


def _set_books(db: Session, topic_id: int, books: list[BookIn]) -> None:
    b, conn = table(Book), db.connection()
    conn.execute(delete(b).where(b.c.topic_id == topic_id))
    if books:
        rows = [{"topic_id": topic_id, "position": i, **book.model_dump()} for i, book in enumerate(books)]
        conn.execute(insert(b), rows)


def _check_topic(db: Session, actor: Actor, topic_id: int | None) -> None:
    if topic_id is not None:
        subjects.require(db.connection(), actor, "reading_topic", topic_id)


def add_log(db: Session, actor: Actor, new: LogIn) -> LogOut:
    """Log what the actor read on a day of their seat, not in the future, up to 24 hours a day."""
    conn, seat_id, now = db.connection(), actor.own_seat, clock.now()
    _check_topic(db, actor, new.topic_id)
    s, o = table(Seat), table(Organization)
    seat = conn.execute(
        select(s.c.starts_on, o.c.timezone).join(o, o.c.id == s.c.organization_id).where(s.c.id == seat_id)
    ).one()
    today = clock.local_day(now, seat.timezone)
    read_on = new.read_on or today
    if read_on > today:
        raise Invalid("不能记录还没有到的日子。", code="future_day")
    if read_on < seat.starts_on:
        raise Invalid(f"只能记录任职以来（{seat.starts_on} 起）的阅读。", code="before_seat")
    if queries.minutes_on(conn, seat_id, read_on) + new.minutes > _DAY_MINUTES:
        raise Conflict("这一天记录的时间超过 24 小时了。", code="day_full", state="full")
    row = ReadingLog(
        organization_id=actor.organization_id,
        seat_id=seat_id,
        topic_id=new.topic_id,
        book=new.book,
        minutes=new.minutes,
        pages=new.pages,
        read_on=read_on,
        created_at=now,
    )
    db.add(row)
    db.flush()
    assert row.id is not None  # noqa: S101 - flushed
    noon = clock.noon(read_on, seat.timezone)
    duty.record(
        db,
        seat_id,
        "reading.logged",
        ("reading_log", row.id),
        at=now if read_on == today else noon,
        quantity=new.minutes,
        by=actor.account_id,
    )
    return LogOut.model_validate(queries.log(conn, actor, row.id))


def delete_log(db: Session, actor: Actor, log_id: int) -> None:
    """Take one's own entry back; its record is voided."""
    conn = db.connection()
    mine = (_l.c.id == log_id) & (_l.c.seat_id == actor.own_seat) & _l.c.deleted_at.is_(None)
    if conn.execute(update(_l).where(mine).values(deleted_at=clock.now())).rowcount == 0:
        raise NotFound
    duty.void(db, ("reading_log", log_id), "本人删除", actor.account_id)


def post_note(db: Session, actor: Actor, new: ReadingNoteIn) -> ReadingNoteOut:
    """Post a note with its thread, record and event."""
    _check_topic(db, actor, new.topic_id)
    row = ReadingNote(
        organization_id=actor.organization_id,
        seat_id=actor.own_seat,
        account_id=actor.account_id,
        topic_id=new.topic_id,
        book=new.book,
        title=new.title,
        body=new.body,
        created_at=clock.now(),
    )
    db.add(row)
    db.flush()
    assert row.id is not None  # noqa: S101 - flushed
    subject = ("reading_note", row.id)
    open_thread(db, actor.organization_id, subject)
    duty.record(db, row.seat_id, "reading.noted", subject, at=row.created_at, by=actor.account_id)
    live.emit(db, actor.organization_id, "reading", "note.posted", subject=subject, id=row.id)
    return ReadingNoteOut.model_validate(queries.note(db.connection(), actor, row.id))


def delete_note(db: Session, actor: Actor, note_id: int) -> None:
    """Delete one's own note; its records are voided."""
    conn = db.connection()
    subjects.require(conn, actor, "reading_note", note_id)
    if queries.note_author(conn, note_id) != actor.seat_id:
        raise Forbidden("只能删除自己的笔记。", code="not_yours")
    _take_away(db, actor, note_id, "deleted", "作者删除")


def hide_note(db: Session, actor: Actor, note_id: int, reason: str) -> None:
    """Hide a note with a reason: it disappears from every figure; its author is told."""
    _require_host(db, actor, Permission.CONTENT_HIDE, note_id)
    seat_id = _take_away(db, actor, note_id, "hidden", reason)
    audit(db, actor, "reading_note.hidden", ("reading_note", note_id), reason=reason)
    title = f"您的一篇读书笔记已被隐藏：{reason}"
    notify_seats(
        db, actor.organization_id, [seat_id], NoticeKind.NOTE_HIDDEN, title, ("reading_note", note_id)
    )


def _require_host(db: Session, actor: Actor, permission: Permission, note_id: int) -> None:
    """A note that staff may work on: an office of one committee on those of its own topics."""
    subjects.require(db.connection(), actor, "reading_note", note_id)
    scope.require(db.connection(), actor, permission, queries.host(db.connection(), note_id))


def _take_away(db: Session, actor: Actor, note_id: int, what: str, reason: str) -> int:
    marks = {f"{what}_at": clock.now()}
    seat_id = db.connection().scalar(
        update(_n).where(_n.c.id == note_id, queries.shown).values(marks).returning(_n.c.seat_id)
    )
    if seat_id is None:
        raise NotFound
    duty.void(db, ("reading_note", note_id), reason[:200], actor.account_id)
    touch_writers(db, ("reading_note", note_id))
    live.emit(db, actor.organization_id, "reading", f"note.{what}", id=note_id)
    return int(seat_id)


def commend(db: Session, actor: Actor, note_id: int) -> None:
    """Commend a note; repeating changes nothing."""
    conn, subject = db.connection(), ("reading_note", note_id)
    _require_host(db, actor, Permission.READING_MANAGE, note_id)
    row = conn.execute(
        update(_n)
        .where(_n.c.id == note_id, queries.shown, _n.c.commended_at.is_(None))
        .values(commended_at=clock.now())
        .returning(_n.c.seat_id, _n.c.title)
    ).first()
    if row is None:
        return
    duty.record(db, row.seat_id, "reading.commended", subject, by=actor.account_id)
    live.emit(db, actor.organization_id, "reading", "note.commended", subject=subject)
    title = commendation(row.title)
    notify_seats(db, actor.organization_id, [row.seat_id], NoticeKind.READING_COMMENDED, title, subject)


def withdraw_commendation(db: Session, actor: Actor, note_id: int) -> None:
    """Take a commendation back; repeating changes nothing."""
    conn, subject = db.connection(), ("reading_note", note_id)
    _require_host(db, actor, Permission.READING_MANAGE, note_id)
    commended = (_n.c.id == note_id) & _n.c.commended_at.is_not(None)
    if conn.execute(update(_n).where(commended).values(commended_at=None)).rowcount:
        duty.void(db, subject, "撤销优秀笔记", actor.account_id, kinds=["reading.commended"])
        live.emit(db, actor.organization_id, "reading", "note.commended", subject=subject)
