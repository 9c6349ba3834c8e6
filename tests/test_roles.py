"""On PostgreSQL the application's role owns nothing: the whole product runs so, and the audit log holds against it."""

from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError
from typer.testing import CliRunner

from app import worker
from app.auth.permissions import Role
from app.cli import app as commands
from app.core import outbox
from app.core.config import settings
from app.core.db import Database
from app.duty import recount
from app.main import create_app
from tests.factories.city import City
from tests.factories.everything import make_everything
from tests.support.databases import postgres_database

SHELL = CliRunner()
PASSWORD = "p%w'd"


@pytest.fixture
def urls(postgres_server):
    """A new database as its owner, who may make roles, and as the application's role, which is not made yet."""
    names = [f"lvyi_{part}_{uuid4().hex[:12]}" for part in ("owner", "app")]
    owner, app = names
    with psycopg.connect(postgres_server, autocommit=True) as admin:
        make = sql.SQL("CREATE ROLE {} LOGIN CREATEROLE PASSWORD {}")
        admin.execute(make.format(sql.Identifier(owner), sql.Literal(PASSWORD)))
        with postgres_database(postgres_server) as url:
            name = make_url(url).database or ""
            give = sql.SQL("ALTER DATABASE {} OWNER TO {}")
            admin.execute(give.format(sql.Identifier(name), sql.Identifier(owner)))
            yield [
                make_url(url).set(username=who, password=PASSWORD).render_as_string(hide_password=False)
                for who in names
            ]
        for who in (app, owner):
            admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(who)))


@pytest.fixture
def run(urls, tmp_path, monkeypatch):
    """`lvyi` in this process, with both URLs."""
    owner, app = urls
    monkeypatch.setenv("LVYI_DATABASE_URL", app)
    monkeypatch.setenv("LVYI_MIGRATION_DATABASE_URL", owner)
    monkeypatch.setenv("LVYI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LVYI_TOKEN_SECRET", "test-secret-test-secret-test-secret!")
    monkeypatch.setenv("LVYI_PASSWORD_HASHING", "fast")
    settings.cache_clear()
    yield lambda *words: SHELL.invoke(commands, words)
    settings.cache_clear()


@pytest.fixture
def city(run, urls):
    done = run("migrate")
    assert done.exit_code == 0, done.output
    assert "已向应用角色 lvyi_app_" in done.output
    database = Database.connect(urls[1], pool=6)
    yield City(create_app(settings(), database), database)
    database.dispose()


FORBIDDEN = (
    "UPDATE audit_entry SET result = 'ok'",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry",
    "DELETE FROM audit_head",
    "TRUNCATE audit_head",
    "DROP TRIGGER audit_entry_append_only ON audit_entry",
    "ALTER TABLE audit_entry DISABLE TRIGGER USER",
    "ALTER TABLE audit_entry OWNER TO CURRENT_USER",
    "DROP TABLE audit_entry",
    "CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE TABLE mine (id int)",
    "UPDATE alembic_version SET version_num = '0001'",
    "SET session_replication_role = replica",
)


def test_everything_is_done_without_owning_anything(city, run, urls):
    everything, auditor = make_everything(city), city.staff(Role.AUDITOR)
    assert everything.member.get("/api/v1/auth/me").status_code == 200
    assert auditor.get("/api/v1/audit").json()["items"]
    worker.clean(city.database, settings())
    outbox.run_due(city.database)
    assert recount.repair(city.database) == []
    assert run("reindex").exit_code == 0

    for statement in FORBIDDEN:
        with pytest.raises(ProgrammingError), city.database.write.begin() as conn:
            conn.execute(text(statement))

    assert city.anonymous().get("/readyz").json()["audit"] == "append_only"
    done = run("verify-audit")
    assert (done.exit_code, "提示" in done.output) == (0, False)
    assert "个锚点相符" in done.output


def test_who_owns_the_tables_is_told_so(city, run, urls, monkeypatch):
    monkeypatch.setenv("LVYI_DATABASE_URL", urls[0])
    settings.cache_clear()
    assert "可以改写审计记录" in run("verify-audit").output
    database = Database.connect(urls[0], pool=2)
    owned = City(create_app(settings(), database), database, name="政协石泉市委员会")
    assert owned.anonymous().get("/readyz").json()["audit"] == "rewritable"
    database.dispose()


def test_later_tables_are_the_applications_too_and_migrate_may_be_run_again(city, run, urls):
    owner = create_engine(urls[0])
    with owner.begin() as conn:
        conn.execute(text("CREATE TABLE later (id int)"))
    owner.dispose()
    with city.database.write.begin() as conn:
        conn.execute(text("INSERT INTO later VALUES (1)"))
        conn.execute(text("DELETE FROM later"))
    assert run("migrate").exit_code == 0
    for statement in FORBIDDEN[:2]:
        with pytest.raises(ProgrammingError), city.database.write.begin() as conn:
            conn.execute(text(statement))


def test_a_backup_is_restored_by_the_owner_and_used_by_the_application(city, run, urls, tmp_path):
    city.member()
    archive = str(tmp_path / "a.tar.gz")
    assert run("backup", archive).exit_code == 0
    city.database.dispose()
    owner = create_engine(urls[0])
    with owner.begin() as conn:
        conn.execute(text("DROP SCHEMA public CASCADE"))
        conn.execute(text("CREATE SCHEMA public"))
    owner.dispose()

    done = run("restore", archive)

    assert done.exit_code == 0, done.output
    database = Database.connect(urls[1], pool=6)
    again = City(create_app(settings(), database), database, name="政协石泉市委员会")
    member = again.member()
    said = {"body": "今天走访了滨江社区。", "kind": "visit", "place": "滨江"}
    assert member.post("/api/v1/updates", said).status_code == 201
    assert again.anonymous().get("/readyz").json()["audit"] == "append_only"
    database.dispose()
    assert run("verify-audit").exit_code == 0
