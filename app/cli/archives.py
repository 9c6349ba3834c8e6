"""`lvyi backup` and `lvyi restore`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.bars import bars
from app.cli.database import refusals

if TYPE_CHECKING:
    from app.backup.archive import Summary
    from app.core.workbook import Progress


def backup(
    out: Annotated[Path, typer.Argument(dir_okay=False, help="要写出的备份文件，如 lvyi.tar.gz。")],
) -> None:
    """Write database and files to one archive, while the server runs; it restores into either kind of database."""
    from app.backup.archive import backup

    _archive(lambda url, data_dir, progress: backup(url, data_dir, out, progress), "已备份")


def restore(
    archive: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="备份文件。")],
) -> None:
    """Fill the empty database that the settings name, SQLite or PostgreSQL, and the folder of files."""
    from app.backup.archive import restore

    _archive(lambda url, data_dir, progress: restore(archive, url, data_dir, progress), "已恢复")


def _archive(run: Callable[[str, Path, Progress], Summary], done: str) -> None:
    from app.backup.archive import BackupError
    from app.core.config import settings

    try:
        with refusals(), bars() as progress:
            told = run(settings().database_url, settings().data_dir, progress)
    except BackupError as e:
        typer.echo(str(e), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{done} {told.rows} 行数据、{told.files} 个文件。")
    if told.lost:
        typer.echo(f"有 {told.lost} 个文件在磁盘上已经不存在。", err=True)
