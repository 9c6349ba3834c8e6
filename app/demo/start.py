"""`lvyi demo`: an embedded database with the demo city, made once, ready to be served on this machine."""

import os
import shutil
import socket
import sys
from pathlib import Path

import segno
import typer
from sqlalchemy import func, select, update

from app.cards.issued import batches, keys
from app.cards.models import IssuedCard
from app.core import clock
from app.core.config import settings
from app.core.db import Database
from app.core.schema import migrations
from app.core.sql import table
from app.demo.city.roster import DemoLogin
from app.demo.fill import fill
from app.people.models import Term
from app.people.roster.plan import organization_named
from app.people.service import id_of

FOLDER = Path("var/demo")
LOCAL = "127.0.0.1"


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
    address = f"http://{reachable(host)}:{port}"
    os.environ["LVYI_PUBLIC_URL"] = address
    os.environ["LVYI_SECURE_COOKIES"] = (
        "false"  # whatever `.env` says of another server: this one speaks plain HTTP
    )
    os.environ.setdefault("LVYI_LOG_LEVEL", "WARNING")
    os.environ.setdefault("LVYI_STAFF_SECOND_FACTOR", "optional")  # visitors try many accounts
    settings.cache_clear()
    if not made.exists():
        shutil.rmtree(FOLDER, ignore_errors=True)  # what an interrupted first start left behind
        FOLDER.mkdir(parents=True)
    migrations.upgrade(settings().database_url)
    if not made.exists():
        database = Database.connect(settings().database_url)
        logins = fill(database, FOLDER / "files", scale=scale)
        _issue_cards(database)
        database.dispose()
        _print_logins(logins)
        made.write_text("".join(f"{_account(who)}\n" for who in logins))
    else:
        typer.echo("演示账号（密码只在建立时显示；重设密码的命令见下）：")
        typer.echo(made.read_text(), nl=False)
        typer.echo(
            f"重设密码：LVYI_DATABASE_URL={settings().database_url} {sys.argv[0]} reset-password 手机号"
        )
        database = Database.connect(settings().database_url)
        if is_over(database):
            typer.echo(f"注意：演示城市的本届任期已满，委员不能再登录；要重新建立，请停止后删除 {FOLDER}。")
        database.dispose()
    typer.echo(
        f"履易演示城市：{address} ，工作台 {address}/console/ ，接口文档 {address}/api/docs （Ctrl-C 停止，数据保留在 {FOLDER}）"
    )
    if host != LOCAL:
        typer.echo("同一网络里的手机扫码打开：")
        segno.make(address).terminal(compact=True)


def is_over(database: Database) -> bool:
    """Whether the term in which the city lives has ended: its members cannot log in any more."""
    with database.read.connect() as conn:
        last_day = conn.scalar(select(func.max(table(Term).c.ends_on)))
    return last_day is not None and last_day < clock.local_day(clock.now())


def _issue_cards(database: Database) -> None:
    """Have last year's cards issued, by the worker while the city is served already; some of the first are shared."""
    keys.configure(settings())
    last_year = clock.local_day(clock.now()).year - 1
    card = table(IssuedCard)
    with database.transaction() as db:
        batch_id = batches.begin(db, id_of(organization_named(db, None)), str(last_year))
    batches.step(database, batch_id)
    with database.transaction() as db:
        db.execute(update(card).where(card.c.seat_id % 3 == 0).values(sharing="all"))


def reachable(host: str) -> str:
    """The address under which others reach a server that listens on `host`; the machine's own when it is all of them."""
    if host != "0.0.0.0":  # noqa: S104 - only compared
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: asks which way the machine would take
        except OSError:
            return LOCAL
        found: str = probe.getsockname()[0]
        return found


def _print_logins(logins: list[DemoLogin]) -> None:
    typer.echo("演示账号（密码随机生成，只显示这一次）：")
    for who in logins:
        typer.echo(f"{_account(who)}  密码 {who.password}")


def _account(who: DemoLogin) -> str:
    return f"  {who.role}  {who.name}  手机号 {who.phone}"
