import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session

from app.core import clock, outbox
from app.core.db import Database
from app.core.outbox import Job
from app.core.sql import table
from tests.factories.processes.jobs import count_one, enqueue, jobs
from tests.support.loaded import python

_j = table(Job)


def roll_back(db: Session) -> None:
    outbox.enqueue(db, "test.count", "never", step=1)
    raise RuntimeError


def test_a_job_is_done_once_after_the_commit(database, counted):
    with pytest.raises(RuntimeError), database.transaction() as db:
        roll_back(db)
    enqueue(database, "a", "b")
    assert outbox.run_due(database) == 2
    assert outbox.run_due(database) == 0
    assert counted() == 2
    assert all(job.done_at and job.attempts == 1 for job in jobs(database))


def test_the_same_work_waits_only_once(database, counted):
    enqueue(database, "same", "same")
    enqueue(database, "same")
    outbox.run_due(database)
    assert counted() == 1


def test_a_job_waits_for_its_time(database, counted):
    enqueue(database, "later", run_at=clock.now() + timedelta(hours=1))
    assert outbox.run_due(database) == 0
    with clock.frozen_at(clock.now() + timedelta(hours=2)):
        assert outbox.run_due(database) == 1


def test_a_handler_that_raises_leaves_nothing_and_is_tried_again(database, counted):
    def fails_at_first(db: Session, payload: dict[str, Any]) -> None:
        count_one(db, payload)
        tried.append(1)
        if len(tried) < 3:
            raise RuntimeError("途中出错")

    tried: list[int] = []
    outbox.handles("test.flaky")(fails_at_first)
    enqueue(database, "x", kind="test.flaky")
    assert outbox.run_due(database) == 1
    assert counted() == 0
    (job,) = jobs(database)
    assert "途中出错" in job.error
    assert job.done_at is None
    assert outbox.run_due(database) == 0  # not at once
    for hours in (1, 2):
        with clock.frozen_at(clock.now() + timedelta(hours=hours)):
            outbox.run_due(database)
    assert (counted(), len(tried)) == (1, 3)


def test_hopeless_work_is_given_up(database, counted):
    enqueue(database, "x", kind="test.unknown")
    for hours in range(1, 12):
        with clock.frozen_at(clock.now() + timedelta(hours=hours)):
            outbox.run_due(database)
    (job,) = jobs(database)
    assert (job.attempts, job.done_at) == (outbox.MAX_ATTEMPTS, None)


def test_a_worker_that_lost_its_lease_rolls_back(database, counted):
    def slow(db: Session, payload: dict[str, Any]) -> None:
        count_one(db, payload)
        db.execute(update(_j).values(leases=_j.c.leases + 1))  # as if another had taken it over meanwhile

    outbox.handles("test.slow")(slow)
    enqueue(database, "x", kind="test.slow")
    outbox.run_due(database)
    assert counted() == 0
    assert jobs(database)[0].done_at is None


KILLED = """
import sys, time
from app.core import outbox
from app.core.db import Database
from tests.factories.processes.jobs import count_one

@outbox.handles("test.count")
def hangs(db, payload):
    count_one(db, payload)
    print("in the middle", flush=True)
    time.sleep(60)

outbox.run_due(Database.connect(sys.argv[1], pool=1))
"""


def test_a_killed_worker_is_succeeded_without_a_double_effect(database, database_url, counted):
    enqueue(database, "x")
    root = Path(__file__).parents[3]
    command = python(KILLED, database_url)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}
    ) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"in the middle\n"
        worker.send_signal(signal.SIGKILL)
    assert outbox.run_due(database) == 0  # its lease still runs
    assert counted() == 0
    end = time.monotonic() + 10
    with clock.frozen_at(clock.now() + outbox.LEASE + timedelta(seconds=1)):
        while not outbox.run_due(database) and time.monotonic() < end:
            time.sleep(0.1)  # the server notices that its client is gone
        assert outbox.run_due(database) == 0
    assert counted() == 1
    (job,) = jobs(database)
    assert (job.attempts, job.error) == (2, None)


def test_two_workers_never_do_the_same_job(database, database_url, counted):
    enqueue(database, *(str(n) for n in range(200)))
    other = Database.connect(database_url, pool=2)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda its: outbox.run_due(its, limit=200), [database, other]))
    other.dispose()
    assert sum(done) == 200
    assert counted() == 200
    assert {job.attempts for job in jobs(database)} == {1}


def test_jobs_that_are_done_are_forgotten_after_a_week(database, counted):
    enqueue(database, "done")
    outbox.run_due(database)
    enqueue(database, "waiting")
    with clock.frozen_at(clock.now() + timedelta(days=8)), database.transaction() as db:
        outbox.forget_old(db)
    assert [job.unique_key for job in jobs(database)] == ["test.count:waiting"]
