"""Workers in threads of a test, and what they say of trouble."""

import threading
import time
from contextlib import contextmanager

from structlog.testing import CapturingLogger

from app import worker


def errors(log: CapturingLogger) -> list[str]:
    return [call.args[0] for call in log.calls if call.method_name in {"error", "exception"}]


def sqlite(database) -> bool:
    return database.write.dialect.name == "sqlite"


@contextmanager
def working(database, config):
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(database, config, stop), daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def wait(until, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end
        time.sleep(0.05)
