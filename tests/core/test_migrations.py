"""Migrations beside others: other migrations, readers, traffic; and databases of other makers."""

import shutil
import subprocess
import threading
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, make_url, text
from typer.testing import CliRunner

from app.cli import app as cli
from app.core.config import settings
from app.core.db import Database
from app.core.schema import migrations
from tests.support.databases import postgres_database
from tests.support.servers import environment, lvyi

MORE = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = depends_on = None


def upgrade():
    {does}
"""


@pytest.fixture
def empty_url(request, tmp_path):
    """A database in which there is nothing yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    else:
        with postgres_database(request.getfixturevalue("postgres_server")) as url:
            yield url


@pytest.fixture
def next_migration(tmp_path, monkeypatch):
    """Give the chain one more migration, which does what is told."""

    def add(does: str) -> None:
        copy = tmp_path / "alembic"
        shutil.copytree(Path(__file__).parents[2] / "alembic", copy)
        more = MORE.format(head=migrations.head(), does=does)
        (copy / "versions" / "9999_more.py").write_text(more)
        plain = migrations._config

        def config(url: str):
            made = plain(url)
            made.set_main_option("script_location", str(copy))
            return made

        monkeypatch.setattr(migrations, "_config", config)

    return add


@pytest.fixture
def migrate(monkeypatch):
    def run(url: str) -> tuple[int, str]:
        monkeypatch.setenv("LVYI_DATABASE_URL", url)
        settings.cache_clear()
        ended = CliRunner().invoke(cli, ["migrate"])
        return ended.exit_code, ended.output

    yield run
    settings.cache_clear()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # of the settings alone
@pytest.mark.parametrize("empty_url", ["sqlite", "postgresql"], indirect=True)
def test_three_at_once_on_an_empty_database_end_well(empty_url, config):
    config = config.model_copy(update={"database_url": empty_url})
    started = [
        subprocess.Popen(
            lvyi("migrate"), env=environment(config), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for _ in range(3)
    ]
    said = [one.communicate(timeout=200)[0].decode() for one in started]
    assert [one.returncode for one in started] == [0, 0, 0], said
    assert said == [f"数据库已是最新版本 {migrations.head()}。\n"] * 3


def test_nobody_waits_a_second_for_a_migration_that_waits_for_a_reader(postgresql_url, next_migration):
    next_migration('op.add_column("reply", sa.Column("more", sa.Integer()))')
    waits: list[float] = []
    over = threading.Event()
    conninfo = make_url(postgresql_url).set(drivername="postgresql").render_as_string(hide_password=False)

    def write() -> None:
        with psycopg.connect(conninfo, autocommit=True) as conn:
            while not over.is_set():
                start = time.monotonic()
                conn.execute("UPDATE reply SET body = body")
                waits.append(time.monotonic() - start)
                time.sleep(0.01)

    def read() -> None:
        with psycopg.connect(conninfo) as conn:
            conn.execute("SELECT count(*) FROM reply")
            reading.set()
            time.sleep(5)

    reading = threading.Event()
    threads = [threading.Thread(target=read), threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    assert reading.wait(10)
    start = time.monotonic()
    migrations.upgrade(postgresql_url)
    took = time.monotonic() - start
    over.set()
    for thread in threads:
        thread.join(20)

    assert took > 3  # it did meet the reader
    assert 0.2 < max(waits) < 1
    engine = create_engine(postgresql_url)
    assert "more" in {column["name"] for column in inspect(engine).get_columns("reply")}
    engine.dispose()


def test_a_migration_that_never_gets_its_turn_says_so(postgresql_url, next_migration, migrate, monkeypatch):
    next_migration('op.add_column("reply", sa.Column("more", sa.Integer()))')
    monkeypatch.setattr(migrations, "PATIENCE_SECONDS", 1)
    conninfo = make_url(postgresql_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(conninfo) as conn:
        conn.execute("SELECT count(*) FROM reply")
        assert migrate(postgresql_url) == (1, "数据库一直被占用，没有升级；请在使用的人少时再试。\n")


def test_a_step_that_fails_leaves_nothing_behind(database_url, next_migration, migrate):
    next_migration('op.create_table("half", sa.Column("id", sa.Integer())); raise RuntimeError("第二步出错")')
    code, said = migrate(database_url)
    assert code == 1
    assert said.startswith("升级没有完成")
    assert said.count("\n") == 1
    assert "第二步出错" in said
    engine = create_engine(database_url)
    assert not inspect(engine).has_table("half")
    assert migrations.current(engine) != "9999"
    engine.dispose()


def test_a_database_that_is_newer_than_the_program_is_left_alone(database_url, migrate):
    engine = create_engine(database_url)
    with engine.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9998'"))
    code, said = migrate(database_url)
    assert (code, said.count("\n")) == (1, 1)
    assert "数据库比程序新" in said
    engine.dispose()


@pytest.mark.parametrize(
    ("edit", "names"),
    [
        ("DROP TABLE bulletin_void", "bulletin_void"),
        ("ALTER TABLE bulletin DROP COLUMN preface", "bulletin.preface"),
        ("ALTER TABLE bulletin ADD COLUMN other INTEGER", "bulletin.other"),
    ],
)
def test_a_database_of_an_edited_chain_is_recognized(database_url, migrate, app, city, edit, names):
    assert migrate(database_url)[0] == 0
    engine = create_engine(database_url)
    with engine.begin() as conn:
        conn.execute(text(edit))
    code, said = migrate(database_url)
    assert (code, said.count("\n")) == (1, 1)
    assert f"（{names}）" in said
    answer = city.member().http.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "schema_differs")
    assert names in answer.json()["detail"]
    assert CliRunner().invoke(cli, ["serve"]).output == said
    engine.dispose()


def test_a_database_that_is_away_is_one_line(migrate):
    code, said = migrate("postgresql://nobody@127.0.0.1:1/none")
    assert (code, said.count("\n")) == (1, 1)


def test_schema_check_says_nothing_of_a_good_database(database_url):
    database = Database.connect(database_url, pool=1)
    migrations.check_schema(database.read)
    database.dispose()
