"""A link to a database that a test can darken: a TCP proxy that takes everything and passes nothing on."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import make_url


class Link:
    """The way to a server through a port of its own; `dark` stops all traffic, `cut_off` for good what is open now."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._light = threading.Event()
        self._light.set()
        self._epoch = 0
        self._door = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        port: int = self._door.getsockname()[1]
        return port

    def dark(self) -> None:
        self._light.clear()

    def lit(self) -> None:
        self._light.set()

    def cut_off(self) -> None:
        """Connections of now stay open and never hear anything again; new ones work."""
        self._epoch += 1

    def close(self) -> None:
        self._light.set()
        self._door.close()
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                far = socket.create_connection(self._to)
                self._open += [near, far]
                for source, target in ((near, far), (far, near)):
                    threading.Thread(
                        target=self._pass, args=(source, target, self._epoch), daemon=True
                    ).start()

    def _pass(self, source: socket.socket, target: socket.socket, epoch: int) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._light.wait()
                if epoch == self._epoch:
                    target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)


@contextmanager
def link(url: str) -> Iterator[tuple[Link, str]]:
    """A link to the server of a database URL, and the URL that leads through it."""
    to = make_url(url)
    way = Link(to.host or "127.0.0.1", to.port or 5432)
    try:
        yield way, to.set(host="127.0.0.1", port=way.port).render_as_string(hide_password=False)
    finally:
        way.close()
