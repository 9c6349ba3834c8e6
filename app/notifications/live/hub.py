"""Live events on their way to the streams of this process.

One hub a process. A commit wakes it (a commit of another process: see `wires`); it reads the new rows of an
organization once and hands each stream what it watches and may see. Between wakes nothing is read and no
connection held.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TypeVar

import structlog
from anyio import CapacityLimiter, to_thread
from sqlalchemy import Connection

from app.auth.actor import Actor, actors_of
from app.core import live
from app.core.db import Database
from app.core.errors import TooMany, Unavailable
from app.notifications.live.messages import RETRY_MILLISECONDS, Message, message_of
from app.notifications.live.stream import OpenStream
from app.notifications.live.visibility import VisibilityCache

#: What happens within this time is read, and written to each stream, together.
GATHER_SECONDS = 0.2
PING_SECONDS = 15
#: More missed events than this are not replayed: the client is told to fetch again.
REPLAYED = 1000
STREAMS_OF_ACCOUNT = 12
RECHECK_SECONDS = 60

T = TypeVar("T")
log = structlog.get_logger()


class EventAudience:
    """The open streams of one organization, by what they watch.

    Events up to `taken` are on their way to those who had joined; those up to `given` have reached them.
    """

    def __init__(self) -> None:
        self.taken: int | None = None
        self.given = 0
        self.opening = asyncio.Lock()
        self.streams: set[OpenStream] = set()
        self._by_key: dict[str, set[OpenStream]] = {}
        self._by_account: dict[int, set[OpenStream]] = {}

    def add(self, stream: OpenStream) -> None:
        """Let a stream hear of what comes."""
        self.streams.add(stream)
        self._by_account.setdefault(stream.actor.account_id, set()).add(stream)
        for key in _keys(stream):
            self._by_key.setdefault(key, set()).add(stream)

    def discard(self, stream: OpenStream) -> None:
        """Forget a stream."""
        self.streams.discard(stream)
        _take(self._by_account, stream.actor.account_id, stream)
        for key in _keys(stream):
            _take(self._by_key, key, stream)

    def of_accounts(self, account_ids: Iterable[int]) -> list[OpenStream]:
        """The streams of some accounts."""
        return [stream for account_id in account_ids for stream in self._by_account.get(account_id, ())]

    def hearing(self, messages: Iterable[Message]) -> dict[OpenStream, list[Message]]:
        """Which stream watches which messages; what is for one account goes to all its streams, and to no other."""
        heard: dict[OpenStream, list[Message]] = {}
        for message in messages:
            if message.account_id is not None:
                streams: set[OpenStream] = self._by_account.get(message.account_id, set())
            else:
                streams = set().union(*(self._by_key.get(key, ()) for key in (*message.keys, _EVERYTHING)))
            for stream in streams:
                heard.setdefault(stream, []).append(message)
        return heard


_EVERYTHING = "*"


def _keys(stream: OpenStream) -> Collection[str]:
    return (_EVERYTHING,) if stream.watch is None else stream.watch


def _take(index: dict[T, set[OpenStream]], key: T, stream: OpenStream) -> None:
    streams = index.get(key, set())
    streams.discard(stream)
    if not streams:
        index.pop(key, None)


class Hub:
    """The audiences of this process, by organization; all but `woke` runs in the event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loop = asyncio.get_running_loop()
        self._audiences: dict[int, EventAudience] = {}
        self._woken: set[int] = set()
        self._wake = asyncio.Event()
        self._closed = False
        self._threads = CapacityLimiter(2)  # streams never take the threads of requests
        self._sight = VisibilityCache(self.read)
        self._tasks = [
            self._loop.create_task(work())
            for work in (self._deliver_forever, self._recheck_forever, self._ping_forever)
        ]

    @property
    def organizations(self) -> set[int]:
        """The organizations that somebody listens to here."""
        return set(self._audiences)

    def woke(self, organization_id: int) -> None:
        """An organization has new events; from any thread."""
        with suppress(RuntimeError):  # the loop is gone: so are the streams
            self._loop.call_soon_threadsafe(self.note, organization_id)

    def note(self, *organization_ids: int) -> None:
        """Organizations may have new events."""
        if listened := self._audiences.keys() & set(organization_ids):
            self._woken |= listened
            self._wake.set()

    async def missed(self) -> None:
        """Look for events whose wake did not come; one small query."""
        if self._audiences:
            last = await self.read(lambda conn: live.last_seqs(conn, self.organizations))
            taken = {o: audience.taken for o, audience in self._audiences.items()}
            self.note(*(o for o, seq in last.items() if (known := taken.get(o)) is not None and seq > known))

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query in a thread, on a connection that goes back at once."""

        def run() -> T:
            with self._database.read.connect() as conn:
                return query(conn)

        return await to_thread.run_sync(run, limiter=self._threads)

    @asynccontextmanager
    async def joined(self, stream: OpenStream, resumes_after: int | None) -> AsyncIterator[None]:
        """For the life of a stream, which hears of what it missed first; `TooMany` beyond `STREAMS_OF_ACCOUNT`."""
        if self._closed:
            raise Unavailable(retry_after=2)
        organization_id = stream.actor.organization_id
        audience = self._audiences.setdefault(organization_id, EventAudience())
        if len(audience.of_accounts([stream.actor.account_id])) >= STREAMS_OF_ACCOUNT:
            raise TooMany("同时打开的页面太多，请关闭一些。", code="too_many_streams", retry_after=30)
        # joined before anything is read: what is delivered from now on waits in the stream
        audience.add(stream)
        try:
            async with audience.opening:
                if audience.taken is None:
                    audience.taken = await self.read(partial(live.last_seq, organization_id=organization_id))
                    self.note(organization_id)
                stream.last = audience.taken
            stream.begin(await self._beginning(stream, resumes_after))
            yield
        finally:
            audience.discard(stream)
            if not audience.streams and self._audiences.get(organization_id) is audience:
                del self._audiences[organization_id]

    async def _beginning(self, stream: OpenStream, resumes_after: int | None) -> list[Message]:
        """`ready` and what was missed up to `stream.last`; `reset` when that cannot be told any more."""
        last = stream.last
        if resumes_after is None or resumes_after == last:
            return [Message(last, "ready", retry=RETRY_MILLISECONDS)]
        organization_id, missing = stream.actor.organization_id, last - resumes_after
        if missing < 0:  # another process is ahead of this one, or the number is not ours
            newest = await self.read(partial(live.last_seq, organization_id=organization_id))
            if resumes_after <= newest:
                stream.last = resumes_after
                return [Message(resumes_after, "ready", retry=RETRY_MILLISECONDS)]
        rows = []
        if 0 < missing <= REPLAYED:
            rows = await self.read(
                partial(live.after, organization_id=organization_id, seq=resumes_after, limit=missing)
            )
        if len(rows) != missing:  # numbers have no gaps, so fewer rows mean that old ones were dropped
            return [Message(last, "reset", retry=RETRY_MILLISECONDS)]
        mine = [message for row in rows if _is_for(stream, message := message_of(row))]
        may_hear = await self._sight.sift([(stream.actor, mine)])
        mine = [message for message in mine if may_hear(stream.actor, message)]
        return [Message(resumes_after if mine else last, "ready", retry=RETRY_MILLISECONDS), *mine]

    def close(self) -> None:
        """End all streams; new ones are refused."""
        self._closed = True
        for stream in self._all():
            stream.close()

    async def stop(self) -> None:
        """Close, and end the hub's own tasks."""
        self.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _all(self) -> list[OpenStream]:
        return [stream for audience in self._audiences.values() for stream in audience.streams]

    async def _deliver_forever(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            woken, self._woken = self._woken, set()
            for organization_id in woken & self.organizations:
                try:
                    await self._deliver(organization_id)
                except Exception as e:  # noqa: BLE001 - whatever is wrong with the database, streams stay open
                    log.warning("live events delayed", organization=organization_id, error=repr(e)[:300])
                    self._loop.call_later(2, self.note, organization_id)
            await asyncio.sleep(GATHER_SECONDS)  # the first event goes at once, those of a rush together

    async def _deliver(self, organization_id: int) -> None:
        audience = self._audiences.get(organization_id)
        while audience and (before := audience.taken) is not None:
            rows = await self.read(partial(live.after, organization_id=organization_id, seq=before))
            if not rows:
                return
            messages = [message_of(row) for row in rows]
            heard = audience.hearing(messages)
            audience.taken = messages[-1].seq  # whoever joins from here on reads up to this one
            try:
                may_hear = await self._sight.sift((stream.actor, of) for stream, of in heard.items())
            except BaseException:
                audience.taken = before
                raise
            for stream, of in heard.items():
                stream.push([message for message in of if may_hear(stream.actor, message)])
            audience.given = messages[-1].seq
            ended = {
                m.account_id for m in messages if m.name == "session.revoked" and m.account_id is not None
            }
            await self._recheck(audience.of_accounts(ended))

    async def _ping_forever(self) -> None:
        while True:
            await asyncio.sleep(PING_SECONDS)
            for audience in list(self._audiences.values()):
                ping = Message(audience.given, "ping")
                for count, stream in enumerate(list(audience.streams)):
                    stream.ping(ping)
                    if count % 100 == 0:
                        await asyncio.sleep(0)  # requests go in between

    async def _recheck_forever(self) -> None:
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            try:
                await self._recheck(self._all())
            except Exception as e:  # noqa: BLE001 - as above: asked again in a minute
                log.warning("sessions of live streams not checked", error=repr(e)[:300])

    async def _recheck(self, streams: list[OpenStream]) -> None:
        """Close the streams whose session is over or elsewhere now, give the others their present roles."""
        if not streams:
            return
        sessions = {stream.actor.session_id for stream in streams}
        present: dict[int, Actor] = await self.read(lambda conn: actors_of(conn, sessions))
        for stream in streams:
            actor = present.get(stream.actor.session_id)
            if actor is None or actor.due or actor.organization_id != stream.actor.organization_id:
                stream.close()
            else:
                stream.actor = actor


def _is_for(stream: OpenStream, message: Message) -> bool:
    if message.account_id is not None:
        return message.account_id == stream.actor.account_id
    return stream.watch is None or not stream.watch.isdisjoint(message.keys)
