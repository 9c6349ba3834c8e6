"""Verbs of venues: set, change, remove; the posted hear of it, and the audit log keeps who did it."""

import secrets
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, exists, insert, select, update
from sqlmodel import Session

from app.activities.models import Activity
from app.audit.service import log as audit
from app.auth.actor import Actor
from app.casefiles import steps
from app.consultations.matters.models import Matter
from app.consultations.venues import queries
from app.consultations.venues.models import Venue, VenueMember
from app.consultations.venues.rules import VenueLevel, is_above
from app.consultations.venues.schemas import VenueIn, VenueOut, VenueStayIn
from app.core.errors import Conflict, Forbidden, Invalid, Stale
from app.core.sql import advisory_lock, table
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify_seats, settle
from app.people.models import Seat

_v, _m, _a, _s, _x = (table(model) for model in (Venue, VenueMember, Activity, Seat, Matter))
#: No letter or digit of a public code is taken for another one.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_BRANCH = update(_v).where(_v.c.id == bindparam("moved")).values(branch=bindparam("now"))


def create(db: Session, actor: Actor, new: VenueIn, address: str) -> VenueOut:
    """Add a venue; who is posted there hears of it."""
    hold(db, actor.organization_id)
    values, stays = _values(db, actor, new, None)
    [venue_id] = write(db, actor.organization_id, [values])
    branch_out(db, actor.organization_id)
    _post(db, actor, venue_id, new.name, stays)
    audit(db, actor, "venue.created", ("venue", venue_id))
    return _read(db, actor, venue_id, address)


def edit(db: Session, actor: Actor, venue_id: int, version: int, new: VenueIn, address: str) -> VenueOut:
    """Change a venue, who is posted there, or the day on which it closes."""
    hold(db, actor.organization_id)
    row = steps.lock(db, select(_v).where(_v.c.id == venue_id, queries.visible_to(actor)))
    if row.version != version:
        raise Stale(current=queries.read(db.connection(), actor, venue_id, address))
    values, stays = _values(db, actor, new, venue_id)
    db.connection().execute(update(_v).where(_v.c.id == venue_id).values(values | {"version": version + 1}))
    if values["parent_id"] != row.parent_id:
        branch_out(db, actor.organization_id)
    _post(db, actor, venue_id, new.name, stays)
    audit(db, actor, "venue.edited", ("venue", venue_id))
    return _read(db, actor, venue_id, address)


def set_hours(
    db: Session, actor: Actor, venue_id: int, version: int, opening_hours: str, address: str
) -> VenueOut:
    """Change when a venue is open, as who convenes there."""
    hold(db, actor.organization_id)
    row = steps.lock(db, select(_v).where(_v.c.id == venue_id, queries.visible_to(actor)))
    before = queries.read(db.connection(), actor, venue_id, address)
    if "set_hours" not in before["actions"]:
        raise Forbidden
    if row.version != version:
        raise Stale(current=before)
    changes = {"opening_hours": opening_hours, "version": version + 1}
    db.connection().execute(update(_v).where(_v.c.id == venue_id).values(changes))
    audit(db, actor, "venue.hours_set", ("venue", venue_id))
    return _read(db, actor, venue_id, address)


def remove(db: Session, actor: Actor, venue_id: int) -> None:
    """Remove a venue that was added by mistake; one with venues below it, activities or matters is closed instead."""
    hold(db, actor.organization_id)
    conn = db.connection()
    row = steps.lock(db, select(_v).where(_v.c.id == venue_id, queries.visible_to(actor)))
    if conn.scalar(select(exists().where(_v.c.parent_id == venue_id))):
        raise Conflict("还有下级场所，请先调整它们的上级。", code="venue_in_use", state="above")
    if conn.scalar(select(exists().where(_a.c.venue_id == venue_id))):
        raise Conflict("已有活动在这里举办，不能删除，请设定关闭日期。", code="venue_in_use", state="used")
    if conn.scalar(select(exists().where(_x.c.venue_id == venue_id))):
        raise Conflict("这里已经收集议题，不能删除，请设定关闭日期。", code="venue_in_use", state="used")
    posted = set(
        conn.scalars(select(_m.c.seat_id).where(_m.c.venue_id == venue_id, queries.present(actor.today)))
    )
    settle(db, ("venue", venue_id))
    _tell_left(db, actor, venue_id, row.name, posted)
    conn.execute(delete(_m).where(_m.c.venue_id == venue_id))
    conn.execute(delete(_v).where(_v.c.id == venue_id))
    audit(db, actor, "venue.removed", ("venue", venue_id))


def hold(db: Session, organization_id: int) -> None:
    """Let one writer at a time change the tree of an organization."""
    advisory_lock(db.connection(), f"venues {organization_id}")


def write(db: Session, organization_id: int, values: list[dict[str, Any]]) -> list[int]:
    """Write new venues, each with a public code of its own; their ids."""
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in values]
    rows = [
        one | {"organization_id": organization_id, "version": 1, "branch": "", "code": code}
        for one, code in zip(values, codes, strict=True)
    ]
    made = insert(_v).returning(_v.c.code, _v.c.id)  # in any order
    ids = {row.code: row.id for row in db.connection().execute(made, rows)} if rows else {}
    return [ids[code] for code in codes]


def branch_out(db: Session, organization_id: int) -> None:
    """Write the branch of every venue whose place in the tree has changed."""
    conn = db.connection()
    found = select(_v.c.id, _v.c.parent_id, _v.c.branch).where(_v.c.organization_id == organization_id)
    rows = {row.id: row for row in conn.execute(found)}

    def branch(venue_id: int) -> str:
        parent_id = rows[venue_id].parent_id
        return (branch(parent_id) if parent_id else "") + f"{venue_id:0{queries.DIGITS}d}"

    moved = [{"moved": row.id, "now": now} for row in rows.values() if (now := branch(row.id)) != row.branch]
    if moved:
        conn.execute(_BRANCH, moved)


def misplaced(level: VenueLevel, above: str | None, below: Collection[str]) -> str | None:
    """Why a venue of a level cannot stand between others of some levels; None when it can."""
    if above is not None and not is_above(VenueLevel(above), level):
        return "上级场所的层级要高于本场所。"
    if any(not is_above(level, VenueLevel(one)) for one in below):
        return "本场所的层级要高于它的下级场所。"
    return None


def _values(
    db: Session, actor: Actor, new: VenueIn, venue_id: int | None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The columns of a venue and its stays; `Invalid` for what does not fit together."""
    conn, values = db.connection(), new.model_dump(exclude={"members"})
    own = select(_v.c.level).where(_v.c.organization_id == actor.organization_id)
    above = conn.scalar(own.where(_v.c.id == new.parent_id)) if new.parent_id else None
    if new.parent_id and above is None:
        raise Invalid("没有这个上级场所。", code="unknown_parent")
    below = conn.scalars(own.where(_v.c.parent_id == venue_id)).all() if venue_id else []
    if wrong := misplaced(new.level, above, below):
        raise Invalid(wrong, code="venue_misplaced")
    beside = _v.c.parent_id == new.parent_id if new.parent_id else _v.c.parent_id.is_(None)
    if conn.scalar(own.where(beside, _v.c.name == new.name, _v.c.id != (venue_id or 0)).limit(1)):
        raise Invalid("同一上级下已有同名的场所。", code="venue_exists")
    if new.convener_id is not None:
        if not queries.may_convene(conn, actor, new.convener_id):
            raise Invalid("没有这个召集人账号。", code="unknown_convener")
        values["convener_name"] = ""
    return values, _stays(db, actor, new.members)


def _stays(db: Session, actor: Actor, members: list[VenueStayIn]) -> list[dict[str, Any]]:
    """Stays that begin in office and do not overlap; `Invalid` otherwise."""
    stays = [one.model_dump() | {"starts_on": one.starts_on or actor.today} for one in members]
    wanted = {one["seat_id"] for one in stays}
    held = select(_s.c.id, _s.c.starts_on, _s.c.ends_on).where(
        _s.c.organization_id == actor.organization_id, _s.c.id.in_(wanted)
    )
    terms = {row.id: row for row in db.connection().execute(held)}
    last = dict[int, date]()
    for one in sorted(stays, key=lambda one: (one["seat_id"], one["starts_on"])):
        term = terms.get(one["seat_id"])
        if term is None or not term.starts_on <= one["starts_on"] <= term.ends_on:
            raise Invalid("有委员在派驻开始当天不在任，请核对日期。", code="not_in_office")
        if one["ends_on"] and one["ends_on"] < one["starts_on"]:
            raise Invalid("派驻截止日期早于开始日期。", code="bad_period")
        if one["starts_on"] <= last.get(one["seat_id"], date.min):
            raise Invalid("同一位委员的派驻时间有重叠。", code="stays_overlap")
        last[one["seat_id"]] = one["ends_on"] or date.max
    return stays


def _post(db: Session, actor: Actor, venue_id: int, name: str, stays: list[dict[str, Any]]) -> None:
    """Replace who is posted at a venue; who comes or leaves hears of it."""
    conn = db.connection()
    here = _m.c.venue_id == venue_id
    before = set(conn.scalars(select(_m.c.seat_id).where(here, queries.present(actor.today))))
    conn.execute(delete(_m).where(here))
    if stays:
        conn.execute(insert(_m), [one | {"venue_id": venue_id} for one in stays])
    now = set(conn.scalars(select(_m.c.seat_id).where(here, queries.present(actor.today))))
    tell_posted(db, actor.organization_id, now - before, f"“{name}”", venue_id)
    _tell_left(db, actor, venue_id, name, before - now)


def tell_posted(db: Session, organization_id: int, seats: Collection[int], where: str, venue_id: int) -> None:
    """Tell members where they are posted."""
    title, subject = f"请您到{where}联系群众", ("venue", venue_id)
    notify_seats(db, organization_id, seats, NoticeKind.VENUE_POSTED, title, subject)


def _tell_left(db: Session, actor: Actor, venue_id: int, name: str, seats: Collection[int]) -> None:
    title = f"您在“{name}”的派驻已由机关结束"
    subject = ("venue", venue_id)
    notify_seats(db, actor.organization_id, seats, NoticeKind.VENUE_LEFT, title, subject)


def _read(db: Session, actor: Actor, venue_id: int, address: str) -> VenueOut:
    return VenueOut.model_validate(queries.read(db.connection(), actor, venue_id, address))
