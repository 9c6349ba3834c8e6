"""`lvyi jobs …`: what waits for the worker, what was given up, and one more try for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.database import connected

if TYPE_CHECKING:
    from sqlmodel import Session

jobs = typer.Typer(
    no_args_is_help=False,
    invoke_without_command=True,
    rich_markup_mode=None,
    help="后台任务：查看，重试。不加命令时与 list 相同。",
)

JobId = Annotated[int | None, typer.Argument(metavar="任务", help="list 列出的任务编号。")]
EveryJob = Annotated[bool, typer.Option("--all", help="所有已停止重试的任务。")]


@jobs.callback()
def default(context: typer.Context) -> None:
    """List when nothing else is asked for."""
    if context.invoked_subcommand is None:
        list_jobs()


@jobs.command("list")
def list_jobs() -> None:
    """查看有没有进程在执行、哪些在等待、哪些已停止重试；有异常时退出码为 1。"""
    from app.core import outbox
    from app.core.jobs import workers

    database = connected()
    with database.read.connect() as conn:
        now = workers.background(conn)
        for row in conn.execute(outbox.failed()).all():
            typer.echo(f"已停止重试：任务 {row.id}（{row.kind}）：{row.error}")
    typer.echo(f"等待执行的任务 {now.waiting} 项，已停止重试的 {now.given_up} 项。")
    if now.notice:
        typer.echo(now.notice, err=True)
        raise typer.Exit(1)


@jobs.command("retry")
def retry(job: JobId = None, *, every: EveryJob = False) -> None:
    """让已停止重试的任务重新执行：一项，或用 --all 全部；记入审计日志。"""
    from app.cli.city.accounts import change

    if (job is None) is not every:
        raise typer.BadParameter("请写一个任务编号，或者用 --all，二者选一。")

    def write(db: Session) -> str:
        from app.operations.jobs import retry_given_up

        return f"{retry_given_up(db, job)} 项任务将重新执行。"

    typer.echo(change(write))
