"""A city to be backed up, and empty databases to restore it into."""

from pathlib import Path

import pytest

from tests.factories.city import City
from tests.factories.processes.backups import post
from tests.support.databases import postgres_database


@pytest.fixture
def filled(city: City) -> City:
    """A city in which something has happened."""
    post(city)
    city.staff()
    return city


@pytest.fixture
def new_sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'restored.sqlite3'}"


@pytest.fixture
def new_postgresql(postgres_server: str):
    """An empty PostgreSQL database without tables."""
    with postgres_database(postgres_server) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request) -> str:
    """An empty database without tables, of each kind."""
    return request.getfixturevalue(f"new_{request.param}")
