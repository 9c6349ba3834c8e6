"""Short transactions of long work: a pause after each, patience with a busy database, nothing computed inside of them."""

import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import OperationalError

from app.core.database.timeouts import WORK
from app.core.db import Database
from app.core.jobs import short_transactions
from app.core.outbox import Job
from app.core.sql import delete_some, snapshot, table
from app.people.models import Organization
from app.worker import clean
from tests.factories.city import City
from tests.support.loaded import python
from tests.support.servers import environment

ROOT = Path(__file__).parents[2]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_who_has_held_the_writer_leaves_it_alone_for_twice_as_long(database: Database, monkeypatch):
    pauses: list[float] = []
    moments = iter([0.0, 10.0, 13.0])  # when it may end, when it began to write, when it was committed
    monkeypatch.setattr(
        "app.core.jobs.short_transactions.time",
        SimpleNamespace(sleep=pauses.append, monotonic=lambda: next(moments)),
    )
    assert short_transactions.write(database, lambda _: "done") == "done"
    assert pauses == [6.0]


def test_the_patient_try_again_and_say_so_once_others_fail(sqlite_url, monkeypatch):
    monkeypatch.setattr(short_transactions, "_AGAIN_SECONDS", 0.05)
    database, said = Database.connect(sqlite_url, limits=replace(WORK, lock=0)), []
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            short_transactions.write(database, lambda _: 1)

        def patiently() -> int:
            with short_transactions.patient(lambda: said.append("waits")):
                return short_transactions.write(database, lambda _: 2)

        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(patiently)
            time.sleep(0.3)
            assert not waiting.done()
            other.rollback()
            assert waiting.result(10) == 2
    assert said == ["waits"]
    database.dispose()


def test_a_fault_of_our_own_is_not_tried_again(database: Database):
    calls: list[int] = []

    def wrong(_db: object) -> None:
        calls.append(1)
        raise ZeroDivisionError

    with short_transactions.patient(lambda: calls.append(2)), pytest.raises(ZeroDivisionError):
        short_transactions.write(database, wrong)
    assert calls == [1]


#: The only database that one other writer makes busy.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
COMMAND = """
import sys
from dataclasses import replace
from app.core.database import timeouts as limits
from app.cli import main
limits.COMMANDS = replace(limits.COMMANDS, lock=0)
sys.argv = ["lvyi", *sys.argv[1:]]
main()
"""


@on_sqlite
@pytest.mark.parametrize(
    ("words", "ends_with"),
    [
        (("create-organization", "政协新市委员会", "--term", "1", "--starts-on", "2026-01-01", "--ends-on", "2030-12-31"), "已建立政协新市委员会。"),
        (("cards", "rotate-key"), "已启用新的签名密钥"),
        (("reindex",), "都已建立索引。"),
    ],
)  # fmt: skip
def test_a_command_waits_for_a_busy_database_and_says_so_in_chinese(sqlite_url, config, words, ends_with):
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        with subprocess.Popen(
            python(COMMAND, *words),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=environment(config),
            text=True,
        ) as command:
            assert command.stderr is not None
            assert "数据库正忙" in command.stderr.readline()
            other.rollback()
            said, trouble = command.communicate(timeout=60)
    assert command.returncode == 0, trouble
    assert ends_with in said
    assert trouble == ""


@on_sqlite
def test_a_command_that_has_waited_too_long_ends_with_one_line(sqlite_url, config):
    code = COMMAND.replace(
        "limits.COMMANDS =",
        "from app.core.jobs import short_transactions; short_transactions.PATIENCE_SECONDS = 0.1; limits.COMMANDS =",
        1,
    )
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        ended = subprocess.run(
            python(code, "cards", "rotate-key"),
            cwd=ROOT,
            env=environment(config),
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode == 1
    waits, why = ended.stderr.splitlines()
    assert "数据库正忙" in waits
    assert why == "系统繁忙，请稍后再试，您填写的内容没有丢失。重新运行同一命令即可继续，已写入的不会重复。"


def test_what_has_served_its_time_goes_some_at_a_time(database: Database, config):
    j = table(Job)
    with database.transaction() as db:
        row = {"kind": "gone", "payload": {}, "attempts": 1, "run_at": LONG_AGO, "done_at": LONG_AGO}
        db.execute(insert(j), [row | {"unique_key": f"gone:{n}"} for n in range(7)])
        kept = {"unique_key": "kept", "done_at": None}
        db.execute(insert(j), [row | kept])
    with database.transaction() as db:
        assert delete_some(db.connection(), j, j.c.done_at.is_not(None), most=5) == 5
    with database.transaction() as db:
        assert delete_some(db.connection(), j, j.c.done_at.is_not(None), most=5) == 2
        db.execute(insert(j), [row | {"unique_key": f"gone:{n}"} for n in range(3)])
    clean(database, config)
    with database.read.connect() as conn:
        assert list(conn.scalars(select(j.c.unique_key).where(j.c.kind == "gone"))) == ["kept"]


def test_a_snapshot_sees_one_moment_while_others_write(city: City, database: Database):
    o = table(Organization)
    with database.read.connect() as conn:
        with snapshot(conn):
            assert conn.scalar(select(o.c.name)) == city.name
            with database.transaction() as db:
                db.execute(update(o).values(name="政协改名市委员会"))
            assert conn.scalar(select(o.c.name)) == city.name
        assert conn.scalar(select(o.c.name)) == "政协改名市委员会"
