"""`lvyi doctor`: whether the server is in order, one line for each thing."""

from __future__ import annotations

from typing import Any

import typer


def doctor() -> None:
    """检查数据库、版本、时钟、磁盘、后台任务、备份、放假安排、推送、字体、网页端和密钥；有需要处理的，退出码为 1。"""
    from app.core.config import settings
    from app.core.db import Database
    from app.core.errors import Unavailable
    from app.core.schema.migrations import has_file
    from app.main import load_routers
    from app.operations import health, machine

    load_routers()  # some have notes of their own
    config = settings()
    found = machine.findings(config)
    _say(found)  # first: it can be said when no database is reachable
    if not has_file(config.database_url):  # it would be created by looking
        raise Unavailable("数据库还没有建立或没有升级，请先运行 lvyi migrate。")
    database = Database.connect(config.database_url, pool=2)
    try:
        with database.read.connect() as conn:
            stored = health.stored(conn, config)
    finally:
        database.dispose()
    _say(stored)
    if faults := sum(not one["ok"] for one in (*found, *stored)):
        typer.echo(f"有 {faults} 项需要处理。")
        raise typer.Exit(1)
    typer.echo("一切正常。")


def _say(found: list[dict[str, Any]]) -> None:
    for one in found:
        typer.echo(f"{'✓' if one['ok'] else '✗'} {one['label']}：{one['detail']}")
