"""One chain of migrations for both databases."""

import importlib
import pkgutil
import time
from contextlib import suppress
from pathlib import Path
from random import uniform

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, NullPool, create_engine, inspect, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import SQLModel

import app
from app.core.errors import Unavailable
from app.core.sql import alone, is_blocked

#: Seconds that an upgrade goes on trying while others are in its way.
PATIENCE_SECONDS = 300
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0


def load_models() -> None:
    """Import every `models…` module of the package, so that the metadata holds all tables."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if module.name.rpartition(".")[2].startswith("models") or module.name in {
            "app.core.live",
            "app.core.outbox",
            "app.core.web.idempotency",
            "app.core.jobs.workers",
        }:
            importlib.import_module(module.name)


def _config(url: str) -> Config:
    package = Path(app.__file__).parent
    beside, inside = package.parent / "alembic", package / "_alembic"
    config = Config()
    config.set_main_option("script_location", str(inside if inside.exists() else beside))
    config.attributes["url"] = url
    return config


class MigrationError(Unavailable):
    """A migration did not come to its end, or the database is not of this release."""

    code = "not_migrated"


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to `revision`; an empty one is created. Of several processes one does it.

    A step that has to wait for others is rolled back after a moment, so that nobody queues behind it, and tried again.
    """
    create_file(url)
    engine = create_engine(url, poolclass=NullPool)
    end = time.monotonic() + PATIENCE_SECONDS

    def late(pause: float) -> bool:
        time.sleep(pause)
        return time.monotonic() > end

    with alone(engine, "migrations", late) as mine:
        if not mine:
            raise MigrationError("另一个升级程序一直没有结束，请稍后再试。")
        pause = _FIRST_PAUSE
        while not _tried(url, revision):
            if late(pause * uniform(0.7, 1.3)):  # noqa: S311 - so as not to meet the same reader again
                raise MigrationError("数据库一直被占用，没有升级；请在使用的人少时再试。")
            pause = min(pause * 2, _LONGEST_PAUSE)


def _tried(url: str, revision: str) -> bool:
    try:
        command.upgrade(_config(url), revision)
    except DBAPIError as e:
        if is_blocked(e):
            return False
        raise
    return True


def migrate(url: str) -> None:
    """Bring the database at `url` to this release and check its schema; every failure says why in Chinese."""
    try:
        upgrade(url)
        check_schema_at(url)
    except MigrationError:
        raise
    except CommandError as e:
        raise MigrationError("数据库比程序新，或来自别的版本，不能升级：请安装更新的程序。") from e
    except Exception as e:
        said = str(getattr(e, "orig", e)).strip().partition("\n")[0]
        raise MigrationError(f"升级没有完成，没有做完的一步已撤销：{said or type(e).__name__}") from e


def check_schema(engine: Engine) -> None:
    """Raise when a database of the newest revision has not the tables and columns of the models.

    A chain that was edited after it ran leaves such a database behind.
    """
    if current(engine) == head() and (differing := _differing(engine)):
        names = "、".join(differing[:5]) + ("等" if len(differing) > 5 else "")  # noqa: PLR2004 - enough to see
        raise MigrationError(
            f"数据库的结构与它的版本 {head()} 不符（{names}），可能由未发布的程序建立："
            "请用当时的程序备份，再用本程序恢复到一个空数据库。"
        )


def check_schema_at(url: str) -> None:
    """Like `check_schema`; nothing is said of a database that cannot be reached now."""
    with suppress(OperationalError):
        check_schema(create_engine(url, poolclass=NullPool))


def _differing(engine: Engine) -> list[str]:
    """Tables and columns that models or database have alone; types are compared by a test, not here."""
    load_models()
    with engine.connect() as conn:
        columns = inspect(conn).get_multi_columns()
    has = {name: {column["name"] for column in its} for (_, name), its in columns.items()}
    differing = []
    for table in SQLModel.metadata.sorted_tables:
        names = set(table.columns.keys())
        alone = [f"{table.name}.{name}" for name in names ^ has.get(table.name, set())]
        differing += sorted(alone) if table.name in has else [table.name]
    return differing


def create_file(url: str) -> None:
    """An SQLite database is readable by its owner only: it holds phones, password hashes and drafts."""
    if (where := make_url(url)).get_backend_name() == "sqlite" and where.database:
        file = Path(where.database)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)


def has_file(url: str) -> bool:
    """Whether the database at `url` is on a server, or its file is there."""
    where = make_url(url)
    return where.get_backend_name() != "sqlite" or Path(where.database or "").is_file()


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
