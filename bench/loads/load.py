"""The load: keep-alive connections over raw sockets, each sending its next request when the last is answered."""

import asyncio
import os
import time
from dataclasses import dataclass, field
from itertools import count, cycle

#: Where a request wants a number that never comes twice.
UNIQUE = b"{unique}"
_run = f"{time.time_ns():x}"
_serial = count()


@dataclass
class Burst:
    """What one burst of load saw; `latencies` in seconds, as many as there were answers."""

    seconds: float
    latencies: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds


class _Connection(asyncio.Protocol):
    """One connection; the requests are shared by all of them."""

    def __init__(self, load: "_Load") -> None:
        self.load = load
        self.received = b""
        self.awaited = 0
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP
        self.transport = transport
        self._send()

    def _send(self) -> None:
        request = next(self.load.requests)
        if UNIQUE in request:
            request = request.replace(UNIQUE, f"{_run}-{next(_serial):09d}".encode())
        self.received, self.awaited = b"", 0
        self.sent_at = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Take a part of the answer; when it is whole, note it and go on."""
        self.received = self.received + data if self.received else data
        if not self.awaited:
            head = self.received.find(b"\r\n\r\n")
            if head < 0:
                return
            at = self.received.find(b"content-length:", 0, head)
            size = int(self.received[at + 15 : self.received.find(b"\r", at)]) if at >= 0 else 0
            self.awaited = head + 4 + size
        if len(self.received) < self.awaited:
            return
        now = time.perf_counter()
        if self.received[9:12] != self.load.status:
            self.load.fail(f"answered {self.received[:600]!r}")
        self.load.latencies.append(now - self.sent_at)
        if now < self.load.ends_at:
            self._send()
        else:
            self.load.left -= 1
            self.transport.close()
            if not self.load.left:
                self.load.fail("")

    def connection_lost(self, exc: Exception | None) -> None:
        """The server must not close."""
        if self.load.left and exc is not None:
            self.load.fail(repr(exc))


class _Load:
    """What the connections of one burst share."""

    def __init__(self, requests: list[bytes], status: int, seconds: float, connections: int) -> None:
        self.requests = cycle(requests)
        self.status = str(status).encode()
        self.ends_at = time.perf_counter() + seconds
        self.left = connections
        self.latencies: list[float] = []
        self.done: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def fail(self, why: str) -> None:
        """End the burst; empty when all is well."""
        if not self.done.done():
            self.done.set_result(why)


async def _burst(port: int, requests: list[bytes], status: int, seconds: float, connections: int) -> Burst:
    loop, started = asyncio.get_running_loop(), time.perf_counter()
    load = _Load(requests, status, seconds, connections)
    for _ in range(connections):
        await loop.create_connection(lambda: _Connection(load), "127.0.0.1", port)
    async with asyncio.timeout(seconds + 30):
        if why := await load.done:
            raise RuntimeError(why)
    return Burst(time.perf_counter() - started, load.latencies)


def burst(port: int, requests: list[bytes], status: int, seconds: float, connections: int = 8) -> Burst:
    """Send `requests` in turn for `seconds`; RuntimeError when an answer has not the status that is awaited."""
    return asyncio.run(_burst(port, requests, status, seconds, connections))


def pin(core: int) -> None:
    """Keep this process on one core."""
    os.sched_setaffinity(0, {core})
