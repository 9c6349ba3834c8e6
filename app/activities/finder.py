"""Find activities by words of the title."""

from sqlalchemy import Connection, select

from app.activities.models import Activity
from app.activities.queries import visible_to
from app.activities.rules import KIND_LABELS
from app.auth.actor import Actor
from app.core import clock
from app.core.finding import MOST, Hit, contains_words
from app.core.sql import table

_a = table(Activity)


def find(conn: Connection, actor: Actor, text: str) -> list[Hit]:
    """The latest whose title has the words."""
    rows = conn.execute(
        select(_a.c.id, _a.c.title, _a.c.kind, _a.c.starts_at, _a.c.cancelled_at)
        .where(visible_to(actor), contains_words(_a.c.title, text))
        .order_by(_a.c.starts_at.desc(), _a.c.id.desc())
        .limit(MOST)
    )
    return [
        Hit(
            "activity",
            "会议活动",
            row.title,
            f"{KIND_LABELS[row.kind]} · {clock.local_day(row.starts_at, actor.zone)}"
            + (" · 已取消" if row.cancelled_at else ""),
            f"/api/v1/activities/{row.id}",
        )
        for row in rows
    ]
