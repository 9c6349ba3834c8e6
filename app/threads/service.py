"""Verbs of threads: reply, read."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlmodel import Session

from app.auth import subjects
from app.auth.actor import Actor
from app.core import clock, live
from app.core.errors import Conflict
from app.core.hot.prepared import Prepared
from app.core.sql import AnyRow, table
from app.core.sql import insert as upsert
from app.duty import service as duty
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify_seats
from app.threads import queries
from app.threads.models import Reply, Thread, ThreadRead
from app.threads.posting import mentions, texts
from app.threads.posting.pace import REPLIES
from app.threads.rules import rule_of
from app.threads.schemas import ReplyIn, ReplyOut

_t, _r = table(Thread), table(Reply)


@cache
def _add() -> Prepared:
    """Add a reply; its id, and how many its author has posted lately before it."""
    given = (
        "thread_id",
        "organization_id",
        "account_id",
        "seat_id",
        "to_seat_id",
        "parent_id",
        "quote_id",
        "body",
        "mentions",
        "created_at",
        "fingerprint",
    )
    values: dict[str, Any] = {name: bindparam(name) for name in given}
    values["substance"] = texts.substance()
    return Prepared(insert(_r).values(values).returning(_r.c.id, REPLIES.posted(_r).label("posted")))


_moved = update(_t).where(_t.c.id == bindparam("id"))
_ANSWERED = Prepared(
    _moved.values(reply_count=_t.c.reply_count + 1, version=_t.c.version + 1, last_reply_at=bindparam("now"))
)
_SHRUNK = Prepared(_moved.values(reply_count=_t.c.reply_count - 1, version=_t.c.version + 1))


def open_thread(db: Session, organization_id: int, subject: tuple[str, int]) -> int:
    """Make the thread of a new subject; its id."""
    thread = Thread(organization_id=organization_id, subject_type=subject[0], subject_id=subject[1])
    db.add(thread)
    db.flush()
    assert thread.id is not None  # noqa: S101 - flushed
    return thread.id


def touch_writers(db: Session, subject: tuple[str, int]) -> None:
    """Mark the figures of all who replied under a subject as moved: their replies come and go with it."""
    wrote = select(_r.c.seat_id).distinct().join(_t, _t.c.id == _r.c.thread_id)
    under = (_t.c.subject_type == subject[0]) & (_t.c.subject_id == subject[1])
    duty.invalidate_figures(db, *db.connection().scalars(wrote.where(under, _r.c.seat_id.is_not(None))))


def reply(db: Session, actor: Actor, thread_id: int, new: ReplyIn) -> ReplyOut:
    """Post a reply: content, counters, ledger, notifications and event in one transaction."""
    conn = db.connection()
    thread = queries.visible_thread(conn, actor, thread_id)
    rule = rule_of(thread.subject[0])
    rule.check(conn, actor, thread.subject[1])
    parent, quoted = _answered(db, thread_id, new)
    if parent and parent.parent_id and not quoted:
        quoted = parent  # it stands under the top-level reply: the quote says whom it answers
    author = rule.author(conn, thread.subject[1])
    to_seat = (quoted or parent).seat_id if (quoted or parent) else author  # type: ignore[union-attr]
    mentioned = mentions.check(conn, actor, thread.subject, new.mentions)
    top_id = (parent.parent_id or parent.id) if parent else None
    now = clock.now()
    reply_id, posted = _add().tuples(
        conn,
        thread_id=thread_id,
        account_id=actor.account_id,
        seat_id=actor.seat_id,
        to_seat_id=to_seat,
        parent_id=top_id,
        quote_id=quoted.id if quoted else None,
        body=new.body,
        mentions=[{"seat_id": seat_id, "name": name} for seat_id, name in mentioned.items()],
        created_at=now,
        **texts.known(new.body, actor.organization_id, now),
        **REPLIES.since(now),
    )[0]
    if actor.seat_id is not None:
        REPLIES.check(conn, _r, actor.seat_id, posted, now)
    count(db, thread_id, top_id, 1)
    if actor.seat_id is not None:
        duty.record(db, actor.seat_id, "reply.posted", ("reply", reply_id), by=actor.account_id)
        rule.settle(db, thread.subject[1], actor.seat_id)
    told = {s for s in (author, to_seat, parent.seat_id if parent else None) if s} - {actor.seat_id}
    if to_seat and to_seat != actor.seat_id:
        duty.invalidate_figures(db, to_seat)
    label = subjects.label(thread.subject[0])
    for seats, kind, words in (
        (told & {author}, NoticeKind.REPLY_RECEIVED, f"{{who}}回复了您的{label}"),
        (told - {author}, NoticeKind.REPLY_RECEIVED, "{who}回复了您"),
        (set(mentioned) - told - {actor.seat_id}, NoticeKind.REPLY_MENTIONED, "{who}提到了您"),
    ):
        subject = ("reply", reply_id)
        notify_seats(db, actor.organization_id, seats, kind, words, subject, by=actor, place=thread.subject)
    announce(db, actor, thread, "reply.posted", reply_id)
    return ReplyOut.model_validate(queries.new_reply(conn, actor, reply_id))


def _answered(db: Session, thread_id: int, new: ReplyIn) -> tuple[AnyRow | None, AnyRow | None]:
    wanted = [i for i in (new.parent_id, new.quote_id) if i]
    if not wanted:
        return None, None
    found = {
        row.id: row
        for row in db.connection().execute(
            select(_r.c.id, _r.c.parent_id, _r.c.seat_id).where(
                _r.c.id.in_(wanted), _r.c.thread_id == thread_id, queries.shown
            )
        )
    }
    if any(i not in found for i in wanted):
        raise Conflict("所回复的内容已被删除或隐藏。", code="reply_gone", state="gone")
    return found.get(new.parent_id), found.get(new.quote_id)


def count(db: Session, thread_id: int, top_id: int | None, by: int) -> None:
    """Count one reply more or less (`by` 1 or -1) in a thread, and under its top-level reply `top_id`."""
    conn = db.connection()
    if by > 0:
        _ANSWERED.tuples(conn, id=thread_id, now=clock.now())
    else:
        _SHRUNK.tuples(conn, id=thread_id)
    if top_id is not None:
        author = conn.scalar(
            update(_r)
            .where(_r.c.id == top_id)
            .values(reply_count=_r.c.reply_count + by, echo_count=_r.c.echo_count + by)
            .returning(_r.c.seat_id)
        )
        if author:
            duty.invalidate_figures(db, author)  # a card tells of the opinion with the most echo


def announce(db: Session, actor: Actor, thread: queries.ThreadHead, name: str, reply_id: int) -> None:
    """Tell those who look at the thread, or at the list its subject stands in, that a reply changed."""
    live.emit(
        db,
        actor.organization_id,
        rule_of(thread.subject[0]).channel,
        name,
        also=f"thread:{thread.id}",
        subject=thread.subject,
        id=reply_id,
        thread_id=thread.id,
    )


def mark_read(db: Session, actor: Actor, thread_id: int, last_reply_id: int) -> None:
    """Remember up to which reply the actor has read; never backwards, never past the newest."""
    conn, v = db.connection(), table(ThreadRead)
    queries.visible_thread(conn, actor, thread_id)
    newest = conn.scalar(select(func.max(_r.c.id)).where(_r.c.thread_id == thread_id)) or 0
    at = min(last_reply_id, newest)
    if not at:
        return
    row = {
        "account_id": actor.account_id,
        "thread_id": thread_id,
        "last_reply_id": at,
        "read_at": clock.now(),
    }
    statement = upsert(conn, v).values(**row)
    conn.execute(
        statement.on_conflict_do_update(
            index_elements=["account_id", "thread_id"],
            set_={"last_reply_id": at, "read_at": row["read_at"]},
            where=v.c.last_reply_id < at,
        )
    )
