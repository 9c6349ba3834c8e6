"""`lvyi`: each command is thin; it imports only what it needs, so that help answers at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.chinese import speak_chinese
from app.cli.city import accounts
from app.cli.city.bulletins import bulletin
from app.cli.city.cards import cards
from app.cli.city.imports import imports
from app.cli.city.organizations import organizations
from app.cli.city.privacy import privacy
from app.cli.city.settings import settings_group
from app.cli.city.workdays import workdays
from app.cli.database import connected, opened
from app.cli.errors import OneLineErrors
from app.cli.progress import bars
from app.cli.server import archives, proofs, rotation, schema
from app.cli.server.doctor import doctor
from app.cli.server.jobs import jobs
from app.core.jobs.memory import begin_loading

speak_chinese()
app = typer.Typer(
    name="lvyi",
    cls=OneLineErrors,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich takes half a second to load
    help="履易：政协委员履职平台。",
)
app.add_typer(imports, name="import")
app.add_typer(cards, name="cards")
app.add_typer(jobs, name="jobs")
app.add_typer(workdays, name="workdays")
app.add_typer(privacy, name="privacy")
app.add_typer(organizations, name="organizations")
app.add_typer(settings_group, name="settings")
for _command in (
    archives.backup,
    archives.prune_backups,
    archives.restore,
    accounts.create_organization,
    accounts.create_account,
    accounts.create_office,
    accounts.reset_password,
    proofs.verify_audit,
    proofs.seal_audit,
    proofs.verify_files,
    proofs.check_roles,
    schema.migrate,
    rotation.rotate_secret,
    bulletin,
    doctor,
):
    app.command()(_command)

Port = Annotated[int, typer.Option(min=1, max=65535, help="监听端口。")]
Host = Annotated[str, typer.Option(help="监听地址；默认只有本机可以访问。")]


@app.command()
def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: int = 1) -> None:
    """启动服务；数据库须已升级到本版本。"""
    from app import web
    from app.core.config import settings
    from app.core.schema import migrations
    from app.serving import run

    migrations.check_schema_at(settings().database_url)
    typer.echo(f"服务地址：http://{host}:{port}/  工作台：http://{host}:{port}/console/")
    if not web.is_built():
        typer.echo(
            "手机端和工作台还没有构建，首页打不开：请运行 python3 scripts/clients.py 后重新启动。", err=True
        )
    run(host, port, workers)


@app.command()
def seed(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="写入演示城市。")] = False,
    scale: Annotated[float, typer.Option(min=0.05, max=100, help="演示城市的规模，1 为 642 名委员。")] = 1,
) -> None:
    """在空数据库里写入演示城市。"""
    from app.core.config import settings
    from app.demo.fill import fill
    from app.main import load_routers

    if not demo:
        raise typer.BadParameter("目前只能写入演示城市，请加 --demo。")
    load_routers()  # the demo city uses the services: the audit log and others listen
    logins = fill(connected(), settings().data_dir / "files", scale=scale)
    for who in logins:
        typer.echo(f"{who.role}  {who.name}  手机号 {who.phone}  密码 {who.password}")


@app.command()
def demo(host: Host = "127.0.0.1", port: Port = 8000, scale: float = 1) -> None:
    """没有演示城市时先建立，列出可以登录的账号，然后启动服务。"""
    typer.echo("正在启动演示城市……")  # what follows takes seconds to load

    from app.demo.start import prepare
    from app.main import load_routers
    from app.serving import run

    load_routers()  # cards name the subjects of every domain
    prepare(host, port, scale)
    run(host, port)


@app.command()
def worker() -> None:
    """执行后台任务并做清理；用 PostgreSQL 时须另外启动，用 SQLite 时 serve 自己会做。"""
    import os
    import sys

    from app.core import logs
    from app.core.config import settings
    from app.main import load_routers
    from app.worker import run_until_stopped

    logs.configure(settings())
    load_routers()
    typer.echo("后台任务进程已启动。")
    run_until_stopped(settings())
    sys.stdout.flush()
    os._exit(0)  # taking the interpreter apart costs a second of CPU, and what still hangs is in its threads


@app.command()
def openapi(out: Path = Path("openapi/openapi.json")) -> None:
    """写出 OpenAPI 文档和积分办法的 JSON Schema；供开发使用。"""
    import json

    from app.core.config import settings
    from app.main import create_app
    from app.points.engine.yaml_text import schema_text

    out.parent.mkdir(parents=True, exist_ok=True)
    document = create_app(settings()).openapi()
    out.write_text(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    (out.parent / "ruleset.schema.json").write_text(schema_text())


@app.command()
def recount(*, repair: Annotated[bool, typer.Option(help="把计数改正过来。")] = False) -> None:
    """逐项核对计数与缓存；有不一致时列出。"""
    from app.core.sql import snapshot
    from app.duty import recount as counting
    from app.main import load_routers

    load_routers()
    with opened() as database, bars() as progress:
        if repair:
            differences = counting.repair(database, progress)
        else:
            with database.read.connect() as conn, snapshot(conn):
                differences = counting.run(conn, progress)
    for d in differences[:200]:
        typer.echo(f"{d.check} {d.id}：记为 {d.stored}，应为 {d.counted}")
    if differences:
        typer.echo(f"共有 {len(differences)} 处不一致" + ("（计数已改正）。" if repair else "。"))
        raise typer.Exit(1)
    typer.echo("全部一致。")


@app.command()
def reindex() -> None:
    """把已立案、已签发的内容收入资料库并重建索引；随时可以再次执行。"""
    from app.library.service import reindex
    from app.main import load_routers

    load_routers()
    with opened() as database, bars() as progress:
        done = reindex(database, progress)
    typer.echo(f"资料库共 {done} 篇，都已建立索引。")


def main() -> None:
    """Entry point."""
    begin_loading()
    app()
