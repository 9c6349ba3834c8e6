"""A server, a process or a link that says nothing any more: 503 in time, nothing half done, and all works afterwards."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import event, text, update
from sqlalchemy.exc import DBAPIError

from app.core.config import Settings
from app.core.database.driver_errors import database_trouble
from app.core.database.timeouts import REQUESTS
from app.core.db import Database
from app.core.live import Stream
from app.core.sql import table
from app.main import create_app
from tests.factories.circle.posts import NEW
from tests.factories.city import City
from tests.support.links import Link, link
from tests.support.servers import serving
from tests.support.timing import timed


@pytest.fixture
def way_and_city(postgresql_url: str, tmp_path: Path) -> Iterator[tuple[Link, City]]:
    """A city whose server reaches its database through a link."""
    with link(postgresql_url) as (way, url):
        database = Database.connect(url, pool=6, limits=replace(REQUESTS, statement=1, answer=2))
        config = Settings(
            _env_file=None,
            database_url=url,
            data_dir=tmp_path / "data",
            token_secret=SecretStr("links-secret-links-secret-links-sec!"),
            password_hashing="fast",
            log_level="ERROR",
            threads=6,
        )
        yield way, City(create_app(config, database), database)
        way.close()
        database.dispose()


def fill_the_pool(database: Database) -> None:
    """As many connections as a busy hour leaves behind."""
    connections = [engine.connect() for engine in (database.read, database.write) for _ in range(5)]
    for connection in connections:
        connection.execute(text("SELECT 1"))
        connection.close()


def test_a_process_that_was_stopped_in_a_transaction_gives_its_rows_back(way_and_city, postgresql_url):
    _, city = way_and_city
    stopped = Database.connect(postgresql_url, pool=1, limits=replace(REQUESTS, idle=1))
    member = city.member()

    def stop() -> None:
        with stopped.transaction() as db:
            db.execute(update(table(Stream)).values(seq=table(Stream).c.seq + 1000))
            answers.append(member.post("/api/v1/updates", NEW))
            db.execute(text("SELECT 1"))

    answers: list[httpx.Response] = []
    with pytest.raises(DBAPIError) as lost:
        stop()
    stopped.dispose()

    assert answers[0].status_code == 201, "it waited for the row, and got it"
    trouble = database_trouble(lost.value)
    assert trouble
    assert trouble.code == "busy"
    with city.database.read.connect() as conn:
        assert conn.scalar(text("SELECT seq FROM stream")) < 1000


def test_a_link_that_goes_dark_is_503_and_the_pool_recovers(way_and_city):
    way, city = way_and_city
    member, key = city.member(), {"Idempotency-Key": "dark-0001"}
    asked = [
        ("GET", "/api/v1/auth/me", {}),
        ("GET", "/api/v1/seats", {}),
        ("GET", "/readyz", {}),
        ("POST", "/api/v1/updates", {"json": NEW, "headers": key}),
    ]
    with (
        serving(city.app) as url,
        httpx.Client(base_url=url, timeout=20) as client,
        ThreadPoolExecutor(4) as pool,
    ):
        fill_the_pool(city.database)
        way.dark()
        answers = list(pool.map(lambda one: timed(client, member, one[0], one[1], **one[2]), asked))
        alive = client.get("/healthz")
        way.lit()
        after = [client.request(*one[:2], headers=member.http.headers) for one in asked[:3]]
        again = timed(client, member, "POST", "/api/v1/updates", json=NEW, headers=key)[1]

    assert {answer.status_code for _, answer in answers} == {503}
    assert all(answer.headers["retry-after"] for _, answer in answers)
    assert max(seconds for seconds, _ in answers) < 9
    assert alive.status_code == 200
    assert {answer.status_code for answer in after} == {200}
    assert again.status_code == 201


def test_connections_that_died_silently_cost_one_wait_not_one_each(way_and_city):
    way, city = way_and_city
    member = city.member()
    assert member.get("/api/v1/seats").status_code == 200
    fill_the_pool(city.database)
    way.cut_off()

    first = member.get("/api/v1/seats")
    after = [member.get("/api/v1/seats").status_code for _ in range(6)]

    assert first.status_code == 503
    assert after == [200] * 6


def test_a_commit_of_which_nobody_knows_is_no_success_and_its_retry_writes_once(way_and_city):
    way, city = way_and_city
    member, key = city.member(), {"Idempotency-Key": "unknown-0001"}
    event.listen(city.database.write, "commit", lambda _: way.dark(), once=True)

    answer = member.post("/api/v1/updates", NEW, headers=key)
    way.lit()
    time.sleep(0.2)  # what was on its way arrives
    again = member.post("/api/v1/updates", NEW, headers=key)

    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert again.status_code == 201
    assert len(member.get("/api/v1/updates").json()["items"]) == 1
