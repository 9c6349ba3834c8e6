"""Notifications of the last weeks; older ones nobody keeps."""

from collections.abc import Iterable, Sequence
from random import Random
from typing import NamedTuple

from app.demo.city.plan import ORGANIZATION_ID, SeatPlan
from app.demo.city.rhythm import DAY, later, utc
from app.demo.city.rows import Rows
from app.notifications.kinds import NoticeKind
from app.notifications.models import Notification

_KEPT = 21 * DAY
#: What the host has not opened yet.
_UNREAD = 4 * DAY


class _Ring(NamedTuple):
    at: int
    seats: Iterable[int]
    kind: NoticeKind
    title: str
    subject: tuple[str, int]
    by: int | None
    place: tuple[str, int] | tuple[None, None]


class Bell:
    """Collects what members are told, and writes it in the order of time; most of it has been read."""

    def __init__(self, rows: Rows, seats: Sequence[SeatPlan], host: int, now: int, rng: Random) -> None:
        self._rows, self._seats, self._host, self._now, self._rng = rows, seats, host, now, rng
        self._rings: list[_Ring] = []
        self._over: dict[tuple[str, int], int] = {}

    def ring(
        self,
        seats: Iterable[int],
        kind: NoticeKind,
        title: str,
        subject: tuple[str, int],
        at: int,
        *,
        by: int | None = None,
        place: tuple[str, int] | tuple[None, None] = (None, None),
    ) -> None:
        """Tell some seats, if it was lately, of what account `by` did, in one entry with all about `place`."""
        if self._now - _KEPT <= at <= self._now:
            self._rings.append(_Ring(at, seats, kind, title, subject, by, place))

    def settle(self, subject: tuple[str, int], at: int) -> None:
        """Nothing is asked any more about a subject: what asked for something is read by then."""
        self._over[subject] = at

    def write(self) -> None:
        """Write all notifications, oldest first."""
        new_id = self._rows.ids(Notification)
        add = self._rows.into(
            Notification,
            "id organization_id account_id kind title subject_type subject_id by_id place_type place_id at read_at",
        )
        for ring in sorted(self._rings, key=lambda ring: ring.at):
            at, day = utc(ring.at), ring.at // DAY
            for n, seat in enumerate(ring.seats, 1):
                if n % 1_000 == 0:  # a topic for everybody in a very large city
                    self._rows.step()
                if self._seats[seat].holds(day):
                    read_at = self._read(seat, ring.at)
                    over = self._over.get(ring.subject) if ring.kind.asks else None
                    if over is not None and over >= ring.at:
                        read_at = min(read_at or over, over)
                    about = (*ring.subject, ring.by, *ring.place)
                    told = (ORGANIZATION_ID, seat + 1, ring.kind.value, ring.title, *about)
                    add((new_id(), *told, at, utc(read_at) if read_at else None))
            self._rows.step()

    def _read(self, seat: int, at: int) -> int | None:
        """When it was read, if it was."""
        if seat == self._host and at > self._now - _UNREAD:
            return None
        read = later(self._rng, at, 9)
        return read if read < self._now and self._rng.random() < 0.9 else None
