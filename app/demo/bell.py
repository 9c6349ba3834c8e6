"""Notifications of the last weeks; older ones nobody keeps."""

from collections.abc import Iterable

from app.demo.rhythm import DAY, later, utc
from app.demo.world import ORGANIZATION_ID, World
from app.notifications.models import Notification

_KEPT = 30 * DAY


class Bell:
    """Tells members of things; most of what is older than a day has been read."""

    def __init__(self, world: World) -> None:
        self._world, (self._rng, _) = world, world.chance("bell")
        self._id = world.rows.ids(Notification)
        self._add = world.rows.into(
            Notification, "id organization_id account_id kind title subject_type subject_id at read_at"
        )

    def ring(self, seat: int, kind: str, title: str, subject: tuple[str, int], at: int) -> None:
        """Tell one seat, if it was lately and the seat is still held."""
        now = self._world.now
        if at < now - _KEPT or not self._world.seats[seat].holds(at // DAY):
            return
        read = later(self._rng, at, 9)
        read_at = utc(read) if read < now and self._rng.random() < 0.9 else None
        self._add((self._id(), ORGANIZATION_ID, seat + 1, kind, title, *subject, utc(at), read_at))

    def ring_all(
        self, seats: Iterable[int], kind: str, title: str, subject: tuple[str, int], at: int
    ) -> None:
        """Tell many seats."""
        for seat in seats:
            self.ring(seat, kind, title, subject, at)
