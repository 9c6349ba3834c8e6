"""Fixtures for every test: a fresh database of each kind, an app on it, a small city."""

import gc
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.core.config import Settings
from app.core.database.timeouts import PEER, REQUESTS, Timeouts
from app.core.db import Database
from app.core.jobs.memory import end_loading
from app.heat import boards
from app.main import create_app
from tests.factories.city import City
from tests.support.compiled import share_compiled

#: Most tests put staff into sessions of their own; test_second_factor.py and test_manual.py say otherwise.
os.environ.setdefault("LVYI_STAFF_SECOND_FACTOR", "optional")

pytest_plugins = ["tests.support.databases"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--papers FOLDER`: background papers for the story."""
    parser.addoption("--papers", help="folder of text files: the background papers of the story")


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> Timeouts:
    """Longer than a server's, for machines that stand still for seconds; a deadlock is found at once all the same."""
    monkeypatch.setitem(PEER, "connect_timeout", 30)
    return replace(REQUESTS, connection=30, lock=30, statement=60, idle=60, answer=60)


@pytest.fixture
def database(database_url: str, limits: Timeouts) -> Iterator[Database]:
    """Engines on a fresh migrated database."""
    made = Database.connect(database_url, pool=6, limits=limits)
    share_compiled(made)
    yield made
    made.dispose()


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Settings:
    """Settings of the app under test."""
    return Settings(
        _env_file=None,
        database_url=database_url,
        data_dir=tmp_path / "data",
        token_secret=SecretStr("test-secret-test-secret-test-secret!"),
        password_hashing="fast",
        log_level="ERROR",
        threads=6,
    )


@pytest.fixture
def app(config: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """The application; however busy the machine, it computes no board beside the request."""
    monkeypatch.setattr(boards, "PATIENCE_SECONDS", 60)
    return create_app(config, database)


@pytest.fixture
def city(app: FastAPI, database: Database) -> City:
    """A small city with nobody in it yet."""
    return City(app, database)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Files are named by their argument: their bytes are unreadable, and random ones differ between processes."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no process works on at the end alone.

    That is what stands in no folder, backups and the story.
    """
    here = Path(__file__).parent
    items.sort(key=lambda item: item.path.parent not in {here, here / "backup", here / "story"})


def pytest_collection_finish() -> None:
    """Tests make much garbage: without this a third of their time would go into walking what is loaded for all of them.

    What outlives a test (compiled statements, apps) counts as garbage that may be; walking it rarely is enough.
    """
    end_loading()
    gc.set_threshold(50_000, 20, 20)


def pytest_unconfigure() -> None:
    """The process ends: what is left is not walked again, which takes longer than pytest-xdist waits for it."""
    gc.freeze()
