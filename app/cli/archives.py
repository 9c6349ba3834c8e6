"""`lvyi backup` and `lvyi restore`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.bars import bars

if TYPE_CHECKING:
    from app.backup.archive import Summary
    from app.core.config import Settings
    from app.core.import_report import Progress


def backup(
    out: Annotated[Path, typer.Argument(dir_okay=False, help="要写出的备份文件，如 lvyi.tar.gz。")],
) -> None:
    """把数据库和文件写入一个备份，服务不用停；有文件丢失或损坏时逐个列出，退出码为 1。"""
    from app.backup import last
    from app.backup.archive import backup

    def run(config: Settings, progress: Progress) -> Summary:
        summary = backup(config.database_url, config.data_dir, out, progress)
        last.note(config.data_dir)
        return summary

    _archive(run, "已备份")


def restore(
    archive: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="备份文件。")],
    *,
    salvage: Annotated[
        bool, typer.Option("--salvage", help="备份在附件部分残缺时，恢复其中完好的部分。")
    ] = False,
) -> None:
    """恢复到设置所指的空数据库（SQLite 或 PostgreSQL）和文件夹；有文件丢失时逐个列出，退出码为 1。"""
    from app.backup.restore import restore
    from app.cli.schema import finish

    def run(config: Settings, progress: Progress) -> Summary:
        summary = restore(archive, config.owner_url, config.data_dir, progress, salvage=salvage)
        finish(config)
        return summary

    _archive(run, "已恢复")


def _archive(run: Callable[[Settings, Progress], Summary], done: str) -> None:
    from app.backup.archive import BackupError
    from app.core.config import settings
    from app.main import load_routers

    load_routers()  # the names of what lost files hang on
    try:
        with bars() as progress:
            summary = run(settings(), progress)
    except BackupError as e:
        typer.echo(str(e), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{done} {summary.rows} 行数据、{summary.files} 个文件。")
    if summary.lost:
        typer.echo("以下文件丢失或损坏，其余内容完好：", err=True)
        for line in summary.lost:
            typer.echo(line, err=True)
        raise typer.Exit(1)
