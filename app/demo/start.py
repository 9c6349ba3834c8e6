"""`lvyi demo`: an embedded database with the demo city, made once, ready to be served on this machine."""

import os
import shutil
import socket
from pathlib import Path

import typer

from app.core import migrations
from app.core.config import settings
from app.core.db import Database
from app.demo.fill import fill
from app.demo.roster import DemoLogin

FOLDER = Path("var/demo")


def prepare(host: str, port: int, scale: float) -> None:
    """Settings and data for a demo city in `FOLDER` at `host:port`; a second start keeps the data."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as e:
            typer.echo(f"{host}:{port} 已被占用，请换一个端口，例如 make demo PORT={port + 1}", err=True)
            raise typer.Exit(1) from e
    made = FOLDER / "made"
    os.environ["LVYI_DATABASE_URL"] = f"sqlite:///{FOLDER / 'lvyi.sqlite3'}"
    os.environ["LVYI_DATA_DIR"] = str(FOLDER)
    os.environ["LVYI_PUBLIC_URL"] = f"http://{host}:{port}"
    os.environ.setdefault("LVYI_LOG_LEVEL", "WARNING")
    settings.cache_clear()
    if not made.exists():
        shutil.rmtree(FOLDER, ignore_errors=True)  # what an interrupted first start left behind
        FOLDER.mkdir(parents=True)
    migrations.upgrade(settings().database_url)
    if not made.exists():
        database = Database.connect(settings().database_url)
        _print_logins(fill(database, FOLDER / "files", scale=scale))
        database.dispose()
        made.touch()
    typer.echo(f"履易演示城市:http://{host}:{port}/api/docs  (Ctrl-C 停止，数据保留在 {FOLDER})")


def _print_logins(logins: list[DemoLogin]) -> None:
    typer.echo("演示账号(密码随机生成，只显示这一次；忘记了就删除 var/demo 重新开始):")
    for who in logins:
        typer.echo(f"  {who.role}  {who.name}  手机号 {who.phone}  密码 {who.password}")
