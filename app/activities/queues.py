"""Queues of activities: those that are over, and whose attendance is still open."""

from sqlalchemy import Select, false, select

from app.activities import queries
from app.activities.models import Activity
from app.auth import queues
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.queues import DeskKind, Queue, holding
from app.core.sql import table

_a = table(Activity)


def _to_close(actor: Actor) -> Select[int, bool]:
    return select(_a.c.id.label("thing"), false().label("late")).where(
        queries.visible_to(actor), queries.waits_for(actor, "closing")
    )


queues.register(
    "activities",
    Queue(
        "activities_to_close",
        DeskKind.ACTIVITIES,
        "待确认出席的活动",
        lambda _actor: "/api/v1/activities?when=past&waits_for=closing",
        holding(Permission.ACTIVITY_MANAGE),
        _to_close,
    ),
)
