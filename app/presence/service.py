"""Verbs of presence: be there, go. Nothing is written that did not change, and nothing is audited."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session

from app.auth import desks
from app.auth.actor import Actor
from app.core import clock, live
from app.core.sql import advisory_lock, delete_some, insert, table
from app.presence.models import Presence
from app.presence.queries import GONE_AFTER, Room, is_there, others

#: A heartbeat that comes sooner after the last one (from a second tab) is not written.
_SOON = timedelta(seconds=10)
_p = table(Presence)


def show(db: Session, actor: Actor, room: Room, *, editing: bool) -> list[dict[str, Any]]:
    """Let the others in a room know that the actor is there; who else is."""
    now = clock.now()
    present = (row for row in room.rows if row.account_id == actor.account_id and is_there(row, now))
    own = next(present, None)
    changed = own is None or own.editing != editing
    gone = [row.account_id for row in room.rows if not is_there(row, now)]
    if left := [account_id for account_id in gone if account_id != actor.account_id]:
        # two who come back at the same time would each sweep the other's row and wait for their own
        advisory_lock(db.connection(), f"presence:{room.subject[0]}:{room.subject[1]}")
        db.connection().execute(delete(_p).where(_at(room), _p.c.account_id.in_(left), _old()))
    if own is None or changed or own.seen_at < now - _SOON:
        kind, subject_id = room.subject
        key = {"account_id": actor.account_id, "subject_type": kind, "subject_id": subject_id}
        values: dict[str, Any] = {"editing": editing, "seen_at": now, "unit_id": room.unit_id}
        if own is None:
            values["since"] = now
        new = key | values | {"organization_id": actor.organization_id, "since": now}
        conn = db.connection()
        statement = insert(conn, _p).values(**new)
        conn.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
    if changed or left:
        _announce(db, actor, room)
    return others(actor, room.rows, now)


def leave(db: Session, actor: Actor, room: Room) -> None:
    """The actor has closed the thing; who was not there has changed nothing."""
    if any(row.account_id == actor.account_id for row in room.rows):
        db.connection().execute(delete(_p).where(_at(room), _p.c.account_id == actor.account_id))
        _announce(db, actor, room)


def forget_old(db: Session) -> int:
    """Delete some of the rows that mean nothing any more; how many."""
    return delete_some(db.connection(), _p, _old())


def _old() -> Any:
    return _p.c.seen_at <= clock.now() - GONE_AFTER


def _at(room: Room) -> Any:
    return (_p.c.subject_type == room.subject[0]) & (_p.c.subject_id == room.subject[1])


def _announce(db: Session, actor: Actor, room: Room) -> None:
    """Staff hear of it at the desk; officers, who have none, each by their account."""
    if room.unit_id is None:
        desks.announce(db, actor.organization_id, room.subject, "presence.changed")
        return
    also = f"{desks.subject_of(room.subject[0])}:{room.subject[1]}"
    for one in others(actor, room.rows, clock.now()):
        live.emit(
            db,
            actor.organization_id,
            desks.CHANNEL,
            "presence.changed",
            also=also,
            subject=room.subject,
            account_id=one["account_id"],
        )
