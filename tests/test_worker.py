import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

from sqlalchemy import select

from app import worker
from app.core import clock, outbox
from app.core.outbox import Job
from app.core.sql import table
from app.core.web.idempotency import IdempotencyKey
from tests.support.loaded import python
from tests.support.servers import environment, serving


def test_the_worker_runs_jobs_until_it_is_stopped(database, config):
    done = threading.Event()
    outbox.handles("test.done")(lambda _db, _payload: done.set())
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(database, config, stop))
    thread.start()
    with database.transaction() as db:
        outbox.enqueue(db, "test.done", "1")
    assert done.wait(5)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()


def test_cleaning_drops_what_has_served_its_time(database, config):
    with clock.frozen_at(clock.now() - timedelta(days=2)), database.transaction() as db:
        db.add(IdempotencyKey(account_id=1, key="old-key-1", request_hash="", at=clock.now()))
    with database.transaction() as db:
        db.add(IdempotencyKey(account_id=1, key="new-key-1", request_hash="", at=clock.now()))
    worker.clean(database, config)
    with database.read.connect() as conn:
        assert conn.scalars(select(table(IdempotencyKey).c.key)).all() == ["new-key-1"]


def test_the_command_works_and_ends_at_sigterm(database, config):
    with database.transaction() as db:
        outbox.enqueue(db, "test.unknown", "1")
    command = [sys.executable, "-c", "from app.cli import main; main()", "worker"]
    started = subprocess.Popen(command, env=environment(config))
    try:
        end = time.monotonic() + 60
        while tried(database) == 0:
            assert time.monotonic() < end
            time.sleep(0.1)
        started.send_signal(signal.SIGTERM)
        assert started.wait(10) == 0
    finally:
        started.kill()
        started.wait(10)


#: `wait` holds the lock for a moment as it begins and ends.
WITHIN_A_WAIT = """
import os, signal
from app.worker import set_by_signals
stop = set_by_signals()
with stop._cond:
    os.kill(os.getpid(), signal.SIGTERM)
assert stop.wait(10)
"""


def test_a_signal_that_interrupts_a_wait_at_its_worst_moment_is_not_lost():
    assert subprocess.run(python(WITHIN_A_WAIT), timeout=30, check=False).returncode == 0


def test_on_sqlite_the_server_is_its_own_worker(city):
    done = threading.Event()
    outbox.handles("test.done")(lambda _db, _payload: done.set())
    with serving(city.app):
        with city.database.transaction() as db:
            outbox.enqueue(db, "test.done", "1")
        assert done.wait(3) == (city.database.write.dialect.name == "sqlite")


def tried(database) -> int:
    with database.read.connect() as conn:
        return conn.scalar(select(table(Job).c.attempts)) or 0
