"""Verbs of drafts: save, delete."""

from pydantic_core import to_json
from sqlalchemy import delete as sql_delete
from sqlalchemy import func, select, update
from sqlmodel import Session

from app.auth.actor import Actor
from app.auth.sessions import devices
from app.core import clock
from app.core.errors import Conflict, Stale, TooLarge
from app.core.sql import insert_new, table
from app.drafts import queries
from app.drafts.models import Draft
from app.drafts.schemas import DraftIn, DraftOut

MOST = 200
MOST_BYTES = 200_000
_d = table(Draft)


def save(db: Session, actor: Actor, kind: str, key: str, version: int, draft: DraftIn) -> DraftOut:
    """Save a text over `version`, 0 for a new one; `Stale` carries the present one, or none when it is gone.

    Saving what is there changes nothing.
    """
    if len(to_json(draft.words)) > MOST_BYTES:
        raise TooLarge("这份草稿太长，只保存在本机。", code="draft_too_large")
    conn, said = db.connection(), draft.model_dump()
    name = {"account_id": actor.account_id, "kind": kind, "key": key}
    device = devices.name_of(conn, actor.session_id)
    new = said | {"version": version + 1, "device": device, "edited_at": clock.now()}
    if version:
        mine = (_d.c[column] == value for column, value in name.items())
        saved = bool(conn.execute(update(_d).where(*mine, _d.c.version == version).values(new)).rowcount)
    else:
        _require_room(db, actor)
        saved = insert_new(conn, _d, name | new)
    present = queries.find(conn, actor, kind, key)
    if present is None or not (saved or all(present[field] == value for field, value in said.items())):
        raise Stale(current=present and DraftOut.model_validate(present).model_dump(mode="json"))
    return DraftOut.model_validate(present)


def _require_room(db: Session, actor: Actor) -> None:
    mine = select(func.count()).select_from(_d).where(_d.c.account_id == actor.account_id)
    if db.connection().execute(mine).scalar_one() >= MOST:
        raise Conflict(
            f"服务器上的草稿已满 {MOST} 份，这一份只保存在本机。请先删除不用的草稿。",
            code="too_many_drafts",
            state="full",
        )


def delete(db: Session, actor: Actor, kind: str, key: str, text_id: str | None) -> None:
    """Delete a draft, unless another text than `text_id` has taken its place; what is not there is deleted already."""
    gone = sql_delete(_d).where(_d.c.account_id == actor.account_id, _d.c.kind == kind, _d.c.key == key)
    if text_id:
        gone = gone.where(_d.c.text_id == text_id)
    db.connection().execute(gone)
