"""What `lvyi recount` proves of reading."""

from app.core.sql import table
from app.duty import recount
from app.reading.models import ReadingLog, ReadingNote
from app.reading.queries import shown

_l, _n = table(ReadingLog), table(ReadingNote)

recount.register(
    recount.ledger(
        "读书记录与履职记录",
        "reading.logged",
        _l.c.id,
        _l.c.seat_id,
        _l.c.deleted_at.is_(None),
        _l.c.minutes,
    )
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
