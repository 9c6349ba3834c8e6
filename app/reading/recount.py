"""What `lvyi recount` proves of reading."""

from sqlalchemy import Connection, select

from app.core.sql import table
from app.duty import recount
from app.duty.models import DutyRecord
from app.duty.recount import Check, Difference
from app.reading.models import ReadingLog, ReadingNote
from app.reading.queries import shown

_l, _n, _r = table(ReadingLog), table(ReadingNote), table(DutyRecord)


def _minutes(conn: Connection) -> list[Difference]:
    """The minutes of each log entry, against its record."""
    rows = conn.execute(
        select(_l.c.id, _r.c.quantity, _l.c.minutes)
        .join(_r, (_r.c.subject_type == "reading_log") & (_r.c.subject_id == _l.c.id) & recount.live_record)
        .where(_r.c.quantity != _l.c.minutes)
    )
    return [Difference("读书分钟数", str(row[0]), row[1], row[2]) for row in rows]


recount.register(
    recount.ledger("读书记录与履职记录", "reading.logged", _l.c.id, _l.c.seat_id, _l.c.deleted_at.is_(None))
)
recount.register(recount.ledger("读书笔记与履职记录", "reading.noted", _n.c.id, _n.c.seat_id, shown))
recount.register(
    recount.ledger(
        "优秀笔记与履职记录",
        "reading.commended",
        _n.c.id,
        _n.c.seat_id,
        shown & _n.c.commended_at.is_not(None),
    )
)
recount.register(Check("读书分钟数", _minutes))
