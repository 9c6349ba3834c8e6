"""What `lvyi recount` proves of threads."""

from sqlalchemy import and_, func, select, union_all

from app.core.sql import table
from app.duty import recount
from app.threads.models import Reply, Support, Thread
from app.threads.queries import shown

_t, _r, _s = table(Thread), table(Reply), table(Support)

_replies = select(_r.c.thread_id, func.count()).where(shown).group_by(_r.c.thread_id)
_under = select(_r.c.parent_id.label("id")).where(_r.c.parent_id.is_not(None), shown)
_supports = select(_s.c.target_id.label("id")).where(_s.c.target_type == "reply")

recount.register(recount.counter("讨论的回复数", _t, "reply_count", _replies))
for name, column, what in (
    ("回复下的回复数", "reply_count", _under.subquery()),
    ("回复的赞同数", "support_count", _supports.subquery()),
    ("回复的热度", "echo_count", union_all(_under, _supports).subquery()),
):
    counts = select(what.c.id, func.count()).group_by(what.c.id)
    recount.register(recount.counter(name, _r, column, counts))
recount.register(
    recount.ledger(
        "回复与履职记录", "reply.posted", _r.c.id, _r.c.seat_id, and_(shown, _r.c.seat_id.is_not(None))
    )
)
