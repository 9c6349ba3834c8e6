"""The worker: runs due jobs and cleans up. `lvyi worker` is one; on SQLite `lvyi serve` has one in threads."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from queue import SimpleQueue

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.audit import keys as audit_keys
from app.audit import service as audit
from app.cards.issued import keys
from app.cases.waiting import late
from app.core import clock, outbox
from app.core.config import Settings
from app.core.db import Database
from app.core.jobs import running, workers
from app.core.jobs.memory import end_loading
from app.core.jobs.short_transactions import write
from app.core.outbox import LANES, Lane, Runner
from app.core.sql import alone
from app.files import service as files
from app.files import verify
from app.notifications.live import transport
from app.notifications.push import service
from app.points.snapshots import service as snapshot_service
from app.presence import service as presence
from app.privacy.retention import cleaning
from app.proposals.handling import deadlines, recalculation
from app.threads.posting import texts

_IDLE_SECONDS, _PAUSE_SECONDS = 1.0, 0.05
_AFTER_TROUBLE_SECONDS = 5.0
_CLEANING_SECONDS = 3600.0
_CLEANING_AGAIN_SECONDS = 300.0
_WATCH_SECONDS = 60.0
#: A worker that is stopped waits so long for the jobs at hand; what is not done by then is done by the next one.
STOP_SECONDS = 2.5
log = structlog.get_logger()


def run(database: Database, config: Settings, stop: threading.Event) -> None:
    """Run jobs, each lane in threads of its own, clean up and remind every hour, until `stop` is set."""
    if database.write.dialect.name != "sqlite":
        _work(database, config, stop)
        return
    with alone(database.read, "worker", stop.wait) as only:
        if only:
            _outlive(stop, lambda: outbox.free_leases(database))
            _work(database, config, stop)


def _work(database: Database, config: Settings, stop: threading.Event) -> None:
    runner = Runner(database)
    loops: list[Callable[[], None]] = [
        partial(_run_lane, runner, lane, stop) for lane, number in LANES.items() for _ in range(number)
    ]
    loops += [partial(_keep_clean, database, config, stop), partial(_beat, database, runner, stop)]
    threads = [threading.Thread(target=loop, name="worker", daemon=True) for loop in loops]
    for thread in threads:
        thread.start()
    log.info("worker started", worker=workers.own_name())
    stop.wait()
    end = time.monotonic() + STOP_SECONDS
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    if any(thread.is_alive() for thread in threads):
        log.warning("worker ended in the middle of a job, which the next one does", worker=workers.own_name())


def _outlive(stop: threading.Event, do: Callable[[], None]) -> bool:
    """Do something; when the database is away or full, wait a little and say that it failed."""
    try:
        do()
    except Exception as e:  # noqa: BLE001 - the worker outlives that
        log.warning("worker in trouble", error=repr(e)[:300])
        stop.wait(_AFTER_TROUBLE_SECONDS)
        return False
    return True


def _run_lane(runner: Runner, lane: Lane, stop: threading.Event) -> None:
    def run_one() -> None:
        if not runner.run_due(1, lane):
            stop.wait(_IDLE_SECONDS)

    while not stop.is_set():
        _outlive(stop, run_one)


def _beat(database: Database, runner: Runner, stop: threading.Event) -> None:
    """Renew the leases of what runs, give up what killed its last worker, and say that this one lives."""
    name, started_at = workers.own_name(), clock.now()
    say_at = 0.0

    def beat() -> None:
        nonlocal say_at
        runner.renew()
        outbox.give_up(database)
        if time.monotonic() >= say_at:
            with database.transaction() as db:
                workers.says_alive(db, name, started_at)
            say_at = time.monotonic() + workers.SAYS_EVERY.total_seconds()
        stop.wait(outbox.HEARTBEAT.total_seconds())

    while not stop.is_set():
        _outlive(stop, beat)
    with suppress(SQLAlchemyError), database.transaction() as db:
        workers.has_ended(db, name)


def _keep_clean(database: Database, config: Settings, stop: threading.Event) -> None:
    pause = _IDLE_SECONDS
    while not stop.wait(pause):
        pause = _CLEANING_SECONDS if clean(database, config) else _CLEANING_AGAIN_SECONDS


def clean(database: Database, config: Settings) -> bool:
    """Erase what was kept long enough; compare files, anchor the audit log, remind of what is due.

    A step that fails is logged and holds up no other; whether all went well.
    """
    steps: list[Callable[[], object]] = [
        partial(cleaning.erase, database, config, rule) for rule in cleaning.RULES
    ]
    steps += [
        lambda: write(database, workers.forget_old),
        lambda: write(database, presence.forget_old),
        lambda: files.sweep(database, files.folder(config)),
        lambda: verify.step(database, files.folder(config)),
        lambda: audit.anchor(database),
        lambda: recalculation.follow_release(database),
        lambda: deadlines.remind(database),
        lambda: late.tell(database),
        lambda: snapshot_service.take(database),
        lambda: texts.measure_all(database),
    ]
    return all([_cleaned(step) for step in steps])  # noqa: C419 - every step, whatever the others do


def _cleaned(step: Callable[[], object]) -> bool:
    try:
        step()
    except Exception:
        log.exception("cleaning failed")
        return False
    return True


def set_by_signals() -> threading.Event:
    """An event that SIGTERM and Ctrl-C set, through a thread.

    A handler that interrupts `wait` of the event would wait for the event's lock, which its own thread holds.
    """
    stop, received = threading.Event(), SimpleQueue[int]()

    def pass_on() -> None:
        received.get()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(
            number, lambda number, _frame: received.put(number)
        )  # the one queue that handlers may use
    threading.Thread(target=pass_on, name="signals", daemon=True).start()
    return stop


def run_until_stopped(config: Settings) -> None:
    """A worker process: blocks until SIGTERM or Ctrl-C, then ends after the jobs at hand, within `STOP_SECONDS`."""
    stop = set_by_signals()
    running.configure(config)
    service.configure(config)
    keys.configure(config)
    audit_keys.configure(config)
    database = Database.connect(config.database_url, pool=sum(LANES.values()) + 2)
    end_loading()
    with ExitStack() as stack:
        stack.callback(database.dispose)
        if config.redis_url:
            stack.enter_context(transport.publishing(config.redis_url))
        run(database, config, stop)


@contextmanager
def beside(database: Database, config: Settings) -> Iterator[None]:
    """A worker in threads for as long as the block on SQLite; elsewhere one that says when no worker runs."""
    sqlite = database.write.dialect.name == "sqlite"
    stop = threading.Event()
    act = partial(run, database, config, stop) if sqlite else partial(_watch, database, stop)
    thread = threading.Thread(target=act, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(STOP_SECONDS + 1)


def _watch(database: Database, stop: threading.Event) -> None:
    """Say in the log of a server when nobody does the work in the background."""
    while not stop.wait(_WATCH_SECONDS):
        with suppress(SQLAlchemyError), database.read.connect() as conn:
            now = workers.background(conn)
            if not now.running:
                log.warning("no worker runs: start `lvyi worker`", waiting=now.waiting)
