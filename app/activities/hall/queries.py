"""Reads of seatings, by those who work on the activity."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from app.activities.hall.models import HallPlace, HallPlan
from app.activities.hall.places import IS_EXPECTED
from app.activities.hall.rules import ORDER_LABELS, Guest, SeatingOrder
from app.activities.models import Activity, Attendance
from app.activities.queries import require_managed
from app.auth.actor import Actor
from app.core.errors import NotFound
from app.core.paging import PageRows
from app.core.sql import table
from app.people.models import Person, Seat, Sector
from app.people.queries import author_columns, join_author

_a, _plan, _h, _t = table(Activity), table(HallPlan), table(HallPlace), table(Attendance)
_s, _p, _x = table(Seat), table(Person), table(Sector)


def hall(conn: Connection, actor: Actor, activity_id: int) -> dict[str, Any]:
    """The seating of an activity; `NotFound` while there is none."""
    require_managed(conn, actor, activity_id)
    query = select(_plan, _a.c.hall_version.label("version")).join(_a, _a.c.id == _plan.c.activity_id)
    plan = conn.execute(query.where(_plan.c.activity_id == activity_id)).mappings().first()
    if plan is None:
        raise NotFound("还没有排座位。", code="no_hall")
    placed = (_h.c.activity_id == _t.c.activity_id) & (_h.c.seat_id == _t.c.seat_id)
    people = (
        select(_t.c.seat_id, *author_columns(""), _h.c.row, _h.c.chair, IS_EXPECTED.label("expected"))
        .select_from(join_author(_t.join(_h, placed, isouter=True), _t.c.seat_id))
        .where(_t.c.activity_id == activity_id)
        .order_by(_h.c.row, _h.c.chair, _t.c.seat_id)
    )
    rows = [dict(row) for row in conn.execute(people).mappings()]
    return dict(plan) | {
        "order_label": ORDER_LABELS[SeatingOrder(plan["order"])],
        "guests": [row for row in rows if row["expected"] and row["row"]],
        "unplaced": [row for row in rows if row["expected"] and not row["row"]],
        "gone": [row for row in rows if not row["expected"] and row["row"]],
    }


def seating_list(conn: Connection, actor: Actor, activity_id: int) -> PageRows:
    """The seating as rows of one sheet, those without a chair at its end."""
    seating = hall(conn, actor, activity_id)
    return {"items": [*seating["guests"], *seating["unplaced"]], "next": None}


def expected(conn: Connection, activity_id: int) -> list[Guest]:
    """Everybody whom the hall expects."""
    query = (
        select(_t.c.seat_id, _p.c.name, _x.c.position)
        .select_from(join_author(_t, _t.c.seat_id))
        .where(_t.c.activity_id == activity_id, IS_EXPECTED)
    )
    return [Guest(*row) for row in conn.execute(query)]


def places(conn: Connection, activity_id: int) -> Mapping[int, tuple[int, int]]:
    """The chair of each seat that has one."""
    query = select(_h.c.seat_id, _h.c.row, _h.c.chair).where(_h.c.activity_id == activity_id)
    return {row.seat_id: (row.row, row.chair) for row in conn.execute(query)}
