"""Live events on their way to the streams of this process.

One hub a process. A commit wakes it (a commit of another process: see `wires`); it reads the new rows of an
organization once and hands each subscriber what it may see. Between wakes nothing is read and no connection held.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import structlog
from anyio import CapacityLimiter, to_thread
from fastapi.sse import ServerSentEvent
from sqlalchemy import Connection

from app.auth import subjects
from app.auth.actor import Actor, actor_of
from app.core import live
from app.core.db import Database
from app.core.errors import NotFound, TooMany, Unauthenticated, Unavailable

#: Events that may wait for one stream; a slower one is closed and resumes.
QUEUE = 256
#: More missed events than this are not replayed: the client is told to fetch anew.
REPLAYED = 1000
STREAMS_OF_ACCOUNT = 12
RECHECK_SECONDS = 60
#: How long a right to see a subject is believed; its absence never is.
BELIEVED_SECONDS = 30
RETRY_MILLISECONDS = 3000

Row = dict[str, Any]
T = TypeVar("T")
log = structlog.get_logger()


@dataclass(eq=False)
class Subscriber:
    """One open stream: what it missed (None: too much), the newest number then, and what comes; None ends it."""

    actor: Actor
    resumes_after: int | None
    last: int = 0
    missed: list[Row] | None = None
    rows: asyncio.Queue[Row | None] = field(default_factory=lambda: asyncio.Queue(QUEUE))

    def push(self, row: Row) -> None:
        """Queue an event; a stream that is too slow is closed."""
        try:
            self.rows.put_nowait(row)
        except asyncio.QueueFull:
            self.close()

    def close(self) -> None:
        """End the stream; what still waits is dropped, for its client resumes."""
        while not self.rows.empty():
            self.rows.get_nowait()
        self.rows.put_nowait(None)


class Hub:
    """The open streams of this process, by organization; all but `woke` runs in the event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loop = asyncio.get_running_loop()
        self._streams: dict[int, set[Subscriber]] = {}
        self._delivered: dict[int, int] = {}
        self._woken: set[int] = set()
        self._wake = asyncio.Event()
        self._closed = False
        self._one_reader = asyncio.Lock()
        self._threads = CapacityLimiter(2)  # streams never take the threads of requests
        self._sight = Sight()
        self._tasks = [
            self._loop.create_task(self._deliver_forever()),
            self._loop.create_task(self._recheck_forever()),
        ]

    @property
    def organizations(self) -> set[int]:
        """The organizations that somebody listens to here."""
        return set(self._streams)

    def woke(self, organization_id: int) -> None:
        """An organization has new events; from any thread."""
        with suppress(RuntimeError):  # the loop is gone: so are the streams
            self._loop.call_soon_threadsafe(self.note, organization_id)

    def note(self, *organization_ids: int) -> None:
        """Organizations may have new events."""
        if listened := self._streams.keys() & set(organization_ids):
            self._woken |= listened
            self._wake.set()

    async def missed(self) -> None:
        """Look for events whose wake did not come; one small query."""
        if self._streams:
            last = await self.read(lambda conn: live.last_seqs(conn, self.organizations))
            self.note(*(o for o, seq in last.items() if seq > self._delivered.get(o, seq)))

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query in a thread, on a connection that goes back at once."""

        def run() -> T:
            with self._database.read.connect() as conn:
                return query(conn)

        return await to_thread.run_sync(run, limiter=self._threads)

    @asynccontextmanager
    async def stream(self, actor: Actor, last_event_id: int | None) -> AsyncIterator[Subscriber]:
        """An open stream that resumes after `last_event_id`; `TooMany` beyond `STREAMS_OF_ACCOUNT`."""
        if self._closed:
            raise Unavailable(retry_after=2)
        organization_id = actor.organization_id
        streams = self._streams.setdefault(organization_id, set())
        if sum(s.actor.account_id == actor.account_id for s in streams) >= STREAMS_OF_ACCOUNT:
            raise TooMany("同时打开的页面太多，请关闭一些。", code="too_many_streams", retry_after=30)
        streams.add(subscriber := Subscriber(actor, last_event_id))
        try:
            # Read after joining, and not while others are served: what is committed later comes by the queue.
            async with self._one_reader:
                subscriber.last, subscriber.missed = await self.read(
                    lambda conn: _since(conn, actor, last_event_id, self._sight)
                )
                self._delivered.setdefault(organization_id, subscriber.last)
            self.note(organization_id)
            yield subscriber
        finally:
            streams.discard(subscriber)
            if not streams and self._streams.get(organization_id) is streams:
                del self._streams[organization_id]
                self._delivered.pop(organization_id, None)

    def close(self) -> None:
        """End all streams; new ones are refused."""
        self._closed = True
        for streams in self._streams.values():
            for subscriber in streams:
                subscriber.close()

    async def stop(self) -> None:
        """Close, and end the hub's own tasks."""
        self.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver_forever(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            woken, self._woken = self._woken, set()
            for organization_id in woken & self.organizations:
                try:
                    async with self._one_reader:
                        await self._deliver(organization_id)
                except Exception as e:  # noqa: BLE001 - whatever is wrong with the database, streams stay open
                    log.warning("live events delayed", organization=organization_id, error=repr(e)[:300])
                    self._loop.call_later(2, self.note, organization_id)

    async def _deliver(self, organization_id: int) -> None:
        while organization_id in self._delivered:
            subscribers, after = list(self._streams[organization_id]), self._delivered[organization_id]
            rows, seen = await self.read(
                partial(
                    self._sight.sort, organization_id=organization_id, after=after, subscribers=subscribers
                )
            )
            if not rows:
                return
            for subscriber, row in seen:
                subscriber.push(row)
            self._delivered[organization_id] = rows[-1]["seq"]
            ended = {row["account_id"] for row in rows if row["name"] == "session.revoked"}
            await self._recheck([s for s in subscribers if s.actor.account_id in ended])

    async def _recheck_forever(self) -> None:
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            try:
                await self._recheck([s for streams in self._streams.values() for s in streams])
            except Exception as e:  # noqa: BLE001 - as above: asked again in a minute
                log.warning("sessions of live streams not checked", error=repr(e)[:300])

    async def _recheck(self, subscribers: list[Subscriber]) -> None:
        """Close the streams whose session is over or elsewhere now, give the others their present roles."""
        if not subscribers:
            return
        actors = await self.read(lambda conn: [_present(conn, s.actor) for s in subscribers])
        for subscriber, actor in zip(subscribers, actors, strict=True):
            if actor is None or actor.organization_id != subscriber.actor.organization_id:
                subscriber.close()
            else:
                subscriber.actor = actor


class Sight:
    """Who may see which event, asked of the subject's own rule; remembers a yes for a short while."""

    def __init__(self) -> None:
        self._believed: dict[tuple[int, str, int], float] = {}

    def sort(
        self, conn: Connection, organization_id: int, after: int, subscribers: Iterable[Subscriber]
    ) -> tuple[list[Row], list[tuple[Subscriber, Row]]]:
        """The next rows of an organization, and which subscriber gets which of them."""
        rows = live.after(conn, organization_id, after)
        return rows, [(s, row) for s in subscribers for row in self.visible(conn, s.actor, rows)]

    def visible(self, conn: Connection, actor: Actor, rows: list[Row]) -> list[Row]:
        """The rows that an actor may hear of."""
        mine = [row for row in rows if row["account_id"] in {None, actor.account_id}]
        now = time.monotonic()
        asked: dict[str, set[int]] = {}
        for row in mine:
            kind, subject_id = row["subject_type"], row["subject_id"]
            if kind is not None and self._believed.get((actor.account_id, kind, subject_id), 0) < now:
                asked.setdefault(kind, set()).add(subject_id)
        if len(self._believed) > 100_000:  # noqa: PLR2004 - some 10 MB
            self._believed.clear()
        for kind, ids in asked.items():
            with suppress(NotFound):  # a kind that nobody registered is nobody's
                for subject_id in subjects.visible(conn, actor, kind, ids):
                    self._believed[actor.account_id, kind, subject_id] = now + BELIEVED_SECONDS
        return [
            row
            for row in mine
            if row["subject_type"] is None
            or self._believed.get((actor.account_id, row["subject_type"], row["subject_id"]), 0) >= now
        ]


def _since(
    conn: Connection, actor: Actor, last_event_id: int | None, sight: Sight
) -> tuple[int, list[Row] | None]:
    """The newest number, and what the actor missed since `last_event_id`; None when that cannot be told any more."""
    last = live.last_seq(conn, actor.organization_id)
    if last_event_id is None:
        return last, []
    missing = last - last_event_id
    if not 0 <= missing <= REPLAYED:
        return last, None
    rows = live.after(conn, actor.organization_id, last_event_id, limit=missing) if missing else []
    # numbers have no gaps, so fewer rows mean that old ones were dropped
    return last, sight.visible(conn, actor, rows) if len(rows) == missing else None


def _present(conn: Connection, actor: Actor) -> Actor | None:
    try:
        return actor_of(conn, actor.session_id)
    except Unauthenticated:
        return None


async def events(subscriber: Subscriber) -> AsyncIterator[ServerSentEvent]:
    """First `ready` or `reset`, then what was missed, then what happens, until the stream is closed."""
    resumed = subscriber.resumes_after if subscriber.missed else None
    yield ServerSentEvent(
        event="reset" if subscriber.missed is None else "ready",
        id=str(subscriber.last if resumed is None else resumed),
        data={},
        retry=RETRY_MILLISECONDS,
    )
    for row in subscriber.missed or []:
        yield _event(row)
    while coming := await subscriber.rows.get():
        if coming["seq"] > subscriber.last:
            yield _event(coming)


def _event(row: Row) -> ServerSentEvent:
    return ServerSentEvent(
        event=row["name"],
        id=str(row["seq"]),
        data={
            "channel": row["channel"],
            "subject_type": row["subject_type"],
            "subject_id": row["subject_id"],
            **row["data"],
        },
    )
