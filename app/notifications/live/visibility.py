"""Who may hear of which event: the subject's own rule, asked once for all who are alike in it."""

import time
from collections.abc import Awaitable, Callable, Collection, Hashable, Iterable
from typing import Any

from sqlalchemy import Connection

from app.auth import subjects
from app.auth.actor import Actor
from app.core.errors import NotFound
from app.notifications.live.messages import Message

#: Positive visibility is cached for so long; denials never.
CACHED_SECONDS = 30
_MOST = 100_000  # some 20 MB

Read = Callable[[Callable[[Connection], Any]], Awaitable[Any]]
#: A kind of subject and the circle of actors that see the same of it.
Circle = tuple[str, Hashable]


class VisibilityCache:
    """Positive visibility is cached for 30 s; denials never. Used in the event loop only."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._cached: dict[tuple[Circle, int], float] = {}

    async def sift(
        self, heard: Iterable[tuple[Actor, Collection[Message]]]
    ) -> Callable[[Actor, Message], bool]:
        """Ask the database what is not cached of these; returns the test of who may hear of what."""
        now, unknown = time.monotonic(), dict[Circle, tuple[Actor, set[int]]]()
        for actor, messages in heard:
            for message in messages:
                if message.subject and (circle := _circle(actor, message.subject[0])):
                    subject_id = message.subject[1]
                    if self._cached.get((circle, subject_id), 0) < now:
                        unknown.setdefault(circle, (actor, set()))[1].add(subject_id)
        if len(self._cached) > _MOST:
            self._cached.clear()
        seen: set[tuple[Circle, int]] = (
            await self._read(lambda conn: _seen(conn, unknown)) if unknown else set()
        )
        self._cached |= dict.fromkeys(seen, now + CACHED_SECONDS)

        def may_hear(actor: Actor, message: Message) -> bool:
            if message.subject is None:
                return True
            circle = _circle(actor, message.subject[0])
            if circle is None:
                return False
            key = (circle, message.subject[1])
            return key in seen or self._cached.get(key, 0) >= now

        return may_hear


def _circle(actor: Actor, kind: str) -> Circle | None:
    try:
        return kind, subjects.subject(kind).circle(actor)
    except NotFound:  # a kind that nobody registered is nobody's
        return None


def _seen(conn: Connection, unknown: dict[Circle, tuple[Actor, set[int]]]) -> set[tuple[Circle, int]]:
    return {
        (circle, subject_id)
        for circle, (actor, ids) in unknown.items()
        for subject_id in subjects.visible(conn, actor, circle[0], ids)
    }
