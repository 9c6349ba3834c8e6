"""Queues of topics: drafts, those that close this week, and those that closed without an outcome report."""

from datetime import timedelta

from sqlalchemy import Select, select

from app.auth import queues
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.queues import SOON_DAYS, DeskKind, Queue, holding
from app.core import clock
from app.core.sql import table
from app.deliberation import queries
from app.deliberation.models import Topic
from app.deliberation.queries import Waiting

_t = table(Topic)


def _topics(key: str, label: str, waiting: Waiting, path: str) -> Queue:
    def entries(actor: Actor) -> Select[int, bool]:
        soon = clock.now() + timedelta(days=SOON_DAYS)
        late = (_t.c.published_at.is_not(None) & _t.c.closes_at.between(clock.now(), soon)).label("late")
        return select(_t.c.id.label("thing"), late).where(
            queries.visible_to(actor), queries.waits_for(actor, waiting)
        )

    return Queue(key, DeskKind.TOPICS, label, lambda _actor: path, holding(Permission.TOPIC_MANAGE), entries)


queues.register(
    "deliberation",
    _topics(
        "topics_drafted", "待发布的议题", "publishing", "/api/v1/topics?which=drafts&waits_for=publishing"
    ),
    _topics("topics_closing", "本周结束的议题", "closing", "/api/v1/topics?which=open&waits_for=closing"),
    _topics("topics_to_report", "待公布成果的议题", "report", "/api/v1/topics?which=ended&waits_for=report"),
)
