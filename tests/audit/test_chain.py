"""Entries are chained: what is changed, taken out or added is found where it is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError

from app.audit import proof
from app.audit.service import log
from app.core import clock
from tests.audit.attacker import owning
from tests.factories.domains.audit import E, broken, entries, write


def test_entries_are_chained_and_the_whole_log_is_proven(city):
    assert broken(city) is None
    write(city, "a.done", "b.done")
    with city.database.transaction() as db:
        log(db, None, "c.done", ("account", 7), result="failed", address="192.0.2.1", count=3, 名="犇")
        log(db, None, "d.done")

    rows = entries(city, E.c.action, E.c.previous_hash, E.c.hash)

    assert [r[0] for r in rows] == ["a.done", "b.done", "c.done", "d.done"]
    assert [r[1] for r in rows] == ["", *(r[2] for r in rows[:-1])]
    assert broken(city) is None


def test_what_rolls_back_leaves_no_entry(city):
    def fail():
        with city.database.transaction() as db:
            log(db, None, "a.done")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    write(city, "b.done")

    assert entries(city, E.c.action) == [("b.done",)]
    assert broken(city) is None


@pytest.mark.parametrize(
    "statement",
    [
        update(E).values(result="ok"),
        delete(E),
        update(E).where(E.c.id == 1).values(action="x"),
        delete(E).where(E.c.id == 1),
    ],
    ids=["update", "delete", "update one", "delete one"],
)
def test_the_database_refuses_to_change_an_entry(city, statement):
    write(city, "a.done")

    with pytest.raises(DBAPIError, match="append-only"), city.database.write.begin() as conn:
        conn.execute(statement)

    assert entries(city, E.c.action) == [("a.done",)]


def test_postgresql_refuses_to_empty_the_log(city):
    write(city, "a.done")
    if city.database.write.dialect.name == "sqlite":
        assert broken(city) is None  # it knows no TRUNCATE
        return

    with pytest.raises(DBAPIError, match="append-only"), city.database.write.begin() as conn:
        conn.execute(text("TRUNCATE audit_entry"))


FORGED = {
    "at": clock.now(),
    "action": "x",
    "address": "",
    "result": "ok",
    "detail": {},
    "previous_hash": "",
    "hash": "0",
}


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        (update(E).where(E.c.id == 2).values(account_id=99), 2),
        (update(E).where(E.c.id == 3).values(detail={"n": 9}), 3),
        (update(E).where(E.c.id == 1).values(at=clock.now() - timedelta(days=1)), 1),
        (update(E).where(E.c.id == 2).values(hash="0" * 64), 2),
        (delete(E).where(E.c.id == 1), 2),
        (delete(E).where(E.c.id == 3), 4),
        (delete(E).where(E.c.id == 5), 5),
        (delete(E), 1),
        (insert(E).values(FORGED | {"id": 6}), 6),
    ],
)
def test_every_forgery_is_found_where_it_is(city, statement, first):
    for n in range(5):
        write(city, "a.done", n=n)

    owning(city, statement)

    assert broken(city) == first


def test_a_log_that_was_begun_anew_after_a_cut_is_found(city):
    write(city, "a.done", "b.done", "c.done")

    owning(city, delete(E).where(E.c.id == 3))
    write(city, "d.done")

    assert broken(city) in {3, 4}  # SQLite gives the id of the last row away again


def test_writers_at_once_make_one_chain(city):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: write(city, "a.done", n=n), range(20)))

    assert len(entries(city)) == 20
    assert broken(city) is None


def test_a_long_log_is_proven_in_parts(city, monkeypatch):
    monkeypatch.setattr(proof, "_BATCH", 2)
    write(city, *["a.done"] * 7)
    with city.database.read.connect() as conn:
        first = proof.prove(conn, 0, 3)
        second = proof.prove(conn, first["next"] or 0, 3)
        third = proof.prove(conn, second["next"] or 0, 3)

    assert [p["checked"] for p in (first, second, third)] == [3, 3, 1]
    assert [p["broken"] for p in (first, second, third)] == [None] * 3
    assert third["next"] is None
