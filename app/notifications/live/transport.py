"""How the hub of one process hears of commits in others: LISTEN/NOTIFY, Redis, and a poll that misses nothing."""

import asyncio
import queue
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from types import FrameType

import psycopg
import redis
import redis.asyncio
import structlog
from fastapi import FastAPI
from psycopg.conninfo import make_conninfo
from redis.exceptions import RedisError
from sqlalchemy import URL

from app.core import live
from app.core.config import Settings
from app.core.database.timeouts import PEER
from app.core.db import Database
from app.notifications.live.hub import Hub

#: A second on SQLite, where a poll is all there is between processes; elsewhere a poll mends lost messages.
_POLL_SECONDS = {"sqlite": 1.0, "postgresql": 10.0}
_MAX_BACK_OFF = 30.0
log = structlog.get_logger()


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """A hub at `app.state.hub` for the life of the process; SIGTERM and SIGINT end its streams at once."""
    config: Settings = app.state.settings
    database: Database = app.state.database
    hub = app.state.hub = Hub(database)
    url = database.write.url
    async with AsyncExitStack() as stack:
        stack.push_async_callback(hub.stop)
        stack.callback(live.on_commit(hub.woke))
        stack.enter_context(_closed_by_signals(hub))
        wires = [_poll(hub, _POLL_SECONDS[url.get_backend_name()])]
        if config.redis_url:
            stack.enter_context(publishing(config.redis_url))
            wires.append(
                _reconnect_forever("redis", lambda heard: _subscribe(hub, str(config.redis_url), heard))
            )
        elif url.get_backend_name() == "postgresql":
            wires.append(_reconnect_forever("listen", lambda heard: _listen(hub, url, heard)))
        for wire in wires:
            stack.callback(asyncio.create_task(wire).cancel)
        yield


async def _poll(hub: Hub, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await hub.missed()
        except Exception as e:  # noqa: BLE001 - the database is away: asked again at the next turn
            log.warning("live events not polled", error=repr(e)[:300])


async def _reconnect_forever(name: str, attend: Callable[[Callable[[], None]], Awaitable[None]]) -> None:
    """Reconnect forever, with exponential backoff."""
    pause = 0.5

    def on_connected() -> None:
        nonlocal pause
        pause = 0.5

    while True:
        try:
            await attend(on_connected)
        except (OSError, psycopg.Error, RedisError) as e:
            log.warning("live wire broken", wire=name, again_in=pause, error=repr(e)[:300])
        await asyncio.sleep(pause)
        pause = min(pause * 2, _MAX_BACK_OFF)


async def _listen(hub: Hub, url: URL, on_connected: Callable[[], None]) -> None:
    conninfo = make_conninfo(url.set(drivername="postgresql").render_as_string(hide_password=False), **PEER)
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as conn:
        await conn.execute(f"LISTEN {live.CHANNEL}")
        on_connected()
        hub.note(*hub.organizations)  # what was announced while nobody listened
        async for message in conn.notifies():
            hub.note(int(message.payload))


async def _subscribe(hub: Hub, url: str, on_connected: Callable[[], None]) -> None:
    async with (
        redis.asyncio.Redis.from_url(url, health_check_interval=15) as client,
        client.pubsub() as pubsub,
    ):
        await pubsub.subscribe(live.CHANNEL)
        on_connected()
        hub.note(*hub.organizations)
        while True:
            message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=20)
            if message is not None:
                hub.note(int(message["data"]))


@contextmanager
def publishing(redis_url: str) -> Iterator[None]:
    """Tell other processes through Redis of this one's commits with events; a thread sends, no writer waits."""
    announced: queue.SimpleQueue[int | None] = queue.SimpleQueue()

    def send() -> None:
        client = redis.Redis.from_url(redis_url, socket_timeout=2, socket_connect_timeout=2)
        while (organization_id := announced.get()) is not None:
            try:
                client.publish(live.CHANNEL, organization_id)
            except RedisError as e:
                log.warning("live event not published", error=repr(e)[:300])
        client.close()

    sender = threading.Thread(target=send, name="live-publisher", daemon=True)
    sender.start()
    undo = live.on_commit(announced.put)
    try:
        yield
    finally:
        undo()
        announced.put(None)
        sender.join(5)


@contextmanager
def _closed_by_signals(hub: Hub) -> Iterator[None]:
    """Close the streams at the signals that end the server, which waits for open answers before it stops."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def close(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(hub.close)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number in before:
        signal.signal(number, close)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
