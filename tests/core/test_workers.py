"""Workers that live, die, and are missed."""

import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from structlog.testing import CapturingLogger
from typer.testing import CliRunner

from app import worker
from app.cli import app as cli
from app.core import clock, outbox, workers
from app.core.config import settings
from app.core.db import Database
from app.core.outbox import Job
from app.core.sql import table
from app.files import service as files
from app.proposals import service_deadlines as deadlines
from tests.core.test_outbox import count_one, counted, enqueue, jobs
from tests.servers import environment

__all__ = ["counted"]
_j = table(Job)

#: A worker whose job never ends; its lease may be shortened.
HANGS = """
import sys, threading, time
from datetime import timedelta
from app import worker
from app.core import logs, outbox
from app.core.config import Settings
from app.core.db import Database
from app.files import service as files
from app.proposals import service_deadlines as deadlines
from tests.core.test_outbox import count_one

outbox.LEASE = timedelta(seconds=float(sys.argv[1]))
outbox.HEARTBEAT = outbox.LEASE / 4

@outbox.handles("test.count")
def hangs(db, payload):
    count_one(db, payload)
    print("in the middle", flush=True)
    time.sleep(60)

config = Settings(_env_file=None)
logs.configure(config)
worker.run(Database.connect(config.database_url), config, threading.Event())
"""


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


def test_a_killed_worker_is_succeeded_within_half_a_minute(database, config, counted):
    assert outbox.LEASE + timedelta(seconds=worker._IDLE_SECONDS) < timedelta(seconds=30)
    assert outbox.LEASE >= 3 * outbox.HEARTBEAT
    # on SQLite the next worker knows that it is the only one, and waits for no lease
    lease = outbox.LEASE.total_seconds() if sqlite(database) else 4
    enqueue(database, "x")
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", HANGS, str(lease)],
        stdout=subprocess.PIPE,
        cwd=root,
        env=environment(config) | {"PYTHONPATH": root},
    ) as killed:
        try:
            assert killed.stdout is not None
            assert killed.stdout.readline() == b"in the middle\n"
            if not sqlite(database):  # it renews its lease while it lives
                time.sleep(lease + 1)
                assert outbox.run_due(database) == 0
        finally:
            killed.send_signal(signal.SIGKILL)
    assert counted() == 0
    with working(database, config):
        wait(lambda: counted() == 1, 12)
    (job,) = jobs(database)
    assert (job.attempts, job.error) == (2, None)


def test_a_long_job_keeps_its_lease_while_its_worker_lives(database, database_url, config, monkeypatch):
    monkeypatch.setattr(outbox, "LEASE", timedelta(seconds=1.5))
    monkeypatch.setattr(outbox, "HEARTBEAT", timedelta(seconds=0.3))
    runs = []

    @outbox.handles_outside("test.long")
    def long(_database, _payload):
        runs.append(1)
        time.sleep(4)

    enqueue(database, "x", kind="test.long")
    other = Database.connect(database_url, pool=9)
    with working(database, config), working(other, config):
        wait(lambda: jobs(database)[0].done_at, 15)
    other.dispose()
    assert (len(runs), jobs(database)[0].attempts) == (1, 1)


def test_on_sqlite_a_second_worker_waits_for_the_first_to_end(sqlite_url, config):
    ran = []
    outbox.handles("test.named")(lambda _db, _payload: ran.append(threading.current_thread()))
    first, second = Database.connect(sqlite_url, pool=9), Database.connect(sqlite_url, pool=9)
    with working(second, config):
        with working(first, config):
            enqueue(first, "a", kind="test.named")
            wait(lambda: len(ran) == 1, 5)
        enqueue(first, "b", kind="test.named")
        wait(lambda: len(ran) == 2, 5)
    for database in (first, second):
        database.dispose()


def test_what_a_handler_returns_is_written_once_even_by_a_worker_that_lost_its_lease(database, counted):
    def takes_long(its_database, payload):
        with its_database.transaction() as db:  # as if another had taken it over meanwhile
            db.execute(update(_j).values(leases=_j.c.leases + 1, leased_until=None))
        outbox.handles_outside("test.outside")(lambda _database, _payload: lambda db: count_one(db, payload))
        assert outbox.run_due(its_database) == 1
        return lambda db: count_one(db, payload)

    outbox.handles_outside("test.outside")(takes_long)
    enqueue(database, "x", kind="test.outside")
    outbox.run_due(database)
    assert counted() == 1
    assert jobs(database)[0].done_at is not None


def test_a_slow_kind_holds_up_no_other_lane(database, config):
    """On SQLite, where there is one writer, as well: the slow one takes none."""
    slow, quick = threading.Event(), threading.Event()

    @outbox.handles_outside("test.slow", lane="batch")
    def wait_for_it(_database, _payload):
        slow.wait(10)

    outbox.handles("test.quick")(lambda _db, _payload: quick.set())
    enqueue(database, *"abcdefgh", kind="test.slow")
    with working(database, config):
        wait(lambda: any(job.attempts for job in jobs(database)), 5)
        enqueue(database, "quick", kind="test.quick")
        assert quick.wait(2)
        assert sum(job.attempts for job in jobs(database) if job.kind == "test.slow") == 1
        slow.set()


def test_a_job_that_waits_for_better_times_loses_no_attempt(database):
    def not_now(_db, _payload):
        raise outbox.Later(60)

    outbox.handles("test.later")(not_now)
    enqueue(database, "x", kind="test.later")
    for minutes in range(0, 30, 2):
        with clock.frozen_at(clock.now() + timedelta(minutes=minutes)):
            assert outbox.run_due(database) == 1
    (job,) = jobs(database)
    assert (job.attempts, job.done_at) == (0, None)


def test_a_lost_lease_stays_lost_when_the_next_worker_put_the_job_off(database, counted):
    def takes_long(its_database, _payload):
        with its_database.transaction() as db:  # as if this worker had been thought dead …
            db.execute(update(_j).values(leased_until=None))

        def not_now(_database, _payload):
            raise outbox.Later(0)

        for handler in (
            not_now,
            lambda _database, _payload: None,
        ):  # … another put the job off, a third did it
            outbox.handles_outside("test.long")(handler)
            outbox.run_due(its_database, limit=1)
        return lambda db: count_one(db, {})

    outbox.handles_outside("test.long")(takes_long)
    enqueue(database, "x", kind="test.long")
    outbox.run_due(database, limit=1)
    (job,) = jobs(database)
    assert (counted(), job.leases, job.done_at is None) == (0, 3, False)


def test_a_job_that_kills_its_workers_is_given_up_loudly(database, monkeypatch):
    enqueue(database, "x", kind="test.deadly")
    with database.transaction() as db:
        killed = {"attempts": outbox.MAX_ATTEMPTS, "leased_until": clock.now() - timedelta(seconds=1)}
        db.execute(update(_j).values(killed))
    monkeypatch.setattr(outbox, "log", log := CapturingLogger())
    outbox.give_up(database)
    outbox.give_up(database)
    assert errors(log) == ["job given up"]
    assert outbox.run_due(database) == 0


def given_up(database, monkeypatch) -> None:
    enqueue(database, "x", kind="test.unknown")
    monkeypatch.setattr(outbox, "log", log := CapturingLogger())
    for hours in range(1, 12):
        with clock.frozen_at(clock.now() + timedelta(hours=hours)):
            outbox.run_due(database)
    assert errors(log) == ["job given up"]


def test_readiness_tells_of_the_work_in_the_background(city, database, monkeypatch):
    client = city.member().http
    missing = client.get("/readyz")
    assert missing.status_code == 200  # pages are served without a worker
    assert missing.json()["worker_running"] is False
    assert "lvyi worker" in missing.json()["notice"]
    with database.transaction() as db:
        workers.says_alive(db, "a:1", clock.now())
    assert client.get("/readyz").json()["notice"] is None
    with clock.frozen_at(clock.now() + workers.MISSED_AFTER + timedelta(seconds=1)):
        assert client.get("/readyz").json()["worker_running"] is False
    given_up(database, monkeypatch)
    enqueue(database, "waits", kind="test.unknown")
    now = client.get("/readyz").json()
    assert (now["worker_running"], now["jobs_waiting"], now["jobs_given_up"]) == (True, 1, 1)
    assert "lvyi jobs" in now["notice"]


def test_a_worker_says_that_it_lives_and_when_it_ends(database, config):
    w = table(workers.Worker)

    def names() -> list[str]:
        with database.read.connect() as conn:
            return list(conn.scalars(select(w.c.name)))

    with working(database, config):
        wait(names, 5)
        assert names() == [workers.own_name()]
    assert names() == []


def test_a_server_without_a_worker_says_so_in_its_log(database, config, monkeypatch):
    monkeypatch.setattr(worker, "_WATCH_SECONDS", 0.1)
    monkeypatch.setattr(worker, "log", log := CapturingLogger())
    with worker.beside(database, config):
        time.sleep(1.5)
    said = [call for call in log.calls if "no worker" in call.args[0]]
    assert bool(said) is not sqlite(database)  # there the server is its own worker


def test_the_command_shows_what_was_given_up_and_tries_it_again(database, database_url, monkeypatch):
    monkeypatch.setenv("LVYI_DATABASE_URL", database_url)
    settings.cache_clear()
    with database.transaction() as db:
        workers.says_alive(db, "a:1", clock.now())
    given_up(database, monkeypatch)
    shown = CliRunner().invoke(cli, ["jobs", "list"])
    assert shown.exit_code == 1
    assert "test.unknown" in shown.output
    assert "已停止重试的 1 项" in shown.output
    tried = CliRunner().invoke(cli, ["jobs", "retry", "--all"])
    settings.cache_clear()
    assert (tried.exit_code, "1 项任务将重新执行" in tried.output) == (0, True)
    assert outbox.run_due(database) == 1


def test_one_failing_step_of_cleaning_holds_up_no_other(database, config, monkeypatch):
    def fails(*_args):
        raise RuntimeError

    reminded: list[Database] = []
    monkeypatch.setattr(files, "sweep", fails)
    monkeypatch.setattr(deadlines, "remind", reminded.append)
    monkeypatch.setattr(worker, "log", log := CapturingLogger())
    assert worker.clean(database, config) is False
    assert reminded == [database]
    assert errors(log) == ["cleaning failed"]


@pytest.fixture(autouse=True)
def _no_worker(database):
    with database.transaction() as db:
        db.execute(delete(table(workers.Worker)))
