"""The first formula of heat, which counted acts: opinion 3, reply 2, update 3, each other member 1, at most 30 a day.

It is kept here alone, to show what it gave to those who cheat.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from tests.heat.city_of_acts import Did


def first_heat(did: Iterable[Did]) -> Counter[int]:
    """The heat of each seat for what was done in a window."""
    given: defaultdict[int, Counter[date]] = defaultdict(Counter)
    topics: set[tuple[int, int | None, date]] = set()
    heard: set[tuple[int, int]] = set()
    for one in sorted(did, key=lambda one: one.at):
        if one.what == "opinion" and (one.by, one.topic, one.on) not in topics:
            topics.add((one.by, one.topic, one.on))
            given[one.by][one.on] += 3
        elif one.what == "reply" and one.to not in {None, one.by}:
            given[one.by][one.on] += 2
        elif one.what == "update":
            given[one.by][one.on] += 3
        if one.to not in {None, one.by} and (one.to, one.by) not in heard:
            heard.add((one.to, one.by))
            given[one.to][one.on] += 1
    return Counter({seat: sum(min(30, points) for points in days.values()) for seat, days in given.items()})
