"""Workers that live, die, and are succeeded."""

import signal
import subprocess
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from app import worker
from app.core import clock, outbox
from app.core.db import Database
from app.core.outbox import Job
from app.core.sql import table
from tests.factories.processes.jobs import count_one, enqueue, jobs
from tests.factories.processes.workers import sqlite, wait, working
from tests.support.loaded import python
from tests.support.servers import environment

pytestmark = pytest.mark.usefixtures("no_worker")
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
from app.proposals.handling import deadlines
from tests.factories.processes.jobs import count_one

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


def test_a_killed_worker_is_succeeded_within_half_a_minute(database, config, counted):
    assert outbox.LEASE + timedelta(seconds=worker._IDLE_SECONDS) < timedelta(seconds=30)
    assert outbox.LEASE >= 3 * outbox.HEARTBEAT
    # on SQLite the next worker knows that it is the only one, and waits for no lease
    lease = outbox.LEASE.total_seconds() if sqlite(database) else 4
    enqueue(database, "x")
    root = str(Path(__file__).parents[3])
    with subprocess.Popen(
        python(HANGS, str(lease)),
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
