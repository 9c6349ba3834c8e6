"""What `lvyi recount` proves of threads."""

from sqlalchemy import and_, func, select

from app.core.sql import table
from app.duty import recount
from app.threads.models import Reply, Support, Thread
from app.threads.queries import shown

_t, _r, _s = table(Thread), table(Reply), table(Support)
_under = _r.alias("under")

_replies_under = select(func.count()).where(
    _under.c.parent_id == _r.c.id, _under.c.hidden_at.is_(None), _under.c.deleted_at.is_(None)
)
_supports = select(func.count()).where(_s.c.target_type == "reply", _s.c.target_id == _r.c.id)

recount.register(
    recount.counter(
        "讨论的回复数", _t, "reply_count", select(func.count()).where(_r.c.thread_id == _t.c.id, shown)
    )
)
recount.register(recount.counter("回复下的回复数", _r, "reply_count", _replies_under))
recount.register(recount.counter("回复的赞同数", _r, "support_count", _supports))
recount.register(
    recount.counter(
        "回复的热度",
        _r,
        "echo_count",
        select(_replies_under.correlate(_r).scalar_subquery() + _supports.correlate(_r).scalar_subquery()),
    )
)
recount.register(
    recount.ledger(
        "回复与履职记录", "reply.posted", _r.c.id, _r.c.seat_id, and_(shown, _r.c.seat_id.is_not(None))
    )
)
