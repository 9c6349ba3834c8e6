"""What `lvyi recount` proves of topics."""

from sqlalchemy import and_, select

from app.core.sql import table
from app.duty import recount
from app.threads.models import Reply, Thread
from app.threads.queries import shown

_h, _r = table(Thread), table(Reply)

_topic = (
    select(_h.c.subject_id).where(_h.c.id == _r.c.thread_id, _h.c.subject_type == "topic").scalar_subquery()
)

recount.register(
    recount.ledger(
        "议题与履职记录",
        "topic.joined",
        _topic,
        _r.c.seat_id,
        and_(
            shown,
            _r.c.seat_id.is_not(None),
            _r.c.thread_id.in_(select(_h.c.id).where(_h.c.subject_type == "topic")),
        ),
    )
)
