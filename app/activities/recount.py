"""What `lvyi recount` proves of activities."""

from sqlalchemy import literal, select

from app.activities.models import Activity, Attendance
from app.activities.rules import RECORDED, AttendanceState
from app.core.sql import table
from app.duty import endings, recount

_a, _t = table(Activity), table(Attendance)
_running = _t.c.activity_id.in_(select(_a.c.id).where(_a.c.cancelled_at.is_(None)))

for state, kind in RECORDED.items():
    done = (_t.c.state == state) & _running
    half_days = _t.c.half_days if state is AttendanceState.ATTENDED else None
    recount.register(recount.ledger("考勤与履职记录", kind, _t.c.activity_id, _t.c.seat_id, done, half_days))

_cancelled = _a.c.cancelled_at.is_not(None)
_invited = select(_a.c.id, literal("邀请")).join(_t, _t.c.activity_id == _a.c.id)
endings.register(
    "activity", _a, _cancelled, _invited.where(_cancelled, _t.c.state == AttendanceState.INVITED)
)
