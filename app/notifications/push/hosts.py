"""Which push services are not asked for a while, because they did not answer."""

import time
from dataclasses import dataclass, field
from threading import Lock

_FIRST_SECONDS = 30.0
_MOST_SECONDS = 600.0


@dataclass
class _Pause:
    seconds: float
    until: float


@dataclass
class Hosts:
    """The pauses of hosts, of this process: another one learns of a failing host with its own first push.

    When a pause ends, one push is let through; the others wait `probe_seconds` for what comes of it.
    """

    probe_seconds: float
    _pauses: dict[str, _Pause] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def pause(self, host: str) -> float:
        """For how many seconds a host is not to be asked; 0: ask it now."""
        with self._lock:
            paused, now = self._pauses.get(host), time.monotonic()
            if paused is None:
                return 0
            if paused.until > now:
                return paused.until - now
            paused.until = now + self.probe_seconds
            return 0

    def failed(self, host: str) -> float:
        """Pause a host, each time for twice as long; for how many seconds."""
        with self._lock:
            now = time.monotonic()
            self._pauses = {h: p for h, p in self._pauses.items() if p.until > now - _MOST_SECONDS}
            paused = self._pauses.setdefault(host, _Pause(_FIRST_SECONDS / 2, now))
            # of several pushes that were on their way together, the first one counts
            if paused.until <= now + self.probe_seconds:
                paused.seconds = min(paused.seconds * 2, _MOST_SECONDS)
                paused.until = now + paused.seconds
            return paused.until - now

    def answered(self, host: str) -> None:
        """End a host's pause."""
        with self._lock:
            self._pauses.pop(host, None)
