"""A city that is served, and a Redis for the tests: the machine's `redis-server`, else as much of one as live events need."""

import shutil
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.factories.city import City
from tests.support.servers import free_port, serving


@pytest.fixture
def url(city: City) -> Iterator[str]:
    """Where the city is served."""
    with serving(city.app) as address:
        yield address


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """The address of a Redis that is gone afterwards."""
    program = shutil.which("redis-server")
    with _process(program, tmp_path) if program else _thread() as port:
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def _process(program: str, folder: Path) -> Iterator[int]:
    port = free_port()
    command = [
        program,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        str(folder),
    ]
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port
    finally:
        started.terminate()
        started.wait(10)


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("Redis did not start")


@contextmanager
def _thread() -> Iterator[int]:
    with _Redis(("127.0.0.1", 0), _Client) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


class _Redis(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, *args) -> None:
        self.subscribers: list[tuple[bytes, socket.socket]] = []
        super().__init__(*args)


class _Client(socketserver.StreamRequestHandler):
    """Publish and subscribe in RESP3, nothing else."""

    server: _Redis

    def handle(self) -> None:
        while line := self.rfile.readline():
            words = [self._bulk() for _ in range(int(line[1:]))]
            self._answer(words[0].upper(), *words[1:])

    def _bulk(self) -> bytes:
        return self.rfile.read(int(self.rfile.readline()[1:]) + 2)[:-2]

    def _answer(self, command: bytes, *words: bytes) -> None:
        if command == b"HELLO":
            self.wfile.write(b"%1\r\n$5\r\nproto\r\n:3\r\n")
        elif command == b"SUBSCRIBE":
            self.server.subscribers.append((words[0], self.request))
            self.wfile.write(_push(b"subscribe", words[0]) + b":1\r\n")
        elif command == b"PUBLISH":
            to = [client for channel, client in self.server.subscribers if channel == words[0]]
            for client in to:
                client.sendall(_push(b"message", *words))
            self.wfile.write(b":%d\r\n" % len(to))
        else:
            self.wfile.write(b"+PONG\r\n" if command == b"PING" else b"+OK\r\n")


def _push(*words: bytes) -> bytes:
    return b">3\r\n" + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
