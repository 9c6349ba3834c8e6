"""What `lvyi recount` proves of outputs."""

from sqlalchemy import Connection, exists, func, select

from app.core.sql import table
from app.duty.models import DutyRecord
from app.duty.recount import Difference, RecountCheck, register
from app.outputs.lifecycle import OutputState
from app.outputs.models import Output, OutputAuthor, OutputStep
from app.outputs.service import RECORDS

_o, _w, _t, _d = table(Output), table(OutputAuthor), table(OutputStep), table(DutyRecord)


def _ends(conn: Connection) -> list[Difference]:
    """The state of each output, against the end of its track."""
    track = select(_t.c.to_state).where(_t.c.output_id == _o.c.id)
    reached = func.coalesce(track.order_by(_t.c.id.desc()).limit(1).scalar_subquery(), OutputState.DRAFT)
    rows = conn.execute(select(_o.c.id, _o.c.state, reached).where(_o.c.state != reached))
    return [Difference("成果件状态", str(row[0]), row[1], row[2]) for row in rows]


def _records(conn: Connection) -> list[Difference]:
    """Each member named in what was issued, and adopted, has one live record of it, and nobody else."""
    found = []
    for kind, (states, _) in RECORDS.items():
        live = exists().where(
            _d.c.kind == kind,
            _d.c.subject_type == "output",
            _d.c.subject_id == _o.c.id,
            _d.c.seat_id == _w.c.seat_id,
            _d.c.voided_at.is_(None),
        )
        joined = select(_o.c.id, _w.c.seat_id, live).join(_w, _w.c.output_id == _o.c.id)
        rows = conn.execute(joined.where(_o.c.state.in_(states) != live))
        found += [
            Difference("成果件履职记录", f"{kind} {row[0]}/{row[1]}", row[2], not row[2]) for row in rows
        ]
    return found


register(RecountCheck("成果件状态", _ends))
register(RecountCheck("成果件履职记录", _records))
