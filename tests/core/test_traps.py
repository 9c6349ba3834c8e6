"""What goes wrong around a request: each is a problem document in Chinese, and nothing is lost."""

import errno
import sqlite3
import threading

import pytest
from pydantic import SecretStr
from sqlalchemy import event, text

from app.core.config import Settings
from app.core.db import Database
from app.core.schema import migrations
from app.main import create_app
from tests.factories.circle.posts import NEW
from tests.factories.city import City
from tests.support.client import Client


def problem(answer, status: int, code: str) -> dict:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["code"] == code
    assert any("\u4e00" <= c <= "\u9fff" for c in body["detail"])
    for secret in ("Traceback", "SELECT", "INSERT", "sqlite3", "psycopg"):
        assert secret not in answer.text
    return body


@pytest.fixture
def sqlite_city(sqlite_url, config_for):
    database = Database.connect(sqlite_url, pool=4)
    yield City(create_app(config_for(sqlite_url), database), database)
    database.dispose()


@pytest.fixture
def config_for(tmp_path):
    return lambda url: Settings(
        _env_file=None,
        database_url=url,
        data_dir=tmp_path / "data",
        token_secret=SecretStr("trap-secret-trap-secret-trap-secret!"),
        password_hashing="fast",
        log_level="ERROR",
        max_body_bytes=64 * 1024,
        threads=4,
    )


def test_a_database_locked_by_another_program_is_503_and_the_retry_succeeds(
    sqlite_city, sqlite_url, monkeypatch
):
    member = sqlite_city.member()
    key = {"Idempotency-Key": "locked-0001"}
    with sqlite_city.database.write.connect() as conn:
        conn.execute(text("PRAGMA busy_timeout=50"))
    blocker = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    answer = member.post("/api/v1/updates", NEW, headers=key)
    problem(answer, 503, "busy")
    assert answer.headers["retry-after"]
    assert member.get("/api/v1/updates").status_code == 200, "reading goes on"
    blocker.execute("ROLLBACK")
    blocker.close()
    assert member.post("/api/v1/updates", NEW, headers=key).status_code == 201


def test_a_full_disk_is_503_and_what_was_there_stays(sqlite_city):
    member = sqlite_city.member()
    assert member.post("/api/v1/updates", NEW).status_code == 201
    with sqlite_city.database.write.connect() as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
    big = NEW | {"body": "字" * 2000}
    sqlite_city.database.write.dispose()
    event.listen(
        sqlite_city.database.write, "connect", lambda c, _: c.execute(f"PRAGMA max_page_count={pages + 2}")
    )
    answers = [member.post("/api/v1/updates", big) for _ in range(20)]
    full = [a for a in answers if a.status_code != 201]
    assert full, "the disk never filled"
    problem(full[-1], 503, "storage")
    kept = member.get("/api/v1/updates?limit=100").json()["items"]
    assert len(kept) == 1 + sum(a.status_code == 201 for a in answers)


def test_no_space_for_a_file_is_503(city, app, monkeypatch):
    member = city.member()

    def full(*_args, **_kw):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    answer = member.http.post("/api/v1/files", files={"file": ("a.txt", "文字".encode())})
    problem(answer, 503, "storage")
    assert not [p for p in app.state.settings.data_dir.rglob("*") if p.is_file() and "files" in p.parts]


def test_a_database_that_is_away_is_503_and_comes_back(postgresql_url, config_for):
    database = Database.connect(postgresql_url, pool=2)
    city = City(create_app(config_for(postgresql_url), database), database)
    member = city.member()
    assert member.get("/api/v1/updates").status_code == 200
    name = postgresql_url.rsplit("/", 1)[1]
    admin = Database.connect(postgresql_url.rsplit("/", 1)[0] + "/postgres", pool=1)
    with admin.read.connect() as conn:
        conn.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        conn.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"))
    for answer in (member.get("/api/v1/updates"), member.post("/api/v1/updates", NEW)):
        problem(answer, 503, "unavailable")
        assert answer.headers["retry-after"]
    assert member.http.get("/healthz").status_code == 200
    assert member.http.get("/readyz").status_code == 503
    with admin.read.connect() as conn:
        conn.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
    assert member.post("/api/v1/updates", NEW).status_code == 201
    admin.dispose()
    database.dispose()


def test_a_database_that_was_never_migrated_is_not_ready(tmp_path, config_for):
    url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    database = Database.connect(url, pool=2)
    client = Client(create_app(config_for(url), database))
    problem(client.get("/readyz"), 503, "not_migrated")
    migrations.upgrade(url)
    answer = client.get("/readyz").json()
    assert (answer["status"], answer["revision"]) == ("ready", migrations.head())
    database.dispose()


def test_bodies_paths_and_methods_that_nobody_offers(sqlite_city):
    member = sqlite_city.member()
    problem(member.post("/api/v1/updates", NEW | {"body": "字" * 100_000}), 413, "too_large")
    problem(member.get("/api/v1/nothing"), 404, "not_found")
    problem(member.http.request("PATCH", "/api/v1/updates"), 405, "http_405")
    problem(
        member.http.post(
            "/api/v1/updates", content=b"\xff\xfe", headers={"Content-Type": "application/json"}
        ),
        422,
        "invalid",
    )
    deep = b'{"body":' + b"[" * 20_000 + b"]" * 20_000 + b"}"
    answer = member.http.post("/api/v1/updates", content=deep, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


def test_every_answer_has_its_id_and_the_security_headers(sqlite_city):
    answer = sqlite_city.member().get("/api/v1/updates")
    assert len(answer.headers["x-request-id"]) == 12
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_personal_answers_are_not_stored_and_polled_ones_asked_again(sqlite_city):
    member = sqlite_city.member()
    polled, plain = member.get("/api/v1/updates"), member.get("/api/v1/seats")
    written = member.post("/api/v1/updates", {"body": "在滨江社区走访。", "kind": "visit"})
    assert "etag" in polled.headers
    assert polled.headers["cache-control"] == "private, no-cache"
    assert {answer.headers["cache-control"] for answer in (plain, written)} == {"no-store"}


def test_metrics_are_for_this_machine_only(sqlite_city):
    client = sqlite_city.anonymous()
    sqlite_city.member().get("/api/v1/updates")
    assert "lvyi_requests_total" in client.get("/metrics").text
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404


def test_the_api_page_needs_nothing_from_outside(sqlite_city):
    client = sqlite_city.anonymous()
    page = client.get("/api/docs")
    assert page.status_code == 200
    assert "https://" not in page.text
    assert client.get("/api/docs/assets/swagger-ui-bundle.js").status_code == 200
    assert (
        "'unsafe-inline'" not in page.headers["content-security-policy"].split("script-src")[1].split(";")[0]
    )


def test_writers_queue_instead_of_failing(city):
    """Eight phones post at once: with a deferred BEGIN most would be locked out on SQLite."""
    members = [city.member() for _ in range(8)]
    codes: list[int] = []

    def post(who) -> None:
        codes.extend(who.post("/api/v1/updates", NEW).status_code for _ in range(5))

    runs = [threading.Thread(target=post, args=(who,)) for who in members]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert codes == [201] * 40
    seqs = {u["id"] for u in members[0].get("/api/v1/updates?limit=100").json()["items"]}
    assert len(seqs) == 40
