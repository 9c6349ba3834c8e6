"""Queues of matters: what waits for the office, for the convener of a venue, and for who brought it."""

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


def _brought(actor: Actor) -> ColumnElement[bool]:
    return _m.c.account_id == actor.account_id


def _queue(
    key: str,
    desk: DeskKind,
    label: str,
    state: MatterState,
    permission: Permission,
    own: tuple[str, Callable[[Actor], ColumnElement[bool]]] = ("", lambda _actor: true()),
) -> Queue:
    more, whose = own
    path = f"/api/v1/matters?state={state}{more}"

    def entries(actor: Actor) -> Select[int, bool]:
        waiting = select(_m.c.id.label("thing"), false().label("late"))
        return waiting.where(visible_to(actor), _m.c.state == state, whose(actor))

    return Queue(key, desk, label, lambda _actor: path, holding(permission), entries)


_staff, _reader = Permission.MATTER_MANAGE, Permission.MATTER_READ
queues.register(
    "matters",
    _queue("matters_to_screen", DeskKind.MATTERS, "待受理的议题", S.COLLECTED, _staff),
    _queue("matters_to_choose", DeskKind.MATTERS, "待确定协商的议题", S.ACCEPTED, _staff),
    _queue("matters_to_prepare", DeskKind.MATTERS, "准备中的议题", S.CHOSEN, _staff),
    _queue("matters_to_meet", DeskKind.MATTERS, "待协商的议题", S.PREPARED, _staff),
    _queue("matters_to_follow", DeskKind.MATTERS, "跟踪落实的议题", S.FOLLOWED, _staff),
    _queue("matters_to_close", DeskKind.MATTERS, "待办结的议题", S.EVALUATED, _staff),
    _queue(
        *("matters_convened", DeskKind.MINE, "我召集的待受理议题", S.COLLECTED, _reader),
        ("&convened=true", convened),
    ),
    _queue(
        *("matters_solved", DeskKind.MINE, "已解决，请您评价", S.SOLVED, _reader),
        ("&mine=true", _brought),
    ),
    _queue(
        *("matters_unsolved", DeskKind.MINE, "暂未解决，请您评价", S.UNSOLVED, _reader),
        ("&mine=true", _brought),
    ),
)
