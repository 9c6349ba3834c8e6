"""Desks: queues of what waits for somebody. Each domain declares its own, `app/desks` counts them all in one call."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, Select, case, func, literal, select, union_all

from app.auth.actor import Actor
from app.auth.permissions import Permission

#: A queue's entries are late from so many days before they are due.
SOON_DAYS = 3


class Desk(StrEnum):
    """One area of work; a person sees those of which a queue is open to them."""

    MINE = "mine"
    PROPOSALS = "proposals"
    SUPERVISION = "supervision"
    UNIT = "unit"
    OPINIONS = "opinions"
    MEMBERS = "members"
    TOPICS = "topics"
    ACTIVITIES = "activities"
    BULLETINS = "bulletins"


DESK_LABELS = {
    Desk.MINE: "等我处理",
    Desk.PROPOSALS: "提案工作",
    Desk.SUPERVISION: "重点督办",
    Desk.UNIT: "单位承办",
    Desk.OPINIONS: "社情民意信息",
    Desk.MEMBERS: "委员服务",
    Desk.TOPICS: "网络议政",
    Desk.ACTIVITIES: "会议活动",
    Desk.BULLETINS: "年度通报",
}


@dataclass(frozen=True)
class Queue:
    """What waits at a desk: `entries` selects one row for each, with the one column whether it is late.

    `path` is the API path of the list of exactly these entries; `open_to` says who has this queue.
    """

    key: str
    desk: Desk
    label: str
    path: Callable[[Actor], str]
    open_to: Callable[[Actor], bool]
    entries: Callable[[Actor], Select[bool]]


@dataclass(frozen=True)
class Counted:
    """A queue with how many entries it holds, and how many of these are late."""

    queue: Queue
    count: int
    late: int


_queues: dict[str, tuple[Queue, ...]] = {}


def register(domain: str, *queues: Queue) -> None:
    """Declare the queues of a domain: they are counted by one statement."""
    known = {queue.key for name, some in _queues.items() if name != domain for queue in some}
    if twice := known & {queue.key for queue in queues}:
        raise ValueError(f"queues with the same key: {sorted(twice)}")
    _queues[domain] = queues


def domains() -> list[str]:
    """The domains that declare queues."""
    return list(_queues)


def holding(permission: Permission) -> Callable[[Actor], bool]:
    """A queue of those who hold a permission, be it for one committee alone."""
    return lambda actor: actor.may(permission)


def counted(conn: Connection, actor: Actor) -> list[Counted]:
    """The queues that are open to an actor, in the order of the desks; one statement for each domain."""
    found = []
    for queues in _queues.values():
        own = [queue for queue in queues if queue.open_to(actor)]
        if own:
            found += _counts(conn, actor, own)
    order = list(Desk)
    return sorted(found, key=lambda one: order.index(one.queue.desk))


def _counts(conn: Connection, actor: Actor, queues: list[Queue]) -> list[Counted]:
    parts = []
    for place, queue in enumerate(queues):
        rows = queue.entries(actor).subquery()
        (late,) = rows.c
        sums = (
            func.count().label("entries"),
            func.coalesce(func.sum(case((late, 1), else_=0)), 0).label("late"),
        )
        parts.append(select(literal(place).label("place"), *sums).select_from(rows))
    counts = conn.execute(union_all(*parts)).all()
    return [
        Counted(queues[row.place], row.entries, int(row.late))
        for row in sorted(counts, key=lambda r: r.place)
    ]
