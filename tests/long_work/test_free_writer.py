"""While long work computes, the writer is free: a member's write goes through. Each hold of it is short."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Lock
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, update

from app.bulletins import counting
from app.bulletins.seats import queries
from app.cards.issued import batches, service
from app.core import clock, outbox
from app.core.jobs import short_transactions
from app.core.sql import table
from app.duty import recount
from app.library import service as library
from app.library import tokenizer
from app.notifications.kinds import NoticeKind
from app.notifications.models import Notification
from app.notifications.service import notify
from app.people.models import Seat
from app.people.roster import imports
from app.people.roster.imports import import_roster
from app.points.engine.score import Engine
from app.threads.models import Thread
from tests.factories.city import City
from tests.factories.domains.library import paper, shelved
from tests.factories.points.points import draft, publish
from tests.factories.workbooks.rosters import roster as roster_file
from tests.factories.workbooks.rosters import row
from tests.support.holds import watched

#: Seconds of CPU for which one transaction may hold the writer.
LONGEST = 0.2


@pytest.fixture
def members(city: City) -> list[Any]:
    return [city.member("委员" + n) for n in "甲乙丙丁戊己庚"]


@pytest.fixture
def free(sqlite_url: str, monkeypatch) -> Iterator[Callable[..., None]]:
    """Has a function look, whenever it is called, whether somebody else could write; and was it called at all?"""
    seen: list[str] = []
    one_at_a_time = Lock()
    with closing(
        sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), timeout=0, check_same_thread=False)
    ) as other:

        def watch(owner: Any, name: str) -> None:
            whole = getattr(owner, name)

            def looked(*args: Any, **named: Any) -> Any:
                with one_at_a_time:
                    other.execute("BEGIN IMMEDIATE")  # raises where somebody writes
                    other.rollback()
                seen.append(name)
                return whole(*args, **named)

            monkeypatch.setattr(owner, name, looked)

        yield watch
    assert seen, "what was watched never ran"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone has one writer."""
    return sqlite_url


def drain(database) -> None:
    while outbox.run_due(database):
        pass
    with database.read.connect() as conn:
        assert (
            list(
                conn.scalars(select(table(outbox.Job).c.error).where(table(outbox.Job).c.error.is_not(None)))
            )
            == []
        )


def test_cards_are_composed_outside_of_the_transaction(city, members, database, free, monkeypatch):
    monkeypatch.setattr(batches, "CHUNK", 3)
    staff, year = city.staff(), str(clock.local_day(clock.now()).year - 1)
    assert staff.post("/api/v1/issued-cards/batches", {"period": year}).status_code == 201
    free(service, "compose")
    drain(database)
    (batch,) = staff.get("/api/v1/issued-cards/batches").json()["items"]
    one = staff.post("/api/v1/issued-cards", {"seat_id": city.member("新人").seat_id, "period": year})
    assert one.status_code == 201, one.text
    assert (batch["done"], batch["issued"]) == (7, 7)


def test_points_are_computed_outside_of_the_transaction(city, members, database, free):
    staff = city.staff()
    publish(city, staff)
    draft(staff)
    free(Engine, "score")
    with database.transaction() as db:
        db.execute(update(table(Seat)).values(figures_version=50))
    score = members[0].get(f"/api/v1/seats/{members[0].seat_id}/score", params={"year": 2026})
    assert score.status_code == 200, score.text
    publish(city, staff)


def test_documents_are_cut_into_tokens_outside_of_the_transaction(city, members, database, free):
    shelved(city, paper(city, "关于修缮古桥的建议", "望江古桥年久失修。"))
    free(tokenizer, "indexed")
    assert library.reindex(database, lambda *_: None) == 1
    assert members[0].get("/api/v1/library/documents", params={"q": "古桥"}).json()["items"]


def test_a_bulletin_is_counted_outside_of_the_transaction(city, members, database, free):
    staff = city.staff()
    publish(city, staff)
    free(counting, "cells")
    free(queries, "points")
    year = clock.local_day(clock.now()).year
    answer = staff.post("/api/v1/bulletins", {"duty_year": year, "preface": ""})
    assert answer.status_code == 201, answer.text


def test_differences_are_looked_for_outside_of_the_transaction(city, members, database, free, monkeypatch):
    made = members[0].post("/api/v1/updates", {"kind": "visit", "body": "今天走访了社区。"})
    assert made.status_code == 201, made.text
    t = table(Thread)
    with database.transaction() as db:
        db.execute(update(t).values(reply_count=7))
    checks = [SimpleNamespace(find=one.find, repair=one.repair) for one in recount._checks]
    monkeypatch.setattr(recount, "_checks", checks)
    for check in checks:
        free(check, "find")
    assert [(d.stored, d.counted) for d in recount.repair(database)] == [(7, 0)]
    with database.read.connect() as conn:
        assert recount.run(conn) == []


def test_what_is_counted_while_a_counter_is_mended_stays_counted(city, members, database, monkeypatch):
    made = members[0].post("/api/v1/updates", {"kind": "visit", "body": "今天走访了社区。"})
    assert made.status_code == 201, made.text
    t = table(Thread)
    with database.transaction() as db:
        thread_id = db.scalar(select(t.c.id))
        db.execute(update(t).values(reply_count=7))
    write = short_transactions.write

    def overtaken(database, work):
        monkeypatch.setattr(recount, "write", write)
        answer = members[1].post(f"/api/v1/threads/{thread_id}/replies", {"body": "说得好"})
        assert answer.status_code == 201, answer.text
        return write(database, work)

    monkeypatch.setattr(recount, "write", overtaken)
    assert [(d.stored, d.counted) for d in recount.repair(database)] == [(7, 0)]
    with database.read.connect() as conn:
        assert conn.scalar(select(t.c.reply_count)) == 1
        assert recount.run(conn) == []


def test_a_roster_holds_the_writer_for_a_few_rows_at_a_time(city, database, free, tmp_path):
    lines = [
        row(n, 姓名="王" + "一二三四五六七八九十"[n // 10] + "甲乙丙丁戊己庚辛壬癸"[n % 10])
        for n in range(100)
    ]
    free(imports, "hash_password")
    with watched() as holds:
        report = import_roster(
            database, roster_file(tmp_path / "a.xlsx", lines), passwords=tmp_path / "p.xlsx"
        )
    assert report.counts["新增"] == 100
    assert len(holds.cpu) == 100 / imports.CHUNK
    assert holds.longest < LONGEST


def test_many_are_told_of_a_thing_some_at_a_time_and_each_once(city, database, monkeypatch):
    days = {"starts_on": "2026-01-01", "ends_on": "2026-02-01"}
    opened = city.staff().post("/api/v1/reading/topics", {"title": "读懂乡村", "books": [], **days}).json()
    accounts = [city.member().account_id for _ in range(7)]
    monkeypatch.setattr("app.notifications.service._AT_ONCE", 3)
    n = table(Notification)
    with database.transaction() as db:
        notify(
            db,
            city.organization_id,
            [*accounts, accounts[0]],
            NoticeKind.READING_OPENED,
            "开始共读",
            ("reading_topic", opened["id"]),
        )
    with database.read.connect() as conn:
        assert len(list(conn.scalars(select(n.c.id)))) == 3
    drain(database)
    with database.read.connect() as conn:
        told = conn.execute(
            select(n.c.account_id, n.c.kind, n.c.title, n.c.subject_type, n.c.subject_id)
        ).all()
    said = ("reading.opened", "开始共读", "reading_topic", opened["id"])
    assert sorted(told) == [(a, *said) for a in sorted(accounts)]
