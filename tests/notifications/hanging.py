"""Push services that hold whoever calls them: one never speaks, one sends a byte of its headers now and then."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.support.servers import free_port


@contextmanager
def hanging(manner: str) -> Iterator[str]:
    """The address of a service that is `silent` or `dripping`."""
    port = free_port()
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", port), backlog=100) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _ = server.accept()
                    taken.append(client)
                    if manner == "dripping":
                        threading.Thread(target=drip, args=(client,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        # a dripping service speaks: no TLS is in the way of its headers
        yield f"{'http' if manner == 'dripping' else 'https'}://localhost:{port}"
    for client in taken:
        client.close()


def drip(client: socket.socket) -> None:
    with suppress(OSError):
        client.sendall(b"HTTP/1.1 201 Created\r\nX-Slow: ")
        while True:
            time.sleep(1)
            client.sendall(b"x")
