"""The queue of bulletins: drafts that wait to be published."""

from sqlalchemy import Select, false, select

from app.auth import queues
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.queues import DeskKind, Queue, holding
from app.bulletins import queries
from app.bulletins.models import Bulletin
from app.bulletins.rules import BulletinState
from app.core.sql import table

_b = table(Bulletin)


def _drafts(actor: Actor) -> Select[int, bool]:
    return select(_b.c.id.label("thing"), false().label("late")).where(
        queries.visible_to(actor), _b.c.state == BulletinState.DRAFT
    )


queues.register(
    "bulletins",
    Queue(
        "bulletin_drafts",
        DeskKind.BULLETINS,
        "待公布的通报稿",
        lambda _actor: f"/api/v1/bulletins?state={BulletinState.DRAFT}",
        holding(Permission.BULLETIN_MANAGE),
        _drafts,
    ),
)
