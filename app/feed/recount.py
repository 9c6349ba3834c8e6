"""What `lvyi recount` proves of the feed."""

from sqlalchemy import func, select

from app.core.sql import table
from app.duty import recount
from app.feed.models import Update
from app.feed.queries import shown
from app.threads.models import Support

_u, _s = table(Update), table(Support)

_supports = select(_s.c.target_id, func.count()).where(_s.c.target_type == "update").group_by(_s.c.target_id)

recount.register(recount.counter("动态的赞同数", _u, "support_count", _supports))
recount.register(recount.ledger("动态与履职记录", "update.posted", _u.c.id, _u.c.seat_id, shown))
