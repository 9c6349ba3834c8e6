"""Work in the background that is missed or given up is told of."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from structlog.testing import CapturingLogger
from typer.testing import CliRunner

from app import worker
from app.cli import app as cli
from app.core import clock, outbox
from app.core.config import settings
from app.core.db import Database
from app.core.jobs import workers
from app.core.outbox import Job
from app.core.sql import table
from app.files import service as files
from app.proposals.handling import deadlines
from tests.factories.processes.jobs import enqueue
from tests.factories.processes.workers import errors, sqlite, wait, working

pytestmark = pytest.mark.usefixtures("no_worker")
_j = table(Job)


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
