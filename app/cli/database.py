"""The database as commands use it: patient while others write, and every refusal one line in Chinese."""

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
    from app.core.parts import patient

    database = Database.connect(settings().database_url)
    try:
        with refusals(), patient(lambda: typer.echo(_WAITING, err=True)):
            yield database
    finally:
        database.dispose()


@contextmanager
def refusals() -> Iterator[None]:
    """Say in one line why a command ends, where that is no fault of ours."""
    from sqlalchemy.exc import SQLAlchemyError

    from app.core.errors import AppError
    from app.core.http import database_trouble
    from app.core.sheets import UnreadableWorkbookError

    try:
        yield
    except UnreadableWorkbookError as e:
        _refuse(str(e))
    except AppError as e:
        _refuse(e.detail)
    except SQLAlchemyError as e:
        trouble = database_trouble(e)
        if trouble is None:
            raise
        _refuse(f"{trouble.detail}重新运行同一命令即可继续，已写入的不会重复。")


def _refuse(detail: str) -> None:
    typer.echo(detail, err=True)
    raise typer.Exit(1)
