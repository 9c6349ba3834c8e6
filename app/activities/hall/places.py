"""The chair of a member; the caller has asked who may see the activity."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from app.activities.hall.models import HallPlace
from app.activities.models import Attendance
from app.activities.rules import EXPECTED
from app.core.sql import table

_h, _t = table(HallPlace), table(Attendance)
#: Rows of attendance of those whom the hall expects.
IS_EXPECTED: ColumnElement[bool] = _t.c.state.in_(EXPECTED)


def place_of(conn: Connection, activity_id: int, seat_ids: Collection[int]) -> dict[str, Any] | None:
    """Where one of some seats sits, while it is expected."""
    placed = (_t.c.activity_id == _h.c.activity_id) & (_t.c.seat_id == _h.c.seat_id)
    query = select(_h.c.row, _h.c.chair).join(_t, placed)
    query = query.where(_h.c.activity_id == activity_id, _h.c.seat_id.in_(seat_ids), IS_EXPECTED)
    row = conn.execute(query).mappings().first()
    return dict(row) if row else None
