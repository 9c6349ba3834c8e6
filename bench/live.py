"""What live streams cost: the same replies without and with listeners, over real sockets, in one run.

`python -m bench.live` prints for each mixture of streams the server's CPU for a reply, its ratio to a reply that nobody
hears of, the CPU for one delivered event, and the memory of one stream. The server has the first core, this process
with all streams the second. Without `--mixtures` all are measured.
"""

import argparse
import asyncio
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle

from rich.console import Console
from rich.table import Table

from bench.__main__ import LOAD_CORE, SERVER_CORE
from bench.loads.cases import BODY
from bench.loads.cities import Members, city, members, request
from bench.loads.load import UNIQUE, pin
from bench.servers.server import Server, serve

MICROSECONDS, KILOBYTES = 20, 45
_HOME = "&".join(
    f"watch={key}"
    for key in (
        "feed/update.posted",
        "topics/topic.published",
        "topics/topic.closed",
        "activities/activity.changed",
    )
)
_THREAD = "&".join(
    f"watch=thread:{{thread}}/reply.{what}"
    for what in ("posted", "supported", "hidden", "unhidden", "deleted")
)
#: What one stream after the other watches.
MIXTURES: dict[str, Sequence[str]] = {
    # seven of ten on the home page, two in the thread where all replies go, one elsewhere
    "mixture": [_HOME] * 7 + [_THREAD] * 2 + ["watch=own"],
    "all in the thread": [_THREAD],
    "all of the feed": ["watch=feed"],
    "without watch": [""],
}


@dataclass
class Heard:
    """What came over all streams."""

    ready: int = 0
    replies: int = 0
    refreshes: int = 0
    ended: int = 0

    @property
    def events(self) -> int:
        """What was delivered of replies: themselves, and what stands for many of them."""
        return self.replies + self.refreshes


class _Stream(asyncio.Protocol):
    """One listener: counts events and keeps nothing."""

    def __init__(self, asked: bytes, heard: Heard) -> None:
        self.asked, self.heard = asked, heard

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP
        self.transport = transport
        transport.write(self.asked)

    def data_received(self, data: bytes) -> None:
        """Count; an event hardly ever lies across two reads, because chunks are far smaller than a segment."""
        self.heard.replies += data.count(b"event: reply.posted")
        self.heard.refreshes += data.count(b"event: refresh")
        self.heard.ready += data.count(b"event: ready")

    def connection_lost(self, _exc: Exception | None) -> None:
        """Count those that the server or the benchmark closed."""
        self.heard.ended += 1


@dataclass
class Poster:
    """Posts replies at a rate over a few kept connections."""

    port: int
    requests: Iterator[bytes]
    rate: float
    free: "asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]]" = field(
        default_factory=asyncio.Queue
    )

    async def post(self, seconds: float, connections: int = 32) -> int:
        """Post for some seconds, one reply each `1 / rate`; returns how many."""
        self.free = asyncio.Queue()  # the server closes connections that rest
        for _ in range(connections):
            self.free.put_nowait(await asyncio.open_connection("127.0.0.1", self.port))
        started, tasks = time.perf_counter(), set[asyncio.Task[None]]()
        total = int(seconds * self.rate)
        for number in range(total):
            await asyncio.sleep(started + number / self.rate - time.perf_counter())
            tasks.add(asyncio.create_task(self._one()))
        await asyncio.gather(*tasks)
        while not self.free.empty():
            self.free.get_nowait()[1].close()
        return total

    async def _one(self) -> None:
        reader, writer = await self.free.get()
        writer.write(next(self.requests).replace(UNIQUE, b"live-%x-%d" % (time.time_ns(), next(_serial))))
        head = await reader.readuntil(b"\r\n\r\n")
        if head[9:12] != b"201":
            raise RuntimeError(head.decode())
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        self.free.put_nowait((reader, writer))


_serial = count()


@dataclass(frozen=True)
class Figures:
    """What one mixture gave."""

    alone: float
    replies: int
    cpu: float
    seconds: float
    heard: Heard
    kilobytes: float
    opening: float
    idle: float


async def _until(holds: Callable[[], bool], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - counters have no event
            await asyncio.sleep(0.05)


async def measure(
    server: Server, who: Members, watches: Sequence[str], streams: int, rate: float, seconds: float
) -> Figures:
    """Replies without listeners, then the streams, then the same replies again."""
    thread = who.threads[0]
    path = f"/api/v1/threads/{thread}/replies"
    poster = Poster(server.port, cycle([request(t, path, body=BODY, key=UNIQUE) for t in who.tokens]), rate)
    await poster.post(2)  # warms caches and plans
    used = server.cpu
    posted = await poster.post(seconds)
    alone = (server.cpu - used) / posted

    heard, loop, opened = Heard(), asyncio.get_running_loop(), list[_Stream]()
    before, used = server.rss, server.cpu
    for number, token, watch in zip(range(streams), cycle(who.tokens), cycle(watches), strict=False):
        asked = request(token, f"/api/v1/events?{watch.format(thread=thread)}")
        _, stream = await loop.create_connection(lambda a=asked: _Stream(a, heard), "127.0.0.1", server.port)  # type: ignore[misc]
        opened.append(stream)
        if number % 50 == 49:
            await _until(lambda n=number: heard.ready + heard.ended >= n - 50)  # type: ignore[misc]
    await _until(lambda: heard.ready + heard.ended >= streams)
    if heard.ended:
        raise RuntimeError(f"{heard.ended} streams were refused")
    opening, kilobytes = (server.cpu - used) / streams, (server.rss - before) / streams
    used = server.cpu
    await asyncio.sleep(seconds)
    idle = (server.cpu - used) / seconds

    heard.replies = heard.refreshes = 0
    used, started = server.cpu, time.perf_counter()
    posted = await poster.post(seconds)
    lasted = time.perf_counter() - started
    await asyncio.sleep(1)  # the last events are on their way
    spent = server.cpu - used
    if heard.ended:
        raise RuntimeError(f"{heard.ended} streams were closed")
    for stream in opened:
        stream.transport.abort()
    await _until(lambda: heard.ended == streams)
    await asyncio.sleep(1)
    return Figures(alone, posted, spent, lasted, heard, kilobytes, opening, idle)


def main() -> int:
    """Measure what is asked; 1 when a target is missed."""
    options = argparse.ArgumentParser(prog="python -m bench.live", description=__doc__.splitlines()[0])
    options.add_argument("--streams", type=int, default=2000)
    options.add_argument("--rate", type=float, default=20, help="replies a second")
    options.add_argument("--seconds", type=float, default=15)
    options.add_argument("--scale", type=float, default=1, help="of the demo city")
    options.add_argument("--mixtures", default=",".join(MIXTURES))
    asked = options.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    town = city("sqlite", asked.scale, None)
    table = Table(title=f"{asked.streams} streams, {asked.rate:g} replies a second", title_justify="left")
    for head in ("", "CPU ms a reply, alone", "with listeners", "ratio", "events a reply", "µs an event"):
        table.add_column(head, justify="left" if not head else "right")
    for head in ("kB a stream", "ms to open one", "replies/s", "of one core", "idle", ""):
        table.add_column(head, justify="left" if not head else "right")
    missed = False
    for name in asked.mixtures.split(","):
        with serve(
            "bench.servers.tireless:create_app", SERVER_CORE, town.environment | {"LVYI_LOG_LEVEL": "WARNING"}
        ) as server:
            pin(LOAD_CORE)
            who = members(town, 1000)
            got = asyncio.run(measure(server, who, MIXTURES[name], asked.streams, asked.rate, asked.seconds))
        a_reply = got.cpu / got.replies
        micros = (a_reply - got.alone) * got.replies / max(got.heard.events, 1) * 1e6
        holds = micros <= MICROSECONDS and got.kilobytes <= KILOBYTES and got.cpu < got.seconds
        missed |= not holds
        table.add_row(
            name,
            f"{got.alone * 1e3:.1f}",
            f"{a_reply * 1e3:.1f}",
            f"{a_reply / got.alone:.1f}",
            f"{got.heard.events / got.replies:.0f}",
            f"{micros:.1f} (≤{MICROSECONDS})",
            f"{got.kilobytes:.1f} (≤{KILOBYTES})",
            f"{got.opening * 1e3:.1f}",
            f"{got.replies / got.seconds:.1f}",
            f"{got.cpu / got.seconds:.0%}",
            f"{got.idle:.0%}",
            "pass" if holds else "MISS",
        )
    Console(width=160).print(table)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
