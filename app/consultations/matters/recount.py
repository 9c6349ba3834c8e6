"""What `lvyi recount` proves of matters."""

from sqlalchemy import Connection, exists, func, select

from app.consultations.matters.lifecycle import MatterState
from app.consultations.matters.models import Matter, MatterNote, MatterStep
from app.consultations.matters.notes.schemas import DUTY as PREPARED
from app.consultations.matters.service import DUTY
from app.core.sql import table
from app.duty.models import DutyRecord
from app.duty.recount import Difference, RecountCheck, register

_m, _t, _n, _d = table(Matter), table(MatterStep), table(MatterNote), table(DutyRecord)


def _ends(conn: Connection) -> list[Difference]:
    """The state of each matter, against the end of its track."""
    track = select(_t.c.to_state).where(_t.c.matter_id == _m.c.id)
    reached = func.coalesce(track.order_by(_t.c.id.desc()).limit(1).scalar_subquery(), MatterState.COLLECTED)
    rows = conn.execute(select(_m.c.id, _m.c.state, reached).where(_m.c.state != reached))
    return [Difference("协商议题状态", str(row[0]), row[1], row[2]) for row in rows]


def _records(conn: Connection) -> list[Difference]:
    """Each matter of a member that is not withdrawn has one live record, each note too; no other has."""
    found = []
    for kind, subject, of, stands in (
        (DUTY, "matter", _m, _m.c.state != MatterState.WITHDRAWN),
        (PREPARED, "matter_note", _n, _n.c.withdrawn_at.is_(None)),
    ):
        live = exists().where(
            _d.c.kind == kind,
            _d.c.subject_type == subject,
            _d.c.subject_id == of.c.id,
            _d.c.seat_id == of.c.seat_id,
            _d.c.voided_at.is_(None),
        )
        rows = conn.execute(select(of.c.id, live).where(of.c.seat_id.is_not(None), stands != live))
        found += [Difference("协商议题记录", f"{subject} {row[0]}", row[1], not row[1]) for row in rows]
    return found


register(RecountCheck("协商议题状态", _ends))
register(RecountCheck("协商议题记录", _records))
