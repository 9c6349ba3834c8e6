"""Verbs of seatings: fill a hall by a rule, change it by hand, drop it."""

from collections.abc import Mapping

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session

from app.activities.hall import queries
from app.activities.hall.models import HallPlace, HallPlan
from app.activities.hall.rules import Place, seated
from app.activities.hall.schemas import HallIn, HallOut, PlaceIn
from app.activities.models import Activity
from app.activities.queries import require_running
from app.audit.service import log as audit
from app.auth.actor import Actor
from app.core import clock, live
from app.core.errors import Conflict, Invalid, NotFound, Stale
from app.core.sql import table

_a, _plan, _h = table(Activity), table(HallPlan), table(HallPlace)


def _begin(db: Session, actor: Actor, activity_id: int, version: int) -> None:
    """Begin a change over a version of the seating (0: there is none); `Stale` when a colleague was faster."""
    conn = db.connection()
    conn.execute(select(_a.c.id).where(_a.c.id == activity_id).with_for_update())
    require_running(conn, actor, activity_id)
    try:
        present = queries.hall(conn, actor, activity_id)
    except NotFound:
        present = None
    if version != (present["version"] if present else 0):
        shown = HallOut.model_validate(present).model_dump(mode="json") if present else None
        raise Stale("同事刚刚动过座次，请看过现在的座次再定。", current=shown)
    # a seating that was dropped and filled again has another version than before
    conn.execute(update(_a).where(_a.c.id == activity_id).values(hall_version=_a.c.hall_version + 1))


def fill(db: Session, actor: Actor, activity_id: int, version: int, hall: HallIn) -> HallOut:
    """Give everybody who is expected a chair; who sits in the rows in front, stays there."""
    _begin(db, actor, activity_id, version)
    conn = db.connection()
    guests = queries.expected(conn, activity_id)
    coming = {guest.seat_id for guest in guests}
    rows = conn.scalar(select(_plan.c.front_rows).where(_plan.c.activity_id == activity_id)) or 0
    by_hand = min(rows, hall.front_rows)  # the rule has filled the rows behind those
    front = {
        seat_id: Place(*place)
        for seat_id, place in queries.places(conn, activity_id).items()
        if seat_id in coming and place[0] <= by_hand and place[1] <= hall.columns
    }
    chairs = seated(
        guests,
        hall.order,
        rows=hall.rows,
        columns=hall.columns,
        front_rows=hall.front_rows,
        front=front,
    )
    if chairs is None:
        free = (hall.rows - hall.front_rows) * hall.columns
        behind = f"除去前 {hall.front_rows} 排领导席，" if hall.front_rows else ""
        raise Invalid(
            f"座位不够：要坐 {len(guests) - len(front)} 人，{behind}只有 {free} 个座位。请加排数或每排座位。",
            code="too_few_chairs",
        )
    conn.execute(delete(_h).where(_h.c.activity_id == activity_id))
    conn.execute(delete(_plan).where(_plan.c.activity_id == activity_id))
    by = {"made_by": actor.account_id, "made_at": clock.now()}
    conn.execute(insert(_plan).values(activity_id=activity_id, **hall.model_dump(), **by))
    _write(db, activity_id, chairs)
    audit(db, actor, "hall.filled", ("activity", activity_id), rows=hall.rows, columns=hall.columns)
    return _out(db, actor, activity_id)


def move(db: Session, actor: Actor, activity_id: int, seat_id: int, version: int, to: PlaceIn) -> HallOut:
    """Seat somebody on a chair; who sits there takes the chair that becomes free, if there is one."""
    _begin(db, actor, activity_id, version)
    conn = db.connection()
    plan = conn.execute(select(_plan).where(_plan.c.activity_id == activity_id)).first()
    if plan is None:
        raise NotFound("还没有排座位。", code="no_hall")
    if to.row > plan.rows or to.chair > plan.columns:
        raise Invalid(f"会场只有 {plan.rows} 排，每排 {plan.columns} 个座位。", code="no_chair")
    coming = {guest.seat_id for guest in queries.expected(conn, activity_id)}
    if seat_id not in coming:
        raise Conflict("这位委员不在应到名单里，可能刚刚请假。", code="not_expected", state="gone")
    places, target = queries.places(conn, activity_id), Place(to.row, to.chair)
    origin = places.get(seat_id)
    there = next((other for other, place in places.items() if place == target), None)
    chairs = {seat_id: target}
    if there is not None and there in coming and there != seat_id and origin:
        chairs[there] = Place(*origin)
    changed = [seat_id] if there is None else [seat_id, there]
    conn.execute(delete(_h).where(_h.c.activity_id == activity_id, _h.c.seat_id.in_(changed)))
    _write(db, activity_id, chairs)
    return _out(db, actor, activity_id)


def drop(db: Session, actor: Actor, activity_id: int, version: int) -> None:
    """Drop the seating: members see no chair any more."""
    _begin(db, actor, activity_id, version)
    conn = db.connection()
    conn.execute(delete(_h).where(_h.c.activity_id == activity_id))
    conn.execute(delete(_plan).where(_plan.c.activity_id == activity_id))
    audit(db, actor, "hall.dropped", ("activity", activity_id))
    _changed(db, actor, activity_id)


def _write(db: Session, activity_id: int, chairs: Mapping[int, Place]) -> None:
    rows = [{"activity_id": activity_id, "seat_id": s, **place._asdict()} for s, place in chairs.items()]
    if rows:
        db.connection().execute(insert(_h), rows)


def _changed(db: Session, actor: Actor, activity_id: int) -> None:
    subject = ("activity", activity_id)
    live.emit(db, actor.organization_id, "activities", "activity.changed", subject=subject)


def _out(db: Session, actor: Actor, activity_id: int) -> HallOut:
    _changed(db, actor, activity_id)
    return HallOut.model_validate(queries.hall(db.connection(), actor, activity_id))
