"""Verbs of internal notes: post, edit, delete."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlmodel import Session

from app.auth import desks
from app.auth.actor import Actor
from app.core import clock
from app.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.core.sql import AnyRow, table
from app.notes import colleagues, queries
from app.notes.models import InternalNote
from app.notes.schemas import InternalNoteIn, NotePatch, ReplyNote
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify

#: Notes and replies on one thing.
MOST = 500
_n = table(InternalNote)


def post(db: Session, actor: Actor, new: InternalNoteIn) -> ReplyNote:
    """Write a note on something that the actor works on, or a reply to one; those who are called by @ are told."""
    conn, subject = db.connection(), desks.parse(new.subject)
    desks.require(conn, actor, subject)
    about = (_n.c.subject_type == subject[0]) & (_n.c.subject_id == subject[1])
    if conn.execute(select(func.count()).select_from(_n).where(about)).scalar_one() >= MOST:
        raise Conflict(
            f"这里的备注已满 {MOST} 条，请整理后写入正文或意见。", code="too_many_notes", state="full"
        )
    if new.parent_id is not None:
        parent = conn.execute(select(_n.c.parent_id, _n.c.deleted_at).where(_n.c.id == new.parent_id, about))
        _require_top(parent.one_or_none())
    called = colleagues.check(conn, actor, subject, new.mentions)
    values: dict[str, Any] = {
        "organization_id": actor.organization_id,
        "subject_type": subject[0],
        "subject_id": subject[1],
        "parent_id": new.parent_id,
        "account_id": actor.account_id,
        "body": new.body,
        "mentions": called,
        "version": 1,
        "created_at": clock.now(),
    }
    note_id = conn.execute(insert(_n).values(values).returning(_n.c.id)).scalar_one()
    _tell(db, actor, subject, note_id, called)
    desks.announce(db, actor.organization_id, subject, "internal_note.posted", note_id)
    return _shown(db, actor, note_id)


def _require_top(parent: AnyRow | None) -> None:
    if parent is None:
        raise NotFound("没有这条备注。", code="no_note")
    if parent.deleted_at is not None:
        raise Conflict("这条备注已删除，不能再回复。", code="note_deleted", state="deleted")
    if parent.parent_id is not None:
        raise Invalid("请回复最上面的那条备注。", code="reply_to_reply")


def edit(db: Session, actor: Actor, note_id: int, version: int, patch: NotePatch) -> ReplyNote:
    """Change the text of an own note over a version; who is newly called by @ is told."""
    note = _own(db, actor, note_id)
    conn, subject = db.connection(), (note.subject_type, note.subject_id)
    if note.deleted_at is not None:
        raise Conflict("这条备注已删除。", code="note_deleted", state="deleted")
    called = note.mentions
    if patch.mentions is not None:
        called = colleagues.check(conn, actor, subject, patch.mentions)
    changes = {"body": patch.body, "mentions": called, "version": version + 1, "edited_at": clock.now()}
    standing = (_n.c.id == note_id) & (_n.c.version == version) & _n.c.deleted_at.is_(None)
    if not conn.execute(update(_n).where(standing).values(changes)).rowcount:
        raise Stale(current=_shown(db, actor, note_id).model_dump(mode="json"))
    _tell(db, actor, subject, note_id, set(called) - set(note.mentions))
    desks.announce(db, actor.organization_id, subject, "internal_note.edited", note_id)
    return _shown(db, actor, note_id)


def delete(db: Session, actor: Actor, note_id: int) -> None:
    """Delete an own note: its text is gone, its line and the replies to it stay; again it changes nothing."""
    note = _own(db, actor, note_id)
    gone = {"body": "", "mentions": [], "version": _n.c.version + 1, "deleted_at": clock.now()}
    standing = (_n.c.id == note_id) & _n.c.deleted_at.is_(None)
    if db.connection().execute(update(_n).where(standing).values(gone)).rowcount:
        subject = (note.subject_type, note.subject_id)
        desks.announce(db, actor.organization_id, subject, "internal_note.deleted", note_id)


def _own(db: Session, actor: Actor, note_id: int) -> AnyRow:
    """The row of a note that the actor wrote; `NotFound` for who does not work on its subject."""
    conn = db.connection()
    own = (_n.c.id == note_id) & (_n.c.organization_id == actor.organization_id)
    row = conn.execute(select(_n).where(own)).one_or_none()
    if row is None:
        raise NotFound
    desks.require(conn, actor, (row.subject_type, row.subject_id))
    if row.account_id != actor.account_id:
        raise Forbidden("只能修改、删除自己写的备注。", code="not_yours")
    return row


def _tell(
    db: Session, actor: Actor, subject: tuple[str, int], note_id: int, account_ids: Collection[int]
) -> None:
    about = ("internal_note", note_id)
    kind, words = NoticeKind.INTERNAL_NOTE_MENTIONED, "{who}在内部备注中提到您"
    notify(db, actor.organization_id, account_ids, kind, words, about, by=actor, place=subject)


def _shown(db: Session, actor: Actor, note_id: int) -> ReplyNote:
    return ReplyNote.model_validate(queries.one(db.connection(), actor, note_id))
