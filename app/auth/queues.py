"""Desks: queues of what waits for somebody. Each domain declares its own, `app/desks` counts them all in one call."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, Select, case, func, literal, select, union_all

from app.auth.actor import Actor
from app.auth.permissions import Permission

#: A queue's entries are late from so many days before they are due.
SOON_DAYS = 3


class DeskKind(StrEnum):
    """One area of work; a person sees those of which a queue is open to them."""

    MINE = "mine"
    PROPOSALS = "proposals"
    SUPERVISION = "supervision"
    UNIT = "unit"
    OPINIONS = "opinions"
    LEADS = "leads"
    FINDINGS = "findings"
    OUTPUTS = "outputs"
    CASES = "cases"
    MATTERS = "matters"
    SPEECHES = "speeches"
    CLAIMS = "claims"
    PRIVACY = "privacy"
    TOPICS = "topics"
    ACTIVITIES = "activities"
    BULLETINS = "bulletins"


DESK_LABELS = {
    DeskKind.MINE: "等我处理",
    DeskKind.PROPOSALS: "提案工作",
    DeskKind.SUPERVISION: "重点督办",
    DeskKind.UNIT: "单位承办",
    DeskKind.OPINIONS: "社情民意信息",
    DeskKind.LEADS: "社情民意线索",
    DeskKind.FINDINGS: "意见建议",
    DeskKind.OUTPUTS: "成果件",
    DeskKind.CASES: "履职呼叫",
    DeskKind.MATTERS: "协商议题",
    DeskKind.SPEECHES: "大会发言",
    DeskKind.CLAIMS: "申报申诉",
    DeskKind.PRIVACY: "个人信息申请",
    DeskKind.TOPICS: "网络议政",
    DeskKind.ACTIVITIES: "会议活动",
    DeskKind.BULLETINS: "年度通报",
}


#: Desks whose things are somebody's own: a thing that waits at several desks counts at the first of these.
_OWN = (DeskKind.MINE, DeskKind.UNIT, DeskKind.SUPERVISION)


@dataclass(frozen=True)
class Queue:
    """What waits at a desk: `entries` selects one row for each, with `thing` (its id) and whether it is `late`.

    All queues that one domain declares are of things of one kind; a thing may wait in several.
    `path` is the API path of the list of exactly these entries; `open_to` says who has this queue.
    """

    key: str
    desk: DeskKind
    label: str
    path: Callable[[Actor], str]
    open_to: Callable[[Actor], bool]
    entries: Callable[[Actor], Select[int, bool]]


@dataclass(frozen=True)
class QueueCount:
    """A queue with how many entries it holds, and how many of these are late."""

    queue: Queue
    count: int
    late: int


@dataclass(frozen=True)
class DeskCount:
    """How many things wait at a desk, and how many of them are late; each counts once, at one desk."""

    desk: DeskKind
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


def counted(conn: Connection, actor: Actor) -> tuple[list[QueueCount], list[DeskCount]]:
    """The queues that are open to an actor in the order of the desks, and the sums of these desks.

    One statement for each domain.
    """
    found: list[QueueCount] = []
    sums: dict[DeskKind, DeskCount] = {}
    for queues in _queues.values():
        own = [queue for queue in queues if queue.open_to(actor)]
        if own:
            of_queues, of_desks = _counts(conn, actor, own)
            found += of_queues
            for desk, count, late in of_desks:
                before = sums.get(desk, DeskCount(desk, 0, 0))
                sums[desk] = DeskCount(desk, before.count + count, before.late + late)
    order = list(DeskKind)
    return (
        sorted(found, key=lambda one: order.index(one.queue.desk)),
        [sums[desk] for desk in order if desk in sums],
    )


def _counts(
    conn: Connection, actor: Actor, queues: list[Queue]
) -> tuple[list[QueueCount], list[tuple[DeskKind, int, int]]]:
    desks = sorted({queue.desk for queue in queues}, key=_nearest)
    parts = []
    for place, queue in enumerate(queues):
        entries = queue.entries(actor).subquery()
        places = literal(place).label("place"), literal(len(queues) + desks.index(queue.desk)).label("desk")
        late = case((entries.c.late, 1), else_=0).label("late")
        parts.append(select(*places, entries.c.thing, late))
    waiting = union_all(*parts).cte("waiting").c
    first = func.min(waiting.desk).label("desk"), func.max(waiting.late).label("late")
    things = select(*first).group_by(waiting.thing).subquery().c
    totals = union_all(
        *(
            select(place, func.count().label("entries"), func.sum(late).label("late")).group_by(place)
            for place, late in ((waiting.place, waiting.late), (things.desk, things.late))
        )
    )
    counts = {place: (int(entries), int(late)) for place, entries, late in conn.execute(totals)}
    return (
        [QueueCount(queue, *counts.get(place, (0, 0))) for place, queue in enumerate(queues)],
        [(desk, *counts.get(len(queues) + place, (0, 0))) for place, desk in enumerate(desks)],
    )


def _nearest(desk: DeskKind) -> int:
    """The order of desks from what is the actor's own."""
    return _OWN.index(desk) if desk in _OWN else len(_OWN)
