"""Members agree to the privacy notice once for each version; before, only the own data and the way out are open."""

import pytest
from sqlalchemy import select, update
from typer.testing import CliRunner

from app.auth import actor as actors
from app.auth.models import Account
from app.auth.permissions import Role
from app.auth.sessions import queries
from app.cli import app as commands
from app.core.config import settings
from app.core.sql import table
from app.privacy import service
from app.privacy.models import Consent
from app.privacy.notice import text

A, C = table(Account), table(Consent)


@pytest.fixture
def newcomer(city):
    """A member who has not agreed to anything."""
    who = city.member("沈文")
    with city.database.transaction() as db:
        db.execute(update(A).where(A.c.id == who.account_id).values(consent_version=0))
    return who


def consents(city, who):
    with city.database.read.connect() as conn:
        return conn.execute(select(C).where(C.c.account_id == who.account_id).order_by(C.c.id)).all()


def test_a_newcomer_reads_agrees_and_goes_on(city, newcomer):
    me = newcomer.get("/api/v1/auth/me").json()
    assert (me["due"], me["consent_version"], me["notice_version"]) == ("consent_required", 0, 1)
    closed = newcomer.get("/api/v1/updates")
    assert (closed.status_code, closed.json()["code"]) == (403, "consent_required")
    shown = newcomer.get("/api/v1/privacy/notice").json()
    assert "政协云川市委员会" in shown["text"]
    assert "{" not in shown["text"]

    headers = {"User-Agent": "Phone/1"}
    agreed = newcomer.http.put("/api/v1/auth/consent", json={"version": shown["version"]}, headers=headers)

    assert agreed.status_code == 204, agreed.text
    assert newcomer.get("/api/v1/auth/me").json()["due"] is None
    assert newcomer.get("/api/v1/updates").status_code == 200
    (row,) = consents(city, newcomer)
    assert (row.version, row.address, row.device, row.withdrawn_at) == (1, "127.0.0.1", "Phone/1", None)
    assert newcomer.get("/api/v1/privacy/notice").json()["agreed_version"] == 1


def test_before_agreeing_the_own_data_and_the_way_out_are_open(newcomer):
    assert newcomer.get("/api/v1/me/data.zip").status_code == 200
    assert newcomer.get("/api/v1/privacy/retention").status_code == 200
    assert newcomer.post("/api/v1/auth/logout").status_code == 204


def test_a_consent_is_withdrawn_and_may_be_given_again(city, newcomer):
    for _ in range(2):
        assert newcomer.put("/api/v1/auth/consent", {"version": 1}).status_code == 204
    assert newcomer.delete("/api/v1/auth/consent").status_code == 204

    assert newcomer.get("/api/v1/updates").json()["code"] == "consent_required"
    assert all(row.withdrawn_at for row in consents(city, newcomer))
    assert newcomer.put("/api/v1/auth/consent", {"version": 1}).status_code == 204
    assert newcomer.get("/api/v1/updates").status_code == 200
    actions = [e["action"] for e in city.staff(Role.AUDITOR).get("/api/v1/audit").json()["items"]]
    assert actions == ["consent.given", "consent.withdrawn", "consent.given", "consent.given"]


def test_a_new_version_asks_again_and_the_old_one_is_not_taken(city, newcomer, monkeypatch):
    newcomer.put("/api/v1/auth/consent", {"version": 1})
    for module in (actors, queries, text, service):
        monkeypatch.setattr(module, "NOTICE_VERSION", 2)

    assert newcomer.get("/api/v1/updates").json()["code"] == "consent_required"
    old = newcomer.put("/api/v1/auth/consent", {"version": 1})
    assert (old.status_code, old.json()["code"]) == (409, "notice_changed")
    assert newcomer.put("/api/v1/auth/consent", {"version": 2}).status_code == 204
    assert newcomer.get("/api/v1/updates").status_code == 200


def test_staff_in_office_are_not_asked(city):
    staff = city.staff()
    with city.database.transaction() as db:
        db.execute(update(A).where(A.c.id == staff.account_id).values(consent_version=0))
    assert staff.get("/api/v1/auth/me").json()["due"] is None


def test_the_operator_names_the_contact(city, newcomer, database_url, monkeypatch):
    monkeypatch.setenv("LVYI_DATABASE_URL", database_url)
    settings.cache_clear()
    done = CliRunner().invoke(commands, ["privacy", "contact", "市政协办公室 0571-88880000"])
    settings.cache_clear()
    assert done.exit_code == 0, done.output
    assert "联系我们：市政协办公室 0571-88880000" in newcomer.get("/api/v1/privacy/notice").json()["text"]
