"""Real servers for what a test client cannot do (it buffers answers), and listeners to their live streams."""

import json
import os
import queue
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from app.core.config import Settings
from tests.support.loaded import python


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The app under uvicorn in a thread of this process; yields its address."""
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, "127.0.0.1", port, log_level="error", timeout_graceful_shutdown=5)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    _wait(f"http://127.0.0.1:{port}", thread.is_alive)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        if hub := getattr(app.state, "hub", None):
            hub._loop.call_soon_threadsafe(hub.close)
        server.should_exit = True
        thread.join(15)
        assert not thread.is_alive()


@dataclass
class Process:
    """A server in a process of its own."""

    url: str
    process: "subprocess.Popen[bytes]"

    def stop(self, seconds: float = 15) -> float:
        """SIGTERM; returns the seconds until it was gone."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(seconds)
        return time.monotonic() - started


def environment(config: Settings) -> dict[str, str]:
    """The environment that gives another process the settings of a test."""
    given: dict[str, Any] = {
        "database_url": config.database_url,
        "data_dir": config.data_dir,
        "redis_url": config.redis_url,
        "push_contact": config.push_contact,
        "token_secret": config.token_secret.get_secret_value() if config.token_secret else None,
        "password_hashing": "fast",
        "threads": config.threads,
        "log_level": "ERROR",
    }
    return os.environ | {
        f"LVYI_{name.upper()}": str(value) for name, value in given.items() if value is not None
    }


def lvyi(*arguments: str, first: str = "") -> list[str]:
    """The command line of `lvyi`; `first` is run before it, to change what a test has to."""
    return python(f"{first}\nfrom app.cli import main; main()", *arguments)


@contextmanager
def process(config: Settings, first: str = "") -> Iterator[Process]:
    """`lvyi serve` in a process of its own."""
    port = free_port()
    started = subprocess.Popen(lvyi("serve", "--port", str(port), first=first), env=environment(config))
    try:
        _wait(f"http://127.0.0.1:{port}", lambda: started.poll() is None)
        yield Process(f"http://127.0.0.1:{port}", started)
    finally:
        if started.poll() is None:
            started.kill()
        started.wait(15)


def _wait(url: str, alive: Any, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    with httpx.Client(timeout=2, verify=False) as client:  # noqa: S501 - plain HTTP; a TLS context costs 30 ms each
        while True:
            try:
                client.get(f"{url}/healthz")
            except httpx.TransportError:
                assert alive(), "the server ended"
                assert time.monotonic() < end, "the server did not answer"
                time.sleep(0.05)
            else:
                return


@dataclass
class Listener:
    """One open stream; `next()` gives its events as they come, an empty one once it has ended.

    A ping is no event: it brings the number `pinged`.
    """

    response: httpx.Response
    pinged: str = ""
    received: "queue.Queue[dict[str, Any]]" = field(default_factory=queue.Queue)

    def next(self, seconds: float = 5) -> dict[str, Any]:
        """The next event as `{id, event, data}`; `queue.Empty` when none comes in time."""
        return self.received.get(timeout=seconds)

    def quiet(self, seconds: float = 0.5) -> bool:
        """Whether nothing comes for a while."""
        try:
            self.received.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def read(self) -> None:
        event: dict[str, Any] = {}
        try:
            for line in self.response.iter_lines():
                name, _, value = line.partition(": ")
                if not line:
                    if event.get("event") == "ping":
                        self.pinged = event["id"]
                    elif "data" in event:
                        self.received.put(event)
                    event = {}
                elif name:
                    event[name] = json.loads(value) if name == "data" else value
        except (httpx.TransportError, httpx.StreamClosed):
            pass
        self.received.put({})


@contextmanager
def listening(url: str, who: Any, last: str | None = None, watch: Sequence[str] = ()) -> Iterator[Listener]:
    """An open live stream of somebody, past its first event when it is `ready`; without `watch` it hears all."""
    headers = {"Authorization": who.http.headers["Authorization"]} | ({"Last-Event-ID": last} if last else {})
    with (
        httpx.Client(timeout=httpx.Timeout(10, read=60)) as client,
        client.stream("GET", f"{url}/api/v1/events", headers=headers, params={"watch": watch}) as response,
    ):
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"].startswith("text/event-stream")
        listener = Listener(response)
        thread = threading.Thread(target=listener.read, daemon=True)
        thread.start()
        first = listener.next()
        if first.get("event") != "ready":
            listener.received.queue.appendleft(first)
        yield listener
        # closing the socket under the reading thread ends it
        with suppress(OSError):  # the server has closed it
            response.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        thread.join(5)
