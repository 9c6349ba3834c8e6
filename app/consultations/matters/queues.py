"""Queues of matters: what waits for the office, for members who convene a venue, and for members who brought it."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Select, false, select, true

from app.auth import queues
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.queues import DeskKind, Queue, holding
from app.consultations.matters.lifecycle import MatterState
from app.consultations.matters.models import Matter
from app.consultations.matters.rights import convened, visible_to
from app.core.sql import table

_m, S = table(Matter), MatterState
Which = Callable[[Actor], ColumnElement[bool]]


def _of_member(actor: Actor) -> bool:
    return bool(actor.seat_ids) and actor.may(Permission.MATTER_READ)


def _brought(actor: Actor) -> ColumnElement[bool]:
    return _m.c.account_id == actor.account_id


def _queue(
    key: str, label: str, state: MatterState, more: str = "", which: Which = lambda _actor: true()
) -> Queue:
    """A queue of the office; with `more` in its path one of members."""
    path = f"/api/v1/matters?state={state}{more}"

    def entries(actor: Actor) -> Select[int, bool]:
        waiting = select(_m.c.id.label("thing"), false().label("late"))
        return waiting.where(visible_to(actor), _m.c.state == state, which(actor))

    open_to = _of_member if more else holding(Permission.MATTER_MANAGE)
    return Queue(
        key, DeskKind.MINE if more else DeskKind.MATTERS, label, lambda _actor: path, open_to, entries
    )


queues.register(
    "matters",
    _queue("matters_to_screen", "待受理的议题", S.COLLECTED),
    _queue("matters_to_choose", "待确定协商的议题", S.ACCEPTED),
    _queue("matters_to_prepare", "准备中的议题", S.CHOSEN),
    _queue("matters_to_meet", "待协商的议题", S.PREPARED),
    _queue("matters_met", "待落实的议题", S.MET),
    _queue("matters_followed", "跟踪落实的议题", S.FOLLOWED),
    _queue("matters_to_close", "待办结的议题", S.EVALUATED),
    _queue("matters_convened", "您召集的场所待受理的议题", S.COLLECTED, "&convened=true", convened),
    _queue("matters_solved", "已解决，请您评价", S.SOLVED, "&mine=true", _brought),
    _queue("matters_unsolved", "暂未解决，请您评价", S.UNSOLVED, "&mine=true", _brought),
)
