"""What `lvyi recount` proves of speeches."""

from collections.abc import Collection

from sqlalchemy import Connection, exists, func, select

from app.core.sql import table
from app.duty.models import DutyRecord
from app.duty.recount import Difference, RecountCheck, register
from app.speeches.lifecycle import COUNTED, SpeechState
from app.speeches.models import Speech, SpeechStep
from app.speeches.service import DELIVERED, SUBMITTED

_s, _t, _d = table(Speech), table(SpeechStep), table(DutyRecord)


def _ends(conn: Connection) -> list[Difference]:
    """The state of each speech, against the end of its track."""
    track = select(_t.c.to_state).where(_t.c.speech_id == _s.c.id)
    last = track.order_by(_t.c.id.desc()).limit(1).scalar_subquery()
    reached = func.coalesce(last, SpeechState.SUBMITTED)
    rows = conn.execute(select(_s.c.id, _s.c.state, reached).where(_s.c.state != reached))
    return [Difference("大会发言状态", str(row[0]), row[1], row[2]) for row in rows]


def _records(conn: Connection) -> list[Difference]:
    """Each speech that is not withdrawn was handed in, each that was made has its record, and no other has."""
    made = frozenset(SpeechState) - {SpeechState.WITHDRAWN}
    return [*_unlike(conn, SUBMITTED, made), *_unlike(conn, DELIVERED, COUNTED)]


def _unlike(conn: Connection, kind: str, states: Collection[SpeechState]) -> list[Difference]:
    live = exists().where(
        _d.c.kind == kind,
        _d.c.subject_type == "speech",
        _d.c.subject_id == _s.c.id,
        _d.c.seat_id == _s.c.seat_id,
        _d.c.voided_at.is_(None),
    )
    rows = conn.execute(select(_s.c.id, live).where(_s.c.state.in_(states) != live))
    return [Difference("大会发言记录", str(row[0]), row[1], not row[1]) for row in rows]


register(RecountCheck("大会发言状态", _ends))
register(RecountCheck("大会发言记录", _records))
