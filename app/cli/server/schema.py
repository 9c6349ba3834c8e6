"""`lvyi migrate`: the schema, the rights of the application's role, and the first seal of the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from app.core.config import Settings


def migrate() -> None:
    """把数据库升级到本版本；用 PostgreSQL 时由属主执行，并向应用角色授权。"""
    from app.audit import anchors
    from app.core.config import settings
    from app.core.db import Database
    from app.core.jobs.memory import end_loading
    from app.core.schema import migrations

    end_loading()
    url = settings().owner_url
    migrations.create_file(url)
    database = Database.connect(url, pool=1)
    is_new = migrations.current(database.read) is None
    database.dispose()
    migrations.migrate(url)
    if is_new:
        anchors.replace(settings().data_dir, {})  # of another log, if there are any
    typer.echo(f"数据库已是最新版本 {migrations.head()}。")
    finish(settings())


def finish(config: Settings) -> None:
    """After a migration or restore: grant the application's role its rights, seal and anchor the audit log."""
    from app.audit import service
    from app.audit.models import APPEND_ONLY, NEVER_DELETED
    from app.core.db import Database
    from app.core.schema import grants

    if role := grants.apply(config, append_only=APPEND_ONLY, never_deleted=NEVER_DELETED):
        typer.echo(f"已向应用角色 {role} 授权；它不能修改或删除审计记录。")
    database = Database.connect(config.owner_url, pool=1)
    service.anchor(database)
    database.dispose()
