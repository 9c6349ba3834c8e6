"""How commands fail: in one Chinese line with exit code 1; only a fault of the program itself shows a traceback."""

from __future__ import annotations

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from app.cli.chinese import in_chinese

UsageError: Any = typer.BadParameter.__base__


class OneLineErrors(TyperGroup):
    """The group of all commands."""

    def main(self, *args: Any, standalone_mode: bool = True, **options: Any) -> Any:
        """As the library does it; what was typed wrongly is answered in Chinese."""
        library: Any = super().main
        if not standalone_mode:
            return library(*args, standalone_mode=False, **options)
        try:
            done = library(*args, standalone_mode=False, **options)
        except typer.Abort:
            sys.exit(1)
        except UsageError as error:
            usage = f"{error.ctx.get_usage()}\n" if error.ctx else ""
            typer.echo(f"{usage}{in_chinese(error.format_message())}", err=True)
            sys.exit(error.exit_code)
        sys.exit(done if isinstance(done, int) else 0)

    def invoke(self, ctx: Any) -> Any:
        """Run a command; print what was refused, or what is out of reach, in one line."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            sentence = _sentence(error)
            if sentence is None:
                raise
            typer.echo(sentence, err=True)
            raise typer.Exit(1) from None


def _sentence(error: Exception) -> str | None:
    """What went wrong, in Chinese; None for a fault of the program."""
    from pydantic import ValidationError

    from app.core.config import settings
    from app.core.database.driver_errors import database_trouble
    from app.core.errors import AppError
    from app.core.schema.migrations import has_file
    from app.core.web.http import field_error

    if isinstance(error, AppError):
        return error.detail
    if isinstance(error, ValidationError) and error.title == "Settings":
        faults = [
            f"LVYI_{'_'.join(map(str, e['loc'])).upper()} {field_error(e).detail}" for e in error.errors()
        ]
        return f"设置有误：{'；'.join(faults)}。"
    missing = "unable to open database file" in str(error) and not has_file(settings().database_url)
    if missing or "no such table" in str(error) or "UndefinedTable" in repr(error):
        return "数据库还没有建立或没有升级，请先运行 lvyi migrate。"
    trouble = database_trouble(error)
    if trouble is None:
        return None
    if trouble.code == "unavailable":
        return "连不上数据库，请检查 LVYI_DATABASE_URL 和数据库服务。"
    return f"{trouble.detail}重新运行同一命令即可继续，已写入的不会重复。"
