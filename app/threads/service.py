"""Verbs of threads: reply, delete, hide, support, read."""

from collections.abc import Iterable

from sqlalchemy import bindparam, func, insert, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth import subjects
from app.auth.actor import Actor
from app.core import clock, live
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.prepared import Prepared
from app.core.sql import AnyRow, insert_new, table
from app.core.sql import insert as upsert
from app.duty import service as duty
from app.notifications.service import notify
from app.people.models import Person, Seat
from app.people.queries import accounts_of
from app.threads import queries
from app.threads.models import Reply, Support, Thread, ThreadRead
from app.threads.rules import rule_of
from app.threads.schemas import ReplyIn, ReplyOut, SupportOut

_t, _r, _u = table(Thread), table(Reply), table(Support)


_ADD = Prepared(
    insert(_r)
    .values(
        {
            name: bindparam(name)
            for name in (
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
            )
        }
    )
    .returning(_r.c.id)
)
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
    mentioned = _mentioned(db, actor, new.mentions)
    top_id = (parent.parent_id or parent.id) if parent else None
    reply_id: int = _ADD.scalar(
        conn,
        thread_id=thread_id,
        organization_id=actor.organization_id,
        account_id=actor.account_id,
        seat_id=actor.seat_id,
        to_seat_id=to_seat,
        parent_id=top_id,
        quote_id=quoted.id if quoted else None,
        body=new.body,
        mentions=[{"seat_id": seat_id, "name": name} for seat_id, name in mentioned.items()],
        created_at=clock.now(),
    )
    _count(db, thread_id, top_id, 1)
    if actor.seat_id is not None:
        duty.record(db, actor.seat_id, "reply.posted", ("reply", reply_id), by=actor.account_id)
        rule.settle(db, thread.subject[1], actor.seat_id)
    told = {s for s in (author, to_seat, parent.seat_id if parent else None) if s} - {actor.seat_id}
    if to_seat and to_seat != actor.seat_id:
        duty.touch(db, to_seat)
    _tell(db, actor, told, "reply.received", f"{actor.name}回复了您", reply_id)
    _tell(
        db,
        actor,
        set(mentioned) - told - {actor.seat_id},
        "reply.mentioned",
        f"{actor.name}提到了您",
        reply_id,
    )
    _announce(db, actor, thread, "reply.posted", reply_id)
    return ReplyOut.model_validate(queries.new_reply(conn, reply_id))


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


def _mentioned(db: Session, actor: Actor, seat_ids: Iterable[int]) -> dict[int, str]:
    wanted = set(seat_ids)
    if not wanted:
        return {}
    s, p = table(Seat), table(Person)
    found = (
        db.connection()
        .execute(
            select(s.c.id, p.c.name)
            .join(p, p.c.id == s.c.person_id)
            .where(s.c.id.in_(wanted), s.c.organization_id == actor.organization_id)
        )
        .all()
    )
    if len(found) != len(wanted):
        raise Invalid("提到的委员不存在。", code="unknown_mention")
    return {row.id: row.name for row in found}


def _tell(db: Session, actor: Actor, seat_ids: set[int], kind: str, title: str, reply_id: int) -> None:
    if seat_ids:
        accounts = accounts_of(db.connection(), seat_ids)
        notify(db, actor.organization_id, accounts.values(), kind, title, ("reply", reply_id))


def _count(db: Session, thread_id: int, top_id: int | None, by: int) -> None:
    conn = db.connection()
    if by > 0:
        _ANSWERED.tuples(conn, id=thread_id, now=clock.now())
    else:
        _SHRUNK.tuples(conn, id=thread_id)
    if top_id is not None:
        conn.execute(
            update(_r)
            .where(_r.c.id == top_id)
            .values(reply_count=_r.c.reply_count + by, echo_count=_r.c.echo_count + by)
        )


def _announce(db: Session, actor: Actor, thread: queries.ThreadHead, name: str, reply_id: int) -> None:
    for channel in (f"thread:{thread.id}", rule_of(thread.subject[0]).channel):
        live.emit(
            db, actor.organization_id, channel, name, subject=thread.subject, id=reply_id, thread_id=thread.id
        )


def delete(db: Session, actor: Actor, reply_id: int) -> None:
    """Delete one's own reply: its record is voided, its place stays, its text is no longer shown."""
    row = _visible_reply(db, actor, reply_id)
    if row.account_id != actor.account_id:
        raise Forbidden("只能删除自己的回复。", code="not_yours")
    _take_away(db, actor, row, "deleted", "作者删除")


def hide(db: Session, actor: Actor, reply_id: int, reason: str) -> None:
    """Hide a reply with a reason: it disappears from every figure; its author is told."""
    row = _visible_reply(db, actor, reply_id)
    _take_away(db, actor, row, "hidden", reason)
    audit(db, actor, "reply.hidden", ("reply", reply_id), reason=reason)
    if row.seat_id:
        accounts = accounts_of(db.connection(), [row.seat_id]).values()
        title = f"您的一条回复已被隐藏：{reason}"
        notify(db, actor.organization_id, accounts, "reply.hidden", title, ("reply", reply_id))


def _visible_reply(db: Session, actor: Actor, reply_id: int) -> AnyRow:
    conn = db.connection()
    subjects.require(conn, actor, "reply", reply_id)
    return conn.execute(
        select(
            _r.c.id,
            _r.c.thread_id,
            _r.c.parent_id,
            _r.c.account_id,
            _r.c.seat_id,
            _r.c.to_seat_id,
            _r.c.created_at,
        ).where(_r.c.id == reply_id)
    ).one()


def _take_away(db: Session, actor: Actor, row: AnyRow, what: str, reason: str) -> None:
    marks: dict[str, object] = {f"{what}_at": clock.now()}
    if what == "hidden":
        marks |= {"hidden_by": actor.account_id, "hidden_reason": reason[:200]}
    gone = db.connection().execute(update(_r).where(_r.c.id == row.id, queries.shown).values(marks))
    if gone.rowcount == 0:
        raise NotFound
    _count(db, row.thread_id, row.parent_id, -1)
    duty.void(db, ("reply", row.id), reason[:200], actor.account_id)
    _after_change(db, actor, row, f"reply.{what}")


def unhide(db: Session, actor: Actor, reply_id: int) -> None:
    """Show a hidden reply again and record its duty anew, at the time when it was done."""
    conn = db.connection()
    row = conn.execute(
        update(_r)
        .where(
            _r.c.id == reply_id, _r.c.organization_id == actor.organization_id, _r.c.hidden_at.is_not(None)
        )
        .values(hidden_at=None, hidden_by=None, hidden_reason=None)
        .returning(
            _r.c.id,
            _r.c.thread_id,
            _r.c.parent_id,
            _r.c.seat_id,
            _r.c.to_seat_id,
            _r.c.created_at,
            _r.c.deleted_at,
        )
    ).first()
    if row is None:
        raise NotFound
    audit(db, actor, "reply.unhidden", ("reply", reply_id))
    if row.deleted_at is None:
        _count(db, row.thread_id, row.parent_id, 1)
        if row.seat_id:
            duty.record(
                db, row.seat_id, "reply.posted", ("reply", reply_id), at=row.created_at, by=actor.account_id
            )
        _after_change(db, actor, row, "reply.unhidden")


def _after_change(db: Session, actor: Actor, row: AnyRow, name: str) -> None:
    thread = queries.visible_thread(db.connection(), actor, row.thread_id)
    if row.seat_id:
        rule_of(thread.subject[0]).settle(db, thread.subject[1], row.seat_id)
    if row.to_seat_id:
        duty.touch(db, row.to_seat_id)
    live.emit(db, actor.organization_id, "ledger", name)
    _announce(db, actor, thread, name, row.id)


def set_reply_support(db: Session, actor: Actor, reply_id: int, *, on: bool) -> SupportOut:
    """Give or take back support for a reply; repeating changes nothing."""
    row = _visible_reply(db, actor, reply_id)
    change = set_support(db, actor, ("reply", reply_id), row.seat_id, on=on)
    conn = db.connection()
    count = conn.execute(
        update(_r)
        .where(_r.c.id == reply_id)
        .values(support_count=_r.c.support_count + change, echo_count=_r.c.echo_count + change)
        .returning(_r.c.support_count)
    ).scalar_one()
    if change:
        conn.execute(update(_t).where(_t.c.id == row.thread_id).values(version=_t.c.version + 1))
        live.emit(
            db,
            actor.organization_id,
            f"thread:{row.thread_id}",
            "reply.supported",
            subject=("reply", reply_id),
        )
    return SupportOut(support_count=count, supported=on)


def set_support(
    db: Session, actor: Actor, target: tuple[str, int], to_seat_id: int | None, *, on: bool
) -> int:
    """Write or remove one support row; by how much the target's counter moves (1, 0 or -1)."""
    if to_seat_id == actor.own_seat:
        raise Conflict("不能赞同自己发表的内容。", code="own_content", state="own")
    key = {"target_type": target[0], "target_id": target[1], "seat_id": actor.own_seat}
    if on:
        row = key | {
            "to_seat_id": to_seat_id,
            "organization_id": actor.organization_id,
            "created_at": clock.now(),
        }
        change = int(insert_new(db.connection(), _u, row, list(key)))
    else:
        same = [_u.c[name] == value for name, value in key.items()]
        change = -db.connection().execute(_u.delete().where(*same)).rowcount
    if change and to_seat_id:
        duty.touch(db, to_seat_id)
    return change


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
