"""Verbs of saved views: add, change, delete. The last one to save wins."""

from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlmodel import Session

from app.auth.actor import Actor
from app.core import clock
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.sql import advisory_lock, table
from app.saved_views import queries
from app.saved_views.models import SavedView
from app.saved_views.rules import MOST, MOST_OF_DESK
from app.saved_views.schemas import ViewContent, ViewIn, ViewOut

_v = table(SavedView)


def add(db: Session, actor: Actor, new: ViewIn) -> ViewOut:
    """A new view of the actor's, shared with an office on demand; at most `MOST_OF_DESK` of a person for a desk."""
    conn = db.connection()
    advisory_lock(conn, f"saved_views:{actor.account_id}")
    # what was left with an office that one has left is no longer one's own
    here = _v.c.office_id.is_(None) | _v.c.office_id.in_(queries.own_offices(actor))
    own = (_v.c.account_id == actor.account_id) & (_v.c.organization_id == actor.organization_id)
    made = own & here
    if _count(db, made & (_v.c.desk == new.desk)) >= MOST_OF_DESK:
        raise Conflict(
            f"这里的常用筛选已满 {MOST_OF_DESK} 个，请先删除不用的。", code="too_many_views", state="full"
        )
    if _count(db, made) >= MOST:
        raise Conflict(f"常用筛选已满 {MOST} 个，请先删除不用的。", code="too_many_views", state="full")
    values = _values(db, actor, new) | {
        "organization_id": actor.organization_id,
        "account_id": actor.account_id,
        "desk": new.desk,
    }
    view_id = conn.execute(insert(_v).values(values).returning(_v.c.id)).scalar_one()
    return _shown(db, actor, view_id)


def change(db: Session, actor: Actor, view_id: int, content: ViewContent) -> ViewOut:
    """Change an own view or one of the actor's office; only who made it takes it back from the office."""
    conn, view = db.connection(), queries.one(db.connection(), actor, view_id)
    values = _values(db, actor, content, view["office_id"])
    if view["shared"] and not view["mine"] and values["office_id"] != view["office_id"]:
        raise Forbidden("只有创建人可以取消共享，或者改为与别的科室共享。", code="maker_only")
    conn.execute(update(_v).where(_v.c.id == view_id).values(values))
    return _shown(db, actor, view_id)


def remove(db: Session, actor: Actor, view_id: int) -> None:
    """Delete an own view, or one of the actor's office."""
    queries.one(db.connection(), actor, view_id)
    db.connection().execute(delete(_v).where(_v.c.id == view_id))


def _count(db: Session, which: ColumnElement[bool]) -> int:
    return db.connection().execute(select(func.count()).select_from(_v).where(which)).scalar_one()


def _values(db: Session, actor: Actor, content: ViewContent, present: int | None = None) -> dict[str, Any]:
    values = content.model_dump(include={"name", "query", "columns", "position"})
    office_id = _office(db, actor, content.office_id or present) if content.shared else None
    return values | {"office_id": office_id, "edited_at": clock.now()}


def _office(db: Session, actor: Actor, office_id: int | None) -> int:
    """The office to share with: the one that is named, else the only one of the actor."""
    offices = queries.offices_of(db.connection(), actor)
    if not offices:
        raise Invalid("您不在任何科室，不能与科室共享。", code="no_office")
    if office_id is None:
        if len(offices) > 1:
            raise Invalid("您在几个科室工作，请选择与哪个科室共享。", code="office_required")
        (office_id,) = offices
    if office_id not in offices:
        raise Invalid("只能与自己所在的科室共享。", code="other_office")
    return office_id


def _shown(db: Session, actor: Actor, view_id: int) -> ViewOut:
    return ViewOut.model_validate(queries.one(db.connection(), actor, view_id))
