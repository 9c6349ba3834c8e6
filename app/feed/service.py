"""Verbs of the feed: post, edit, delete, hide, support, mark as seen."""

from sqlalchemy import func, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock, live
from app.core.errors import Conflict, Forbidden, NotFound
from app.core.sql import AnyRow, insert, table
from app.duty import domain_events
from app.duty import service as duty
from app.feed import queries
from app.feed.models import FeedRead, Update
from app.feed.rules import stage
from app.feed.schemas import SeenIn, UpdateEdit, UpdateIn, UpdateOut
from app.files.service import attach
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify_seats
from app.people.offices import scope
from app.threads import rules
from app.threads.posting import texts
from app.threads.posting.pace import UPDATES
from app.threads.replies.support import set_support
from app.threads.schemas import SupportOut
from app.threads.service import open_thread, touch_writers

_u = table(Update)

# Anybody who sees an update may reply to it.
rules.register(
    rules.ThreadRule("update", "feed", author=queries.author, check=lambda _conn, _actor, _id: None)
)


def post(db: Session, actor: Actor, new: UpdateIn) -> UpdateOut:
    """Post an update with its pictures, thread, record and event."""
    now = clock.now()
    UPDATES.spend(db.connection(), _u, actor.own_seat, now)
    row = Update(
        organization_id=actor.organization_id,
        seat_id=actor.own_seat,
        account_id=actor.account_id,
        kind=new.kind,
        body=new.body,
        place=new.place or None,
        created_at=now,
    )
    db.add(row)
    db.flush()
    assert row.id is not None  # noqa: S101 - flushed
    texts.measure(db.connection(), _u, row.id, new.body, actor.organization_id, now)
    subject = ("update", row.id)
    if new.pictures:
        attached = attach(db, actor, new.pictures, subject, pictures_only=True)
        row.pictures = [{k: a[k] for k in ("key", "width", "height")} for a in attached]
        db.flush()
    open_thread(db, actor.organization_id, subject)
    duty.record(db, row.seat_id, "update.posted", subject, at=row.created_at, by=actor.account_id)
    live.emit(db, actor.organization_id, "feed", "update.posted", subject=subject, id=row.id)
    return _out(db, actor, row.id)


def _out(db: Session, actor: Actor, update_id: int) -> UpdateOut:
    return UpdateOut.model_validate(queries.update_row(db.connection(), actor, update_id))


def _own(db: Session, actor: Actor, update_id: int) -> AnyRow:
    conn = db.connection()
    subjects.require(conn, actor, "update", update_id)
    row = conn.execute(
        select(_u.c.account_id, _u.c.seat_id, _u.c.created_at).where(_u.c.id == update_id)
    ).one()
    if row.account_id != actor.account_id:
        raise Forbidden("只能修改或删除自己的动态。", code="not_yours")
    return row


def edit(db: Session, actor: Actor, update_id: int, new: UpdateEdit) -> UpdateOut:
    """Change the text of one's own update while it is open."""
    row = _own(db, actor, update_id)
    if stage(row.created_at, clock.now()) != "open":
        raise Conflict("发布超过 30 分钟的动态不能再修改。", code="edit_time_over", state="published")
    changed = {"body": new.body, "kind": new.kind, "place": new.place or None, "edited_at": clock.now()}
    db.connection().execute(update(_u).where(_u.c.id == update_id).values(changed))
    texts.measure_again(db.connection(), _u, update_id, new.body, actor.organization_id, row.created_at)
    duty.invalidate_figures(db, row.seat_id)  # cards quote it
    live.emit(db, actor.organization_id, "feed", "update.edited", subject=("update", update_id), id=update_id)
    return _out(db, actor, update_id)


def delete(db: Session, actor: Actor, update_id: int) -> None:
    """Delete one's own update; its record is voided."""
    _own(db, actor, update_id)
    _take_away(db, actor, update_id, "deleted", "作者删除", {"deleted_at": clock.now()})


def hide(db: Session, actor: Actor, update_id: int, reason: str) -> None:
    """Hide an update with a reason: it disappears from every figure; its author is told."""
    subjects.require(db.connection(), actor, "update", update_id)
    scope.require(db.connection(), actor, Permission.CONTENT_HIDE, None)
    marks = {"hidden_at": clock.now(), "hidden_by": actor.account_id, "hidden_reason": reason[:200]}
    seat_id = _take_away(db, actor, update_id, "hidden", reason, marks)
    audit(db, actor, "update.hidden", ("update", update_id), reason=reason)
    title = f"您的一条动态已被隐藏：{reason}"
    notify_seats(db, actor.organization_id, [seat_id], NoticeKind.UPDATE_HIDDEN, title, ("update", update_id))


def _take_away(
    db: Session, actor: Actor, update_id: int, what: str, reason: str, marks: dict[str, object]
) -> int:
    conn = db.connection()
    seat_id = conn.scalar(
        update(_u).where(_u.c.id == update_id, queries.shown).values(marks).returning(_u.c.seat_id)
    )
    if seat_id is None:
        raise NotFound
    duty.void(db, ("update", update_id), reason[:200], actor.account_id, kinds=["update.posted"])
    duty.invalidate_figures(db, seat_id)
    touch_writers(db, ("update", update_id))
    live.emit(db, actor.organization_id, "ledger", f"update.{what}")
    live.emit(db, actor.organization_id, "feed", f"update.{what}", id=update_id)
    subject = ("update", update_id)
    domain_events.publish(db, f"update.{what}", actor.organization_id, subject, by=actor.account_id)
    return int(seat_id)


def unhide(db: Session, actor: Actor, update_id: int) -> None:
    """Show a hidden update again and record its duty again, at the time when it was done."""
    scope.require(db.connection(), actor, Permission.CONTENT_HIDE, None)
    row = (
        db.connection()
        .execute(
            update(_u)
            .where(
                _u.c.id == update_id,
                _u.c.organization_id == actor.organization_id,
                _u.c.hidden_at.is_not(None),
            )
            .values(hidden_at=None, hidden_by=None, hidden_reason=None)
            .returning(_u.c.seat_id, _u.c.created_at, _u.c.deleted_at)
        )
        .first()
    )
    if row is None:
        raise NotFound
    audit(db, actor, "update.unhidden", ("update", update_id))
    if row.deleted_at is None:
        duty.record(
            db, row.seat_id, "update.posted", ("update", update_id), at=row.created_at, by=actor.account_id
        )
        touch_writers(db, ("update", update_id))
        live.emit(db, actor.organization_id, "ledger", "update.unhidden")
        live.emit(db, actor.organization_id, "feed", "update.unhidden", subject=("update", update_id))
        subject = ("update", update_id)
        domain_events.publish(db, "update.unhidden", actor.organization_id, subject, by=actor.account_id)


def support(db: Session, actor: Actor, update_id: int, *, on: bool) -> SupportOut:
    """Give or take back support for an update; repeating changes nothing."""
    conn = db.connection()
    subjects.require(conn, actor, "update", update_id)
    change = set_support(db, actor, ("update", update_id), queries.author(conn, update_id), on=on)
    count = conn.execute(
        update(_u)
        .where(_u.c.id == update_id)
        .values(support_count=_u.c.support_count + change)
        .returning(_u.c.support_count)
    ).scalar_one()
    if change:
        live.emit(db, actor.organization_id, "feed", "update.supported", subject=("update", update_id))
    return SupportOut(support_count=count, supported=on)


def mark_seen(db: Session, actor: Actor, seen: SeenIn) -> None:
    """Remember up to which update the actor has seen the circle; never backwards, never past the newest."""
    conn, f = db.connection(), table(FeedRead)
    newest = conn.scalar(select(func.max(_u.c.id)).where(_u.c.organization_id == actor.organization_id))
    if not newest:
        return
    row = {
        "account_id": actor.account_id,
        "organization_id": actor.organization_id,
        "last_update_id": min(seen.last_update_id, newest),
        "read_at": clock.now(),
    }
    conn.execute(
        insert(conn, f)
        .values(**row)
        .on_conflict_do_update(
            index_elements=["account_id", "organization_id"],
            set_={k: row[k] for k in ("last_update_id", "read_at")},
            where=f.c.last_update_id < row["last_update_id"],
        )
    )
