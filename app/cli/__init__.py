"""`lvyi`: each command is thin; it imports only what it needs, so that help answers at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli import accounts, archives
from app.cli.bars import bars
from app.cli.bulletins import bulletin
from app.cli.cards import cards
from app.cli.imports import imports
from app.cli.privacy import privacy
from app.cli.workdays import workdays

app = typer.Typer(
    name="lvyi",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich takes half a second to load
    help="履易：政协委员履职平台。",
)
app.add_typer(imports, name="import")
app.add_typer(cards, name="cards")
app.add_typer(workdays, name="workdays")
app.add_typer(privacy, name="privacy")
for _command in (
    archives.backup,
    archives.restore,
    accounts.create_organization,
    accounts.create_admin,
    accounts.reset_password,
    accounts.verify_audit,
    bulletin,
):
    app.command()(_command)

Port = Annotated[int, typer.Option(min=1, max=65535, help="监听端口。")]
Host = Annotated[str, typer.Option(help="监听地址；默认只有本机可以访问。")]


@app.command()
def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: int = 1) -> None:
    """Serve the API; the database must be migrated."""
    from app.serving import run

    run(host, port, workers)


@app.command()
def seed(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="写入演示城市。")] = False,
    scale: Annotated[float, typer.Option(min=0.05, max=100, help="演示城市的规模，1 为 642 名委员。")] = 1,
) -> None:
    """Fill an empty database with the demo city."""
    from app.core.config import settings
    from app.core.db import Database
    from app.demo.fill import fill

    if not demo:
        raise typer.BadParameter("目前只能写入演示城市，请加 --demo。")
    logins = fill(Database.connect(settings().database_url), settings().data_dir / "files", scale=scale)
    for who in logins:
        typer.echo(f"{who.role}  {who.name}  手机号 {who.phone}  密码 {who.password}")


@app.command()
def demo(host: Host = "127.0.0.1", port: Port = 8000, scale: float = 1) -> None:
    """Make the demo city when there is none yet, print who can log in, and serve it."""
    typer.echo("正在启动演示城市……")  # what follows takes seconds to load

    from app.demo.start import prepare
    from app.serving import run

    prepare(host, port, scale)
    run(host, port)


@app.command()
def worker() -> None:
    """Run jobs and clean up, beside `serve` on PostgreSQL; on SQLite `serve` does it itself."""
    from app.core import logs
    from app.core.config import settings
    from app.main import load_routers
    from app.worker import run_until_stopped

    logs.configure(settings())
    load_routers()
    run_until_stopped(settings())


@app.command()
def migrate() -> None:
    """Bring the database to this release."""
    from app.core import migrations
    from app.core.config import settings

    if settings().database_url.startswith("sqlite:///"):
        Path(settings().database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    migrations.upgrade(settings().database_url)
    typer.echo(f"数据库已是最新版本 {migrations.head()}。")


@app.command()
def openapi(out: Path = Path("openapi/openapi.json")) -> None:
    """Write the OpenAPI document, and beside it the JSON Schema of rulesets."""
    import json

    from app.core.config import settings
    from app.main import create_app
    from app.points.ruleset_text import schema_text

    out.parent.mkdir(parents=True, exist_ok=True)
    document = create_app(settings()).openapi()
    out.write_text(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    (out.parent / "ruleset.schema.json").write_text(schema_text())


@app.command()
def recount(*, repair: Annotated[bool, typer.Option(help="把计数改正过来。")] = False) -> None:
    """Prove every counter and cache against its rows; exit 1 when anything differs."""
    from app.cli.bars import bars
    from app.core.config import settings
    from app.core.db import Database
    from app.duty import recount as counting
    from app.main import load_routers

    load_routers()
    database = Database.connect(settings().database_url)
    engine = database.write if repair else database.read  # who only looks holds up no writer
    with bars() as progress, engine.begin() as conn:
        differences = counting.run(conn, repair=repair, progress=progress)
    for d in differences[:200]:
        typer.echo(f"{d.check} {d.id}：记为 {d.stored}，应为 {d.counted}")
    if differences:
        typer.echo(f"共有 {len(differences)} 处不一致" + ("（计数已改正）。" if repair else "。"))
        raise typer.Exit(1)
    typer.echo("全部一致。")


@app.command()
def reindex() -> None:
    """Gather what was filed and issued into the library and build its index anew; may be run again at any time."""
    from app.core.config import settings
    from app.core.db import Database
    from app.library.service import reindex
    from app.main import load_routers

    load_routers()
    with bars() as progress:
        done = reindex(Database.connect(settings().database_url), progress)
    typer.echo(f"资料库共 {done} 篇，都已建立索引。")


def main() -> None:
    """Entry point."""
    app()
