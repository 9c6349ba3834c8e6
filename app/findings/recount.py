"""What `lvyi recount` proves of findings."""

from sqlalchemy import Connection, exists, func, select

from app.core.sql import table
from app.duty.models import DutyRecord
from app.duty.recount import Difference, RecountCheck, register
from app.findings.lifecycle import TAKEN_UP, FindingState
from app.findings.models import Finding, FindingAuthor, FindingStep
from app.findings.service import DUTY

_f, _w, _t, _d = table(Finding), table(FindingAuthor), table(FindingStep), table(DutyRecord)


def _ends(conn: Connection) -> list[Difference]:
    """The state of each finding, against the end of its track."""
    track = select(_t.c.to_state).where(_t.c.finding_id == _f.c.id)
    reached = func.coalesce(track.order_by(_t.c.id.desc()).limit(1).scalar_subquery(), FindingState.NOTED)
    rows = conn.execute(select(_f.c.id, _f.c.state, reached).where(_f.c.state != reached))
    return [Difference("建议状态", str(row[0]), row[1], row[2]) for row in rows]


def _records(conn: Connection) -> list[Difference]:
    """Each author of what was adopted has one live record of it, and nobody else."""
    adopted = (_f.c.state == FindingState.RELEASED) & _f.c.fate.in_(TAKEN_UP)
    live = exists().where(
        _d.c.kind == DUTY,
        _d.c.subject_type == "finding",
        _d.c.subject_id == _f.c.id,
        _d.c.seat_id == _w.c.seat_id,
        _d.c.voided_at.is_(None),
    )
    joined = select(_f.c.id, _w.c.seat_id, live).join(_w, _w.c.finding_id == _f.c.id)
    rows = conn.execute(joined.where(adopted != live))
    return [Difference("建议采纳记录", f"{row[0]}/{row[1]}", row[2], not row[2]) for row in rows]


register(RecountCheck("建议状态", _ends))
register(RecountCheck("建议采纳记录", _records))
