"""`lvyi backup`, `lvyi prune-backups` and `lvyi restore`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.database import opened
from app.cli.progress import bars

if TYPE_CHECKING:
    from app.backup.archive import Summary
    from app.core.config import Settings
    from app.core.excel.report import Progress


def backup(
    out: Annotated[
        Path | None,
        typer.Argument(
            dir_okay=False,
            help="要写出的备份文件，如 lvyi.tar.gz。不写时存入数据目录的 backups，读回核对后清理过期的备份。",
        ),
    ] = None,
) -> None:
    """把数据库和文件写入一个备份，服务不用停；有文件丢失或损坏时逐个列出，退出码为 1。"""
    from app.backup import last
    from app.backup.archive import backup

    if out is None:
        _archive(_kept_here, "已备份并核对")
        return

    def run(config: Settings, progress: Progress) -> Summary:
        summary = backup(config.database_url, config.data_dir, out, progress)
        last.note(config.data_dir)
        return summary

    _archive(run, "已备份")


def _kept_here(config: Settings, progress: Progress) -> Summary:
    """A backup in the data folder, as the desk makes them."""
    from functools import partial

    from app.backup.archive import Summary
    from app.core.jobs.short_transactions import write
    from app.operations import backups

    name = backups.new_name()
    with opened() as database:
        note = backups.make_file(database, config, name, progress)
        write(database, partial(backups.told, name=name, note=note, account_id=None, organization_id=None))
    _say_removed(note["removed"])
    return Summary(note["rows"], note["files"], tuple(note["lost"]))


def prune_backups(
    *, dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出将清理的备份，不删除。")] = False
) -> None:
    """按设置清理数据目录中过期的备份；最近一份核对完好的总是保留。"""
    from app.core.config import settings
    from app.core.jobs.short_transactions import write
    from app.main import load_routers
    from app.operations import backups, pruning

    load_routers()  # the audit log listens
    config = settings()
    old = pruning.to_remove(config)
    if dry_run:
        typer.echo("".join(f"将清理 {file.name}\n" for file in old) or "没有过期的备份。", nl=not old)
        return
    with opened() as database:
        write(database, lambda db: backups.tell_removed(db, [file.name for file in old]))
    pruning.remove(old)
    _say_removed([file.name for file in old])
    if not old:
        typer.echo("没有过期的备份。")


def _say_removed(names: list[str]) -> None:
    for name in names:
        typer.echo(f"已清理过期的备份 {name}。")


def restore(
    archive: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="备份文件。")],
    *,
    salvage: Annotated[
        bool, typer.Option("--salvage", help="备份在附件部分残缺时，恢复其中完好的部分。")
    ] = False,
) -> None:
    """恢复到设置所指的空数据库（SQLite 或 PostgreSQL）和文件夹；有文件丢失时逐个列出，退出码为 1。"""
    from app.backup.restore import restore
    from app.cli.server.schema import finish

    def run(config: Settings, progress: Progress) -> Summary:
        summary = restore(archive, config.owner_url, config.data_dir, progress, salvage=salvage)
        finish(config)
        return summary

    _archive(run, "已恢复")


def _archive(run: Callable[[Settings, Progress], Summary], done: str) -> None:
    from app.backup.archive import BackupError
    from app.core.config import settings
    from app.core.jobs.memory import end_loading
    from app.main import load_routers

    load_routers()  # the names of what lost files hang on
    end_loading()
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
