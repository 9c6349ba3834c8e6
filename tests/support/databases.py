"""Fresh migrated databases for tests, on SQLite and PostgreSQL.

Each kind is migrated once into a template; a test gets a copy of it (a file; `CREATE DATABASE … TEMPLATE`). The server is started when the first test asks for it, and shared by all processes of pytest-xdist.
"""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from app.core.schema.migrations import upgrade
from tests.support.postgres import NoPostgresError, own_folder, server

SERVER = pytest.StashKey["Server"]()
#: Servers from this version on copy a database page by page through their log, unless told otherwise.
_WITH_STRATEGY = 150_000


class Server:
    """The PostgreSQL server of this run: started at the first call of `url()`, stopped with the run."""

    def __init__(self) -> None:
        self.missing = ""
        self._url = ""
        self._stack = ExitStack()

    def url(self) -> str:
        """Its URL, or empty when there is none: `missing` says why."""
        if not self._url and not self.missing:
            try:
                self._url = self._stack.enter_context(server())
            except NoPostgresError as error:
                self.missing = str(error)
        return self._url

    def adopt(self, url: str, missing: str) -> None:
        """Use the server that the controlling process of pytest-xdist has started."""
        self._url, self.missing = url, missing

    def stop(self) -> None:
        self._stack.close()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SERVER] = ours = Server()
    if hasattr(config, "workerinput"):
        ours.adopt(*config.workerinput["postgres"])
    else:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a time limit, too, ends the server


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    ours = node.config.stash[SERVER]
    node.workerinput["postgres"] = (ours.url(), ours.missing)


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[SERVER].stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    missing = config.stash[SERVER].missing
    if missing:
        terminalreporter.section("LEFT OUT: every test on PostgreSQL", red=True, bold=True)
        terminalreporter.write_line(missing)


@contextmanager
def postgres_database(admin: str, template: str = "template1") -> Iterator[str]:
    """A database of its own on the server `admin`, copied from `template`, dropped afterwards; yields its URL."""
    name = f"lvyi_{uuid4().hex}"
    how = " STRATEGY FILE_COPY" if _connection(admin).info.server_version >= _WITH_STRATEGY else ""
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}" + how)
    _connection(admin).execute(create.format(sql.Identifier(name), sql.Identifier(template)))
    try:
        url = make_url(admin).set(drivername="postgresql+psycopg", database=name)
        yield url.render_as_string(hide_password=False)
    finally:
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        _connection(admin).execute(drop)


@cache
def _connection(admin: str) -> "psycopg.Connection[Any]":
    """The one connection of this process that makes and drops databases: a new one costs a fork each time."""
    return psycopg.connect(admin, autocommit=True)


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> str:
    """The URL of a PostgreSQL server on which databases may be created. Without one CI fails, others are told."""
    ours = request.config.stash[SERVER]
    if url := ours.url():
        return url
    if os.environ.get("CI"):
        pytest.fail("no PostgreSQL: why stands at the end", pytrace=False)
    pytest.skip("no PostgreSQL")


@pytest.fixture(scope="session")
def _postgres_template(postgres_server: str) -> Iterator[str]:
    with postgres_database(postgres_server) as url:
        upgrade(url)
        yield make_url(url).database or ""


@pytest.fixture(scope="session")
def _sqlite_template() -> Iterator[Path]:
    with own_folder("sqlite") as folder:
        file = Path(folder) / "template.sqlite3"
        upgrade(f"sqlite:///{file}")
        yield file


@pytest.fixture
def sqlite_url(_sqlite_template: Path) -> Iterator[str]:
    """A fresh migrated SQLite database."""
    with TemporaryDirectory(dir=_sqlite_template.parent) as folder:
        file = Path(folder) / "lvyi.sqlite3"
        shutil.copy(_sqlite_template, file)  # with its mode: its owner alone may read it
        yield f"sqlite:///{file}"


@pytest.fixture
def postgresql_url(postgres_server: str, _postgres_template: str) -> Iterator[str]:
    """A fresh migrated PostgreSQL database."""
    with postgres_database(postgres_server, _postgres_template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url
