"""One chain of migrations for both databases."""

import importlib
import pkgutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

import app


def load_models() -> None:
    """Import every `models…` module of the package, so that the metadata holds all tables."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if module.name.rpartition(".")[2].startswith("models") or module.name in {
            "app.core.live",
            "app.core.outbox",
            "app.core.once",
        }:
            importlib.import_module(module.name)


def _config(url: str) -> Config:
    package = Path(app.__file__).parent
    beside, inside = package.parent / "alembic", package / "_alembic"
    config = Config()
    config.set_main_option("script_location", str(inside if inside.exists() else beside))
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to `revision`; an empty one is created."""
    command.upgrade(_config(url), revision)


def head() -> str | None:
    """The newest revision."""
    return ScriptDirectory.from_config(_config("sqlite://")).get_current_head()


def current(engine: Engine) -> str | None:
    """The revision of a database; None when it was never migrated."""
    with engine.connect() as conn:
        return MigrationContext.configure(conn).get_current_revision()


def autogenerate(url: str, message: str, rev_id: str) -> None:
    """Write a migration for what the models have and the database at `url` has not; for developers."""
    command.revision(_config(url), message, autogenerate=True, rev_id=rev_id)


def check(url: str) -> None:
    """Raise when models and migrated database differ."""
    command.check(_config(url))
