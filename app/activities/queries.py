"""Reads of activities: members see those they are invited to, staff and leaders all of their organization."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, or_, select

from app.activities.hall.places import place_of
from app.activities.models import Activity, Attendance
from app.activities.program.queries import agenda, papers
from app.activities.rules import KIND_LABELS, STATE_LABELS, ActivityKind, AttendanceState, allowed_actions
from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission, Role
from app.auth.subjects import Subject
from app.core import clock
from app.core.errors import Conflict, NotFound
from app.core.paging import PageRows, after, before, decode_cursor, page
from app.core.sql import table
from app.people.duty_years import local_time
from app.people.offices import scope
from app.people.offices.scope import reach
from app.people.queries import author_columns, join_author

When = Literal["upcoming", "past", "held", "all"]
#: What an activity waits for: that its attendance is closed.
Waiting = Literal["closing"]

_a, _t = table(Activity), table(Attendance)


def took_place(now: datetime) -> ColumnElement[bool]:
    """Activities that are over and were not cancelled."""
    return (_a.c.ends_at < now) & _a.c.cancelled_at.is_(None)


def sees_all(actor: Actor) -> bool:
    """Whether the actor sees every activity of the organization, with its figures."""
    return actor.may(Permission.ACTIVITY_MANAGE) or Role.LEADER in actor.roles


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows of `activity` that the actor may see."""
    mine = select(_t.c.activity_id).where(_t.c.seat_id.in_(actor.seat_ids))
    return and_(
        _a.c.organization_id == actor.organization_id,
        literal(actor.may(Permission.ACTIVITY_READ)),
        or_(literal(sees_all(actor)), _a.c.id.in_(mine)),
    )


def waits_for(actor: Actor, waiting: Waiting) -> ColumnElement[bool]:
    """Activities that wait for the actor, who manages all of them or those of their committees."""
    t = _t.alias("unclosed")  # the list joins the reader's own attendance
    invited = select(t.c.activity_id).where(t.c.activity_id == _a.c.id, t.c.state == AttendanceState.INVITED)
    found = {
        "closing": (_a.c.ends_at < clock.now()) & _a.c.cancelled_at.is_(None) & invited.correlate(_a).exists()
    }[waiting]
    if Permission.ACTIVITY_MANAGE in actor.limited:
        return found & _a.c.committee_id.in_(scope.own_committees(actor))
    return found & literal(actor.may(Permission.ACTIVITY_MANAGE))


def visible_activities(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of some activities the actor may see."""
    return set(conn.scalars(select(_a.c.id).where(_a.c.id.in_(ids), visible_to(actor))))


_titles = subjects.titled(_a.c.id, _a.c.title)
subjects.register(
    Subject("activity", "会议活动", visible_activities, "/api/v1/activities/{id}", titles=_titles)
)


def _activities(actor: Actor) -> Select[Any]:
    mine = (_t.c.activity_id == _a.c.id) & _t.c.seat_id.in_(actor.seat_ids)
    return (
        select(
            _a.c.id,
            _a.c.kind,
            _a.c.title,
            _a.c.place,
            _a.c.venue_id,
            _a.c.online_link,
            _a.c.online_number,
            _a.c.starts_at,
            _a.c.ends_at,
            _a.c.half_days,
            _a.c.must_attend,
            _a.c.committee_id,
            _a.c.cancelled_at,
            _a.c.version,
            _t.c.state.label("my_state"),
            _t.c.reason.label("my_reason"),
        )
        .select_from(_a.join(_t, mine, isouter=True))
        .where(visible_to(actor))
    )


def _rows(conn: Connection, actor: Actor, query: Select[Any]) -> list[dict[str, Any]]:
    now, rows = clock.now(), [dict(r) for r in conn.execute(query).mappings()]
    counts = _counts(conn, [r["id"] for r in rows]) if sees_all(actor) else {}
    reader = reach(conn, actor)
    at = {("venue", row["venue_id"]) for row in rows if row["venue_id"]}
    venues = subjects.titles(conn, at)
    for row in rows:
        row["venue"] = venues.get(("venue", row["venue_id"]))
        row["kind_label"] = KIND_LABELS[ActivityKind(row["kind"])]
        state = row["my_state"]
        row["my_state_label"] = STATE_LABELS[AttendanceState(state)] if state else None
        period = (row["starts_at"], row["ends_at"])
        off = row["cancelled_at"] is not None
        toward = reader.toward(row["committee_id"])
        row["is_online"] = online = bool(row["online_link"] or row["online_number"])
        row["may"] = [] if off else allowed_actions(toward.permissions, state, *period, now, online=online)
        if off or (state is None and "edit" not in row["may"]):
            row["online_link"] = row["online_number"] = ""
        row["counts"] = counts.get(row["id"])
    return rows


def _counts(conn: Connection, ids: Collection[int]) -> dict[int, dict[str, int]]:
    found = {i: dict.fromkeys(map(str, AttendanceState), 0) for i in ids}
    rows = select(_t.c.activity_id, _t.c.state, func.count().label("seats"))
    for row in conn.execute(rows.where(_t.c.activity_id.in_(ids)).group_by(_t.c.activity_id, _t.c.state)):
        found[row.activity_id][row.state] = row.seats
    return found


class ActivityFilter(NamedTuple):
    """Which activities a list holds."""

    mine: bool = False
    kind: ActivityKind | None = None
    venue_id: int | None = None
    year: int | None = None


def _narrowed(conn: Connection, actor: Actor, wanted: ActivityFilter) -> Select[Any]:
    query = _activities(actor)
    if wanted.mine:
        query = query.where(_t.c.seat_id.is_not(None))
    if wanted.kind is not None:
        query = query.where(_a.c.kind == wanted.kind)
    if wanted.venue_id is not None:
        query = query.where(_a.c.venue_id == wanted.venue_id)
    if wanted.year is not None:
        begins, ends = local_time(conn, actor.organization_id).moments(wanted.year)
        query = query.where(_a.c.starts_at >= begins, _a.c.starts_at < ends)
    return query


def page_of_activities(
    conn: Connection,
    actor: Actor,
    when: When,
    wanted: ActivityFilter,
    cursor: str | None,
    limit: int,
    waiting: Waiting | None = None,
) -> PageRows:
    """Upcoming ones soonest first, all others newest first."""
    query, now = _narrowed(conn, actor, wanted), clock.now()
    if waiting is not None:
        query = query.where(waits_for(actor, waiting))
    key = [_a.c.starts_at, _a.c.id]
    if when == "upcoming":
        query = query.where(_a.c.ends_at >= now).order_by(*key)
        if cursor:
            query = query.where(after(key, decode_cursor(cursor, datetime, int)))
    else:
        query = query.order_by(*(c.desc() for c in key))
        if when == "past":
            query = query.where(_a.c.ends_at < now)
        if when == "held":
            query = query.where(took_place(now))
        if cursor:
            query = query.where(before(key, decode_cursor(cursor, datetime, int)))
    rows = _rows(conn, actor, query.limit(limit + 1))
    for row in rows:
        del row["online_link"], row["online_number"]
    return page(rows, limit, ["starts_at", "id"])


def activity(conn: Connection, actor: Actor, activity_id: int) -> dict[str, Any]:
    """One activity with its agenda and papers; `NotFound` when the actor may not see it."""
    rows = _rows(conn, actor, _activities(actor).where(_a.c.id == activity_id))
    if not rows:
        raise NotFound
    return rows[0] | {
        "agenda": agenda(conn, activity_id),
        "papers": papers(conn, activity_id),
        "my_place": place_of(conn, activity_id, actor.seat_ids),
    }


def require_managed(conn: Connection, actor: Actor, activity_id: int) -> None:
    """`NotFound` for an activity that the actor may not see, `Forbidden` for one of others' committees."""
    subjects.require(conn, actor, "activity", activity_id)
    host = conn.scalar(select(_a.c.committee_id).where(_a.c.id == activity_id))
    scope.require(conn, actor, Permission.ACTIVITY_MANAGE, host)


def require_running(conn: Connection, actor: Actor, activity_id: int) -> None:
    """As `require_managed`; `Conflict` for a cancelled activity."""
    require_managed(conn, actor, activity_id)
    if conn.scalar(select(_a.c.cancelled_at).where(_a.c.id == activity_id)) is not None:
        raise Conflict("活动已经取消。", code="activity_cancelled", state="cancelled")


def page_of_attendance(
    conn: Connection,
    actor: Actor,
    activity_id: int,
    state: AttendanceState | None,
    cursor: str | None,
    limit: int,
) -> PageRows:
    """The seats of an activity, in the order of the roster."""
    require_managed(conn, actor, activity_id)
    query = (
        select(
            _t.c.seat_id,
            *author_columns(""),
            _t.c.state,
            _t.c.half_days,
            _t.c.reason,
            _t.c.decided_at,
        )
        .select_from(join_author(_t, _t.c.seat_id))
        .where(_t.c.activity_id == activity_id)
    )
    if state is not None:
        query = query.where(_t.c.state == state)
    if cursor:
        query = query.where(_t.c.seat_id > decode_cursor(cursor, int)[0])
    rows = [dict(r) for r in conn.execute(query.order_by(_t.c.seat_id).limit(limit + 1)).mappings()]
    for row in rows:
        row["state_label"] = STATE_LABELS[AttendanceState(row["state"])]
    return page(rows, limit, ["seat_id"])
