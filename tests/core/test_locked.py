"""A row or a database that somebody holds: writers are answered 503 in time, and readers do not notice."""

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import httpx
import psycopg
import pytest
from psycopg import errors
from sqlalchemy import make_url, text, update
from sqlalchemy.exc import DBAPIError

from app.core import db as core_db
from app.core.database.driver_errors import database_trouble
from app.core.database.timeouts import REQUESTS
from app.core.live import Stream
from app.core.sql import table
from tests.factories.circle.posts import NEW
from tests.support.servers import serving
from tests.support.timing import timed

READS = ("/healthz", "/readyz", "/api/v1/auth/me", "/api/v1/updates")


@pytest.fixture
def limits():
    """A server's own: how long it waits is what is tested."""
    return REQUESTS


@contextmanager
def held(url: str) -> Iterator[None]:
    """Somebody else holds what every post writes: the row of the stream, and all of SQLite."""
    if url.startswith("sqlite"):
        other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
        other.close()
        return
    with psycopg.connect(
        make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    ) as session:
        session.execute("UPDATE stream SET seq = seq")
        yield
        session.rollback()


def test_writers_that_wait_are_answered_in_time_and_never_keep_a_reader_waiting(city, app, database_url):
    members = [city.member() for _ in range(25)]
    with (
        serving(app) as url,
        httpx.Client(base_url=url, timeout=20, limits=httpx.Limits(max_connections=None)) as client,
        ThreadPoolExecutor(25) as pool,
    ):
        read = partial(timed, client, members[0], "GET")

        def post(number: int) -> tuple[float, httpx.Response]:
            key = {"Idempotency-Key": f"held-{number:04}"}
            return timed(client, members[number], "POST", "/api/v1/updates", json=NEW, headers=key)

        idle = max(read(path)[0] for path in READS)
        with held(database_url):
            posts = [pool.submit(post, n) for n in range(25)]
            time.sleep(0.2)
            reads = [read(path) for path in READS]
            waiting = [one for one in posts if not one.done()]
            answers = [one.result() for one in posts]
        again = [post(n)[1] for n in range(25)]
        page = read("/api/v1/updates?limit=100")[1].json()["items"]

    assert {answer.status_code for _, answer in reads} == {200}
    assert max(seconds for seconds, _ in reads) < max(1, 3 * idle)
    assert waiting, "the reads were answered while writers waited"
    assert {(answer.status_code, answer.json()["code"]) for _, answer in answers} == {(503, "busy")}
    assert all(answer.headers["retry-after"] for _, answer in answers)
    assert max(seconds for seconds, _ in answers) < 6
    assert {answer.status_code for answer in again} == {201}
    assert len(page) == 25


def test_a_reply_that_waits_for_one_thread_does_not_stop_the_others(database, city, database_url):
    stream = table(Stream)

    def act(db):
        return db.execute(update(stream).values(seq=stream.c.seq).returning(stream.c.seq)).scalar_one()

    acts = [
        core_db._Act(1, act),
        core_db._Act(2, lambda db: db.scalar(text("SELECT 2"))),
        core_db._Act(1, act),
    ]
    with held(database_url):
        answers = core_db._act(database, acts)

    troubles = [database_trouble(answer) for answer in answers if isinstance(answer, Exception)]
    assert all(trouble and trouble.code == "busy" for trouble in troubles)
    assert isinstance(answers[0], Exception)
    assert isinstance(answers[2], Exception)
    if database.write.dialect.name == "sqlite":  # one lock for all
        assert len(troubles) == 3
    else:
        assert answers[1] == 2


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.LockNotAvailable(), "busy"),
        (errors.DeadlockDetected(), "busy"),
        (errors.QueryCanceled(), "busy"),
        (errors.SerializationFailure(), "busy"),
        (errors.IdleInTransactionSessionTimeout(), "busy"),
        (errors.AdminShutdown(), "unavailable"),
        (errors.ConnectionTimeout(), "unavailable"),
        (errors.DiskFull(), "storage"),
    ],
)
def test_every_trouble_of_the_database_is_503_with_a_time_to_come_again(error, code):
    for seen in (error, DBAPIError("SELECT", {}, error)):
        trouble = database_trouble(seen)
        assert trouble
        assert (trouble.status, trouble.code) == (503, code)
        assert trouble.retry_after
