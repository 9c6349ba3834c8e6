"""Find topics by words of the title."""

from sqlalchemy import Connection, select

from app.auth.actor import Actor
from app.core import clock
from app.core.finding import MOST, Hit, contains_words
from app.core.sql import table
from app.deliberation.models import Topic
from app.deliberation.queries import visible_to
from app.deliberation.rules import STATE_LABELS, state_of

_t = table(Topic)
_TIMES = ("published_at", "opens_at", "closes_at", "reported_at")


def find(conn: Connection, actor: Actor, text: str) -> list[Hit]:
    """The newest whose title has the words."""
    rows = conn.execute(
        select(_t.c.id, _t.c.title, *(_t.c[name] for name in _TIMES))
        .where(visible_to(actor), contains_words(_t.c.title, text))
        .order_by(_t.c.id.desc())
        .limit(MOST)
    )
    now = clock.now()
    return [
        Hit(
            "topic",
            "网络议政",
            row.title,
            STATE_LABELS[state_of(now, **{name: getattr(row, name) for name in _TIMES})],
            f"/api/v1/topics/{row.id}",
        )
        for row in rows
    ]
