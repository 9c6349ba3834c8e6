"""The database as commands use it: patient while others write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from app.core.db import Database

_WAITING = "数据库正忙或暂时无法连接，正在等候，请勿关闭……"


@contextmanager
def opened() -> Iterator[Database]:
    """The database that the settings name; while it is busy or away the command waits, and says so."""
    from app.core.config import settings
    from app.core.db import Database
    from app.core.limits import COMMANDS
    from app.core.parts import patient

    database = Database.connect(settings().database_url, limits=COMMANDS)
    try:
        with patient(lambda: typer.echo(_WAITING, err=True)):
            yield database
    finally:
        database.dispose()
