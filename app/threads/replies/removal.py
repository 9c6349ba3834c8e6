"""Verbs that take replies away and bring them back: delete, hide, unhide."""

from sqlalchemy import update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock, live
from app.core.errors import Forbidden, NotFound
from app.core.sql import AnyRow, table
from app.duty import domain_events
from app.duty import service as duty
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify_seats
from app.people.offices import scope
from app.threads import queries
from app.threads.models import Reply
from app.threads.replies.queries import reply_head
from app.threads.rules import rule_of
from app.threads.service import announce, count

_r = table(Reply)


def delete(db: Session, actor: Actor, reply_id: int) -> None:
    """Delete one's own reply: its record is voided, its place stays, its text is no longer shown."""
    row = reply_head(db.connection(), actor, reply_id)
    if row.account_id != actor.account_id:
        raise Forbidden("只能删除自己的回复。", code="not_yours")
    _take_away(db, actor, row, "deleted", "作者删除")


def hide(db: Session, actor: Actor, reply_id: int, reason: str) -> None:
    """Hide a reply with a reason: it disappears from every figure; its author is told."""
    row = reply_head(db.connection(), actor, reply_id)
    _require_host(db, actor, row.thread_id)
    _take_away(db, actor, row, "hidden", reason)
    audit(db, actor, "reply.hidden", ("reply", reply_id), reason=reason)
    if row.seat_id:
        title = f"您的一条回复已被隐藏：{reason}"
        notify_seats(
            db, actor.organization_id, [row.seat_id], NoticeKind.REPLY_HIDDEN, title, ("reply", reply_id)
        )


def _require_host(db: Session, actor: Actor, thread_id: int) -> None:
    """An office that acts for one committee hides and shows only what is said in its own threads."""
    kind, subject_id = queries.visible_thread(db.connection(), actor, thread_id).subject
    host = rule_of(kind).host(db.connection(), subject_id)
    scope.require(db.connection(), actor, Permission.CONTENT_HIDE, host)


def _take_away(db: Session, actor: Actor, row: AnyRow, what: str, reason: str) -> None:
    marks: dict[str, object] = {f"{what}_at": clock.now()}
    if what == "hidden":
        marks |= {"hidden_by": actor.account_id, "hidden_reason": reason[:200]}
    gone = db.connection().execute(update(_r).where(_r.c.id == row.id, queries.shown).values(marks))
    if gone.rowcount == 0:
        raise NotFound
    count(db, row.thread_id, row.parent_id, -1)
    duty.void(db, ("reply", row.id), reason[:200], actor.account_id, kinds=["reply.posted"])
    _after_change(db, actor, row, f"reply.{what}")


def unhide(db: Session, actor: Actor, reply_id: int) -> None:
    """Show a hidden reply again and record its duty again, at the time when it was done."""
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
    _require_host(db, actor, row.thread_id)
    audit(db, actor, "reply.unhidden", ("reply", reply_id))
    if row.deleted_at is None:
        count(db, row.thread_id, row.parent_id, 1)
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
        duty.invalidate_figures(db, row.to_seat_id)
    live.emit(db, actor.organization_id, "ledger", name)
    announce(db, actor, thread, name, row.id)
    domain_events.publish(db, name, actor.organization_id, ("reply", row.id), by=actor.account_id)
