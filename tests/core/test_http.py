"""What every answer keeps to: redirects, methods, headers, where a write may come from."""

import pytest
from pydantic import ValidationError

from app.core.config import Settings
from app.main import create_app
from tests.support.client import Client


@pytest.fixture
def database_url(sqlite_url):
    """Nothing here depends on the kind of database."""
    return sqlite_url


def served(config, database, **changes) -> Client:
    """A server with other settings on the same database."""
    app = create_app(Settings.model_validate(config.model_dump() | changes), database)
    return Client(app, "192.0.2.1")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/updates/",
        "/api/v1/auth/login/",
        "/c/",
        "/v/",
        "/api/docs/",
        "/api/docs/assets",
        "/api/v1//updates",
    ],
)
def test_a_host_that_was_made_up_is_in_no_answer(city, path):
    answer = city.anonymous().get(path, headers={"Host": "evil.example"}, follow_redirects=False)

    assert answer.status_code in {404, 405}
    assert "evil.example" not in f"{answer.headers} {answer.text}"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/v1/updates", "GET, POST"),
        ("PATCH", "/api/v1/auth/sessions", "GET"),
        ("GET", "/api/v1/auth/login", "POST"),
        ("GET", "/api/v1/leads/status", "POST"),
        ("GET", "/api/v1/rulesets/validation", "POST"),
        ("PUT", "/api/v1/leads/7/transitions", "POST"),
        ("DELETE", "/healthz", "GET"),
    ],
)
def test_a_method_that_is_not_there_is_405_and_names_those_that_are(city, method, path, allowed):
    answer = city.staff().http.request(method, path)

    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert (answer.json()["code"], answer.headers["content-type"]) == ("http_405", "application/problem+json")


def test_what_looks_like_no_id_is_still_422(city):
    answer = city.staff().get("/api/v1/leads/none")

    assert (answer.status_code, answer.json()["errors"][0]["detail"]) == (422, "应当是整数")


def test_browsers_are_kept_to_https_where_the_address_is(config, database):
    plain = served(config, database, public_url="http://127.0.0.1:8000").get("/healthz").headers
    safe = served(config, database, public_url="https://lvyi.example.org").get("/healthz").headers

    assert "strict-transport-security" not in plain
    assert safe["strict-transport-security"] == "max-age=31536000"
    for headers in (plain, safe):
        assert "camera=(self)" in headers["permissions-policy"]
        assert "default-src 'self'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("url", "setting", "secure"),
    [
        ("https://lvyi.example.org", None, True),
        ("http://192.0.2.1", None, False),
        ("https://lvyi.example.org", False, False),
        ("http://192.0.2.1", True, True),
    ],
)
def test_cookies_are_secure_where_the_address_is_unless_the_setting_says_otherwise(url, setting, secure):
    config = Settings(_env_file=None, public_url=url, secure_cookies=setting)

    assert config.sends_secure_cookies is secure


def test_the_description_can_be_closed(config, database):
    open_, closed = served(config, database), served(config, database, api_docs=False)

    for path in ("/api/docs", "/api/openapi.json", "/api/docs/assets/swagger-ui.css"):
        assert (open_.get(path).status_code, closed.get(path).status_code) == (200, 404)


def test_metrics_go_to_whoever_has_the_token(config, database):
    token = "a token for measuring"
    http = served(config, database, metrics_token=token)

    assert http.get("/metrics").status_code == 404
    assert http.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 404
    assert "lvyi_requests_total" in http.get("/metrics", headers={"Authorization": f"Bearer {token}"}).text
    with pytest.raises(ValidationError):
        Settings.model_validate({"metrics_token": "short"})
