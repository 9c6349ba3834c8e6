"""Several things that go on side by side, told one after another as their time comes."""

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count

#: What somebody does over time: a generator that yields the moment at which it wants to go on.
Course = Iterator[int]


class Agenda:
    """Lets courses go on in the order of time, up to the moment `end`; what would come later never happens."""

    def __init__(self, end: int) -> None:
        self._end, self._order = end, count()
        self._waiting: list[tuple[int, int, Course]] = []

    def begin(self, course: Course) -> None:
        """Let a course go on until it waits; it may begin others."""
        at = next(course, self._end)
        if at < self._end:
            heappush(self._waiting, (at, next(self._order), course))

    def run(self) -> None:
        """Let everything happen."""
        while self._waiting:
            self.begin(heappop(self._waiting)[2])
