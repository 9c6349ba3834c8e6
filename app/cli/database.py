"""The database as commands use it: patient while others write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from app.core.db import Database

_WAITING = "数据库正忙或暂时无法连接，正在等候，请勿关闭……"


def connected() -> Database:
    """The database that the settings name, for a command that has loaded what it needs."""
    from app.core.config import settings
    from app.core.database.timeouts import COMMANDS
    from app.core.db import Database
    from app.core.jobs.memory import end_loading

    end_loading()
    return Database.connect(settings().database_url, limits=COMMANDS)


@contextmanager
def opened() -> Iterator[Database]:
    """The same; while it is busy or away the command waits, and says so."""
    from app.core.jobs.short_transactions import patient

    database = connected()
    try:
        with patient(lambda: typer.echo(_WAITING, err=True)):
            yield database
    finally:
        database.dispose()
