"""What `lvyi recount` proves of activities."""

from sqlalchemy import Connection, select

from app.activities.models import Activity, Attendance
from app.activities.rules import RECORDED, State
from app.core.sql import table
from app.duty import recount
from app.duty.models import DutyRecord
from app.duty.recount import Check, Difference

_a, _t, _r = table(Activity), table(Attendance), table(DutyRecord)
_running = _t.c.activity_id.in_(select(_a.c.id).where(_a.c.cancelled_at.is_(None)))


def _half_days(conn: Connection) -> list[Difference]:
    """The half-days of each attendance, against its record."""
    rows = conn.execute(
        select(_t.c.activity_id, _t.c.seat_id, _r.c.quantity, _t.c.half_days)
        .join(
            _r,
            (_r.c.subject_type == "activity")
            & (_r.c.subject_id == _t.c.activity_id)
            & (_r.c.seat_id == _t.c.seat_id)
            & (_r.c.kind == RECORDED[State.ATTENDED])
            & recount.live_record,
        )
        .where(_t.c.state == State.ATTENDED, _r.c.quantity != _t.c.half_days)
    )
    return [Difference("出席半天数", f"活动 {row[0]} 席位 {row[1]}", row[2], row[3]) for row in rows]


for state, kind in RECORDED.items():
    done = (_t.c.state == state) & _running
    recount.register(recount.ledger("考勤与履职记录", kind, _t.c.activity_id, _t.c.seat_id, done))
recount.register(Check("出席半天数", _half_days))
