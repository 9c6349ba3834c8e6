"""The built web clients: their pages under every address of their own, their files, and what stays the server's."""

import pytest

from app import web
from tests.support.client import Client

PAGE = "<!doctype html><title>履易</title>"
DESK = "<!doctype html><title>工作台</title>"


@pytest.fixture
def database_url(sqlite_url):
    """Files are served alike beside every database."""
    return sqlite_url


@pytest.fixture
def client(app, tmp_path):
    """The server with a small build of the client."""
    folder = tmp_path / "web"
    assets = folder / "mobile" / "assets"
    assets.mkdir(parents=True)
    (folder / "mobile" / "index.html").write_text(PAGE)
    (folder / "console" / "assets").mkdir(parents=True)
    (folder / "console" / "index.html").write_text(DESK)
    (folder / "console" / "assets" / "desk-1a2b.js").write_text("desk()")
    (folder / "mobile" / "sw.js").write_text("self.skipWaiting()")
    (assets / "app-1a2b.js").write_text("plain()")
    (assets / "app-1a2b.js.br").write_bytes(b"packed by brotli")
    (assets / "app-1a2b.js.gz").write_bytes(b"packed by gzip")
    (assets / "online").mkdir()
    (assets / "online" / "page-1a2b.js").write_text("page()")
    (tmp_path / "secret.txt").write_text("secret")
    web.install(app, folder)
    return Client(app)


@pytest.mark.parametrize("path", ["/", "/me", "/topics/12", "/cards/7/2026", "/login?to=%2Fme"])
def test_every_address_of_the_client_is_its_page_asked_for_anew_each_time(client, path):
    answer = client.get(path)

    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert client.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip;q=0.8", "gzip"), ("identity", None), ("", None)],
)
def test_an_asset_is_kept_for_ever_and_comes_as_the_client_takes_it(client, accepted, encoding):
    with client.stream("GET", "/assets/app-1a2b.js", headers={"Accept-Encoding": accepted}) as answer:
        assert answer.status_code == 200
        assert answer.headers.get("content-encoding") == encoding
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["vary"] == "Accept-Encoding"


def test_pages_that_are_fetched_when_they_are_opened_are_kept_as_well(client):
    answer = client.get("/assets/online/page-1a2b.js")
    assert (answer.text, answer.headers["cache-control"]) == ("page()", "public, max-age=31536000, immutable")


@pytest.mark.parametrize("path", ["/console/", "/console/proposals/12?scope=review", "/console/nothing"])
def test_every_address_of_the_console_is_its_page(client, path):
    answer = client.get(path)

    assert (answer.status_code, answer.text) == (200, DESK)
    assert answer.headers["cache-control"] == "no-cache"
    kept = client.get("/console/assets/desk-1a2b.js")
    assert (kept.text, kept.headers["cache-control"]) == ("desk()", "public, max-age=31536000, immutable")


def test_the_console_is_found_without_its_last_slash(client):
    answer = client.get("/console", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (307, "/console/")


def test_the_service_worker_is_asked_for_anew(client):
    assert client.get("/sw.js").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nothing",
        "/api",
        "/c/",
        "/v/",
        "/console/assets/old-9f.js",
        "/assets/old-9f.js",
        "/nothing.png",
    ],
)
def test_what_is_not_there_is_a_problem_document_and_no_page(client, path):
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2f..%2fsecret.txt",
        "/console/..%2f..%2fsecret.txt",
    ],
)
def test_nothing_outside_the_build_is_served(client, path):
    assert "secret" not in client.get(path).text


def test_pages_are_only_read(client):
    assert client.post("/me").status_code == 404
    assert client.head("/me").status_code == 200


def test_the_server_s_own_addresses_go_before_the_client_s(client):
    assert client.get("/healthz").json() == {"status": "alive"}
    assert "swagger" in client.get("/api/docs").text


def test_without_a_build_the_first_page_says_what_to_do(app, tmp_path):
    web.install(app, tmp_path / "nothing")
    answer = Client(app).get("/")
    assert (answer.status_code, answer.json()["code"]) == (503, "no_client")
    assert "python3 scripts/clients.py" in answer.json()["detail"]
