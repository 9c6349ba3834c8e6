"""The demo city, filled once on each kind of database for all tests that look at it."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from app.core import clock
from app.core.config import Settings
from app.core.db import Database
from app.demo.fill import fill
from app.main import create_app
from tests.factories.demo import NOW, DemoCity, Filled
from tests.support.databases import postgres_database


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """A demo city that several tests look at."""
    folder = tmp_path_factory.mktemp("city")
    with ExitStack() as stack:
        if request.param == "sqlite":
            shutil.copyfile(request.getfixturevalue("_sqlite_template"), folder / "lvyi.sqlite3")
            url = f"sqlite:///{folder / 'lvyi.sqlite3'}"
        else:
            server, template = map(request.getfixturevalue, ("postgres_server", "_postgres_template"))
            url = stack.enter_context(postgres_database(server, template))
        database = Database.connect(url, pool=6)
        stack.callback(database.dispose)
        with clock.frozen_at(NOW):
            logins = fill(database, folder / "files", scale=0.1)
        if (
            request.param == "postgresql"
        ):  # as a server does by itself within a minute: its plans need to know the sizes
            with database.write.connect() as conn:
                conn.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
        yield Filled(database, folder / "files", logins)


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    """Each test is at the moment of the city; the city itself outlives tests, and must not stop their clocks."""
    with clock.frozen_at(NOW):
        yield


@pytest.fixture(scope="package")
def demo(filled: Filled) -> DemoCity:
    """The same city with an app in front of it."""
    folder = filled.files.parent
    settings = Settings(
        _env_file=None,
        database_url=str(filled.database.read.url),
        data_dir=folder,
        token_secret=SecretStr("test-secret-test-secret-test-secret!"),
        password_hashing="fast",
        log_level="ERROR",
        threads=6,
    )
    return DemoCity(create_app(settings, filled.database), filled.database)
