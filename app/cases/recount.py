"""What `lvyi recount` proves of cases."""

from sqlalchemy import Connection, exists, func, select

from app.cases.lifecycle import CaseState
from app.cases.models import CaseStep, DutyCase
from app.cases.service import DUTY
from app.core.sql import table
from app.duty.models import DutyRecord
from app.duty.recount import Difference, RecountCheck, register

_c, _t, _d = table(DutyCase), table(CaseStep), table(DutyRecord)


def _ends(conn: Connection) -> list[Difference]:
    """The state of each case, against the end of its track."""
    track = select(_t.c.to_state).where(_t.c.case_id == _c.c.id)
    reached = func.coalesce(track.order_by(_t.c.id.desc()).limit(1).scalar_subquery(), CaseState.REPORTED)
    rows = conn.execute(select(_c.c.id, _c.c.state, reached).where(_c.c.state != reached))
    return [Difference("履职呼叫状态", str(row[0]), row[1], row[2]) for row in rows]


def _records(conn: Connection) -> list[Difference]:
    """Each case of a member that is not withdrawn has one live record, and no other has."""
    live = exists().where(
        _d.c.kind == DUTY,
        _d.c.subject_type == "case",
        _d.c.subject_id == _c.c.id,
        _d.c.seat_id == _c.c.seat_id,
        _d.c.voided_at.is_(None),
    )
    stands = _c.c.state != CaseState.WITHDRAWN
    rows = conn.execute(select(_c.c.id, live).where(_c.c.seat_id.is_not(None), stands != live))
    return [Difference("履职呼叫记录", str(row[0]), row[1], not row[1]) for row in rows]


register(RecountCheck("履职呼叫状态", _ends))
register(RecountCheck("履职呼叫记录", _records))
