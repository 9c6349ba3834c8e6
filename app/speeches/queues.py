"""Queues of speeches: what waits for the office, and for who has to revise a text."""

from collections.abc import Callable

from sqlalchemy import Select, false, select, true

from app.auth import queues
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.queues import DeskKind, Queue, holding
from app.core.sql import table
from app.speeches.lifecycle import SpeechState
from app.speeches.models import Speech
from app.speeches.visible import own_of, visible_to

_s = table(Speech)


def _queue(
    key: str,
    desk: DeskKind,
    label: str,
    state: SpeechState,
    open_to: Callable[[Actor], bool],
    *,
    mine: bool = False,
) -> Queue:
    def entries(actor: Actor) -> Select[int, bool]:
        own = own_of(actor) if mine else true()
        return select(_s.c.id.label("thing"), false().label("late")).where(
            visible_to(actor), _s.c.state == state, own
        )

    path = f"/api/v1/speeches?state={state}" + ("&mine=true" if mine else "")
    return Queue(key, desk, label, lambda _actor: path, open_to, entries)


queues.register(
    "speeches",
    _queue(
        *("speeches_to_select", DeskKind.SPEECHES, "待遴选的大会发言", SpeechState.SUBMITTED),
        holding(Permission.SPEECH_MANAGE),
    ),
    _queue(
        *("speeches_to_revise", DeskKind.MINE, "退回请您修改的大会发言", SpeechState.RETURNED),
        holding(Permission.SPEECH_WRITE),
        mine=True,
    ),
)
