"""What may stand in a chain, what of a chain a reader is shown, and the words of a new beginning: pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from graphlib import TopologicalSorter
from typing import Literal, NamedTuple

from app.core import clock

Seed = Literal["reply", "update", "opinion_report", "matter"]
Target = Literal["opinion_report", "proposal"]
ThingType = Literal["reply", "update", "opinion_report", "proposal", "matter"]
Thing = tuple[str, int]

LABELS: dict[str, str] = {
    "reply": "发言",
    "update": "动态",
    "opinion_report": "社情民意信息",
    "proposal": "提案",
    "matter": "协商议题",
}

#: Steps that are followed in either direction, and links that are read at most; the nearest first.
DEPTH, MOST_LINKS = 8, 100

#: Characters of a seed that a new text begins with.
QUOTED = 500

#: What a reader sees of a thing: all; that there is something, without content (`veiled`); no trace (`passed`).
Sight = Literal["open", "veiled", "passed"]


class LineageStep(NamedTuple):
    """One thing came of another; `link_id` is empty where things between them are passed over."""

    link_id: int | None
    seed: Thing
    outcome: Thing


def levels(steps: Iterable[LineageStep]) -> dict[Thing, int]:
    """How many steps each thing stands at most below a beginning."""
    seeds: dict[Thing, set[Thing]] = {}
    for _, seed, outcome in steps:
        seeds.setdefault(outcome, set()).add(seed)
    found: dict[Thing, int] = {}
    for thing in TopologicalSorter(seeds).static_order():
        found[thing] = max((found[seed] + 1 for seed in seeds.get(thing, ())), default=0)
    return found


def shown(steps: Collection[LineageStep], sight: Mapping[Thing, Sight]) -> list[LineageStep]:
    """The steps that a reader is shown: between open things, over veiled ones only where both sides are open.

    A draft, or what was deleted, is passed over: that it exists is known to nobody who may not see it.
    """
    left = list(dict.fromkeys(steps))
    for thing in [thing for thing, how in sight.items() if how == "passed"]:
        before = [s for s in left if s.outcome == thing]
        after = [s for s in left if s.seed == thing]
        left = [s for s in left if thing not in s[1:]]
        left += [LineageStep(None, b.seed, a.outcome) for b in before for a in after]
    while veiled := _ends(left, sight):
        left = [s for s in left if not veiled & {s.seed, s.outcome}]
    known = {s[1:] for s in left if s.link_id}
    return list(dict.fromkeys(s for s in left if s.link_id or s[1:] not in known))


def _ends(steps: Collection[LineageStep], sight: Mapping[Thing, Sight]) -> set[Thing]:
    """The veiled things at which a chain begins or ends."""
    seeds, outcomes = {s.seed for s in steps}, {s.outcome for s in steps}
    return {thing for thing in seeds ^ outcomes if sight[thing] == "veiled"}


def too_late(seed_at: datetime, submitted_at: datetime | None) -> bool:
    """Whether a text had been handed in before its seed was there."""
    return submitted_at is not None and seed_at > submitted_at


def opening(kind: str, author: str, on: date, place: str, text: str) -> str:
    """The first words of a text that comes of something: who said it, when and where, and the words themselves."""
    day = clock.in_words(on)
    said = {
        "matter": f"{day}收集的协商议题{place}",
        "reply": f"{author}委员{day}在{place}中的发言",
        "update": f"{author}委员{day}发布的动态",
        "opinion_report": f"{author}委员{day}反映的社情民意信息{place}",
    }[kind]
    quoted = text if len(text) <= QUOTED else text[:QUOTED] + "……"
    return f"由来：{said}\n“{quoted}”\n\n"
