"""`lvyi jobs`: what waits for the worker, and what was given up."""

from __future__ import annotations

from typing import Annotated

import typer


def jobs(
    *,
    retry: Annotated[bool, typer.Option("--retry", help="让已停止重试的任务重新执行。")] = False,
) -> None:
    """查看后台任务：有没有进程在执行、哪些在等待、哪些已放弃；有异常时退出码为 1。"""
    from app.core import outbox, workers
    from app.core.config import settings
    from app.core.db import Database

    database = Database.connect(settings().database_url)
    if retry:
        with database.transaction() as db:
            typer.echo(f"{outbox.try_again(db)} 项任务将重新执行。")
    with database.read.connect() as conn:
        now = workers.background(conn)
        for row in conn.execute(outbox.failed()).all():
            typer.echo(f"已停止重试：任务 {row.id}（{row.kind}）：{row.error}")
    typer.echo(f"等待执行的任务 {now.waiting} 项，已停止重试的 {now.given_up} 项。")
    if now.notice:
        typer.echo(now.notice, err=True)
        raise typer.Exit(1)
