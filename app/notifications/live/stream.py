"""One open live stream: what it watches, what waits for it, and the answer that writes it."""

import asyncio
from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.auth.actor import Actor
from app.notifications.live.messages import Message, gathered

#: Messages that may wait for one stream; a slower one is closed and resumes.
QUEUE = 256
_HEADERS = {"cache-control": "no-cache", "x-accel-buffering": "no"}  # nginx passes events on at once


class OpenStream:
    """One open stream; `watch` None hears of everything, once for each channel. Used in the event loop only."""

    __slots__ = ("_pending", "_ready", "_wake", "actor", "is_open", "last", "watch")

    def __init__(self, actor: Actor, watch: frozenset[str] | None) -> None:
        self.actor = actor
        self.watch = watch
        self.last = 0
        self.is_open = True
        self._ready = False
        self._pending: list[Message] = []
        self._wake: asyncio.Future[None] | None = None

    def push(self, messages: Collection[Message]) -> None:
        """Queue messages that its client has not had; a stream that is too slow is closed, and its client resumes."""
        self._pending += [message for message in messages if message.seq > self.last]
        if len(self._pending) > QUEUE and self.watch is not None:
            self._pending = gathered(self._pending, self.watch)
        if len(self._pending) > QUEUE:
            self.close()
        self._go_on()

    def begin(self, messages: list[Message]) -> None:
        """Say these before what was queued meanwhile."""
        self._pending = messages + [message for message in self._pending if message.seq > self.last]
        self._ready = True
        self._go_on()

    def ping(self, message: Message) -> None:
        """Keep the line open, and the client's number near the newest, unless something waits anyway."""
        if not self._pending and message.seq >= self.last:
            self._pending.append(message)
            self._go_on()

    def close(self) -> None:
        """End the stream; what still waits is dropped."""
        self.is_open = False
        self._pending = []
        self._go_on()

    def _go_on(self) -> None:
        if self._wake and not self._wake.done() and (self._pending or not self.is_open):
            self._wake.set_result(None)

    async def chunk(self) -> bytes:
        """Everything that waits, as soon as something does; empty at the end."""
        while self.is_open and not (self._ready and self._pending):
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake
        messages, self._pending = self._pending, []
        if self.watch is None:
            return b"".join([message.wire_by_channel for message in messages])
        return b"".join([message.wire for message in gathered(messages, self.watch)])


class Joins(Protocol):
    """Where streams are joined to what happens."""

    def joined(self, stream: OpenStream, resumes_after: int | None) -> AbstractAsyncContextManager[None]:
        """For the life of a stream."""


class StreamResponse(StreamingResponse):
    """The answer that is a stream: two small tasks, no timer of its own, nothing held but the stream."""

    media_type = "text/event-stream"

    def __init__(self, hub: Joins, stream: OpenStream, resumes_after: int | None) -> None:
        super().__init__((), headers=_HEADERS)
        self._hub, self._stream, self._resumes_after = hub, stream, resumes_after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Write what comes until the stream is closed or the client has gone."""
        stream = self._stream
        async with self._hub.joined(stream, self._resumes_after):
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            gone = asyncio.create_task(_close_when_gone(stream, receive))
            try:
                while chunk := await stream.chunk():
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            finally:
                gone.cancel()


async def _close_when_gone(stream: OpenStream, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.close()
