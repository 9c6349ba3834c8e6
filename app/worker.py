"""The worker: runs due jobs and cleans up. `lvyi worker` is one; on SQLite `lvyi serve` has one in a thread."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import structlog

from app.cards import keys
from app.core import outbox
from app.core.config import Settings
from app.core.db import Database
from app.files import service as files
from app.notifications import push, wires
from app.points import snapshots
from app.privacy import retention
from app.proposals import service_deadlines as deadlines

_IDLE_SECONDS = 1.0
_AFTER_TROUBLE_SECONDS = 5.0
_CLEANING_SECONDS = 3600.0
log = structlog.get_logger()


def run(database: Database, config: Settings, stop: threading.Event) -> None:
    """Run jobs one by one until `stop` is set, clean up and remind every hour; whatever fails is tried again."""
    clean_at = time.monotonic() + _IDLE_SECONDS
    while not stop.is_set():
        try:
            tried = outbox.run_due(database, limit=1)
            if time.monotonic() >= clean_at:
                clean(database, config)
                clean_at = time.monotonic() + _CLEANING_SECONDS
        except Exception as e:  # noqa: BLE001 - the database is away or full: the worker outlives that
            log.warning("worker in trouble", error=repr(e)[:300])
            stop.wait(_AFTER_TROUBLE_SECONDS)
        else:
            stop.wait(0 if tried else _IDLE_SECONDS)


def clean(database: Database, config: Settings) -> None:
    """Erase what was kept long enough; remind of what is due."""
    retention.apply(database, config)
    files.sweep(database, files.folder(config))
    deadlines.remind(database)
    snapshots.take(database)


def run_until_stopped(config: Settings) -> None:
    """A worker process: blocks until SIGTERM or Ctrl-C, then ends after the job at hand."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    push.configure(config)
    keys.configure(config)
    database = Database.connect(config.database_url, pool=2)
    with ExitStack() as stack:
        stack.callback(database.dispose)
        if config.redis_url:
            stack.enter_context(wires.publishing(config.redis_url))
        run(database, config, stop)


@contextmanager
def beside(database: Database, config: Settings) -> Iterator[None]:
    """A worker in a thread for as long as the block, where the database is SQLite: no service but this one."""
    if database.write.dialect.name != "sqlite":
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(database, config, stop), name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
