"""What is worth a look in a month of acts: pure functions, with the limits that an honest city hardly reaches.

In 59 months of the demo city they show fifteen things, nine of them in its first year, when most had not spoken yet
(docs/heat.md).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

#: Responses each way between two members, and between any two of three or more.
PAIR, RING = 6, 2
#: Members who exchanged responses with one, and at least half of all who responded to that one.
TRADE = 8
#: Texts and supports of one member in ten minutes; texts without substance; silent members who respond to one alone.
BURST, SUPPORTS, JUNK, SILENT = 6, 20, 8, 5
_BURST_TIME = timedelta(minutes=10)


class SignalKind(StrEnum):
    """What it looks like."""

    PAIR = "pair"
    RING = "ring"
    TRADE = "trade"
    BURST = "burst"
    JUNK = "junk"
    SILENT = "silent"


KIND_LABELS = {
    SignalKind.PAIR: "两人频繁互相回应",
    SignalKind.RING: "几人之间循环回应",
    SignalKind.TRADE: "与多数回应者互相交换",
    SignalKind.BURST: "短时间内密集发布",
    SignalKind.JUNK: "多条内容太少或重复",
    SignalKind.SILENT: "多位不发言的委员集中回应一人",
}


class Verb(StrEnum):
    """What somebody did."""

    UPDATE = "update"
    REPLY = "reply"
    SUPPORT = "support"


VERB_LABELS = {Verb.UPDATE: "发布动态", Verb.REPLY: "发表意见或回复", Verb.SUPPORT: "赞同"}


class Deed(NamedTuple):
    """What a member did, for another one (`to`) or for nobody; `is_junk` says that the text has no substance."""

    at: datetime
    by: int
    to: int | None
    verb: Verb
    subject: tuple[str, int]
    is_junk: bool = False


class Signal(NamedTuple):
    """Something worth a look: the members whom it is about, and what they did."""

    kind: SignalKind
    seats: tuple[int, ...]
    deeds: list[Deed]

    @property
    def key(self) -> str:
        """Names it within its month."""
        return f"{self.kind}:{'-'.join(map(str, self.seats))}"


def _order(deed: Deed) -> tuple[datetime, int, Verb, tuple[str, int]]:
    return (deed.at, deed.by, deed.verb, deed.subject)


def find(deeds: Iterable[Deed], silent: Collection[int]) -> list[Signal]:
    """Everything worth a look, the most acts first; `silent` members have said nothing of substance for a year."""
    given: defaultdict[tuple[int, int], list[Deed]] = defaultdict(list)
    texts: defaultdict[int, list[Deed]] = defaultdict(list)
    supports: defaultdict[int, list[Deed]] = defaultdict(list)
    for deed in sorted(deeds, key=_order):
        if deed.to is not None and deed.to != deed.by:
            given[deed.by, deed.to].append(deed)
        (supports if deed.verb is Verb.SUPPORT else texts)[deed.by].append(deed)
    found = [*_pairs(given), *_rings(given), *_trades(given), *_silent(given, silent)]
    for seat_id, written in texts.items():
        found += _burst(seat_id, written, BURST)
        junk = [deed for deed in written if deed.is_junk]
        if len(junk) >= JUNK:
            found.append(Signal(SignalKind.JUNK, (seat_id,), junk))
    for seat_id, clicked in supports.items():
        found += _burst(seat_id, clicked, SUPPORTS)
    return sorted(found, key=lambda signal: (-len(signal.deeds), signal.key))


def _between(given: dict[tuple[int, int], list[Deed]], seats: Sequence[int]) -> list[Deed]:
    deeds = [deed for one in seats for other in seats if one != other for deed in given.get((one, other), ())]
    return sorted(deeds, key=_order)


def _both_ways(given: dict[tuple[int, int], list[Deed]], least: int) -> list[tuple[int, int]]:
    return [
        (one, other)
        for (one, other), there in given.items()
        if one < other and min(len(there), len(given.get((other, one), ()))) >= least
    ]


def _pairs(given: dict[tuple[int, int], list[Deed]]) -> list[Signal]:
    return [Signal(SignalKind.PAIR, pair, _between(given, pair)) for pair in _both_ways(given, PAIR)]


def _rings(given: dict[tuple[int, int], list[Deed]]) -> list[Signal]:
    """Groups of three and more: triangles of members who respond to each other, joined where they share two."""
    near: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in _both_ways(given, RING):
        near[one].add(other)
        near[other].add(one)
    groups: list[set[int]] = []
    for one in sorted(near):
        for two, three in combinations(sorted(n for n in near[one] if n > one), 2):
            if three not in near[two]:
                continue
            ring = {one, two, three}
            for group in [group for group in groups if len(group & ring) > 1]:
                groups.remove(group)
                ring |= group
            groups.append(ring)
    rings = [tuple(sorted(group)) for group in groups]
    return [Signal(SignalKind.RING, ring, _between(given, ring)) for ring in rings]


def _trades(given: dict[tuple[int, int], list[Deed]]) -> list[Signal]:
    from_whom: defaultdict[int, set[int]] = defaultdict(set)
    for by, to in given:
        from_whom[to].add(by)
    found = []
    for seat_id, all_of_them in from_whom.items():
        partners = {one for one in all_of_them if (seat_id, one) in given}
        if len(partners) >= TRADE and 2 * len(partners) >= len(all_of_them):
            deeds = [
                deed for one in partners for way in ((one, seat_id), (seat_id, one)) for deed in given[way]
            ]
            found.append(Signal(SignalKind.TRADE, (seat_id,), sorted(deeds, key=_order)))
    return found


def _silent(given: dict[tuple[int, int], list[Deed]], silent: Collection[int]) -> list[Signal]:
    """Whoever is responded to by silent members who responded to nobody else."""
    to_whom: defaultdict[int, set[int]] = defaultdict(set)
    for by, to in given:
        to_whom[by].add(to)
    got: defaultdict[int, list[Deed]] = defaultdict(list)
    for by in sorted(silent):
        if len(to_whom[by]) == 1:
            (to,) = to_whom[by]
            got[to] += given[by, to]
    return [
        Signal(SignalKind.SILENT, (to,), sorted(there, key=_order))
        for to, there in got.items()
        if len({deed.by for deed in there}) >= SILENT
    ]


def _burst(seat_id: int, deeds: list[Deed], most: int) -> list[Signal]:
    """What was done `most` times or more in ten minutes, all such times together."""
    dense: set[Deed] = set()
    first = 0
    for last, deed in enumerate(deeds):
        while deed.at - deeds[first].at > _BURST_TIME:
            first += 1
        if last - first + 1 >= most:
            dense.update(deeds[first : last + 1])
    return [Signal(SignalKind.BURST, (seat_id,), sorted(dense, key=_order))] if dense else []
