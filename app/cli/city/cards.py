"""`lvyi cards …`: posters, the issue of everybody's cards, and the key that signs them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.city.accounts import OfOrganization
from app.cli.database import opened
from app.cli.progress import bars

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.core.db import Database

cards = typer.Typer(no_args_is_help=True, help="履职纪念卡：海报、颁发、签名密钥。")


@contextmanager
def _open() -> Iterator[tuple[Settings, Database]]:
    from app.cards.issued import keys
    from app.core.config import settings

    keys.configure(settings())
    with opened() as database:
        yield settings(), database


def _organization(database: Database, name: str | None) -> int:
    from sqlmodel import Session

    from app.people.roster.plan import organization_named
    from app.people.service import id_of

    with database.read.connect() as conn, Session(conn) as db:
        return id_of(organization_named(db, name))


@cards.command()
def posters(
    out: Annotated[Path, typer.Option(file_okay=False, help="写出海报的文件夹。")],
    year: Annotated[int | None, typer.Option(min=2000, max=2100, help="履职年度；不填为整届。")] = None,
    organization: OfOrganization = None,
) -> None:
    """绘制每名委员的海报；再次执行时只重画有变化的。"""
    from os import cpu_count

    from app.auth.keys.tokens import tokens_of
    from app.cards.batch import render_all
    from app.cards.codes import Verifier
    from app.main import load_routers

    load_routers()
    with _open() as (config, database), bars() as progress:
        drawn = render_all(
            database,
            _organization(database, organization),
            str(year) if year else "term",
            out,
            Verifier(config.public_url, tokens_of(config)),
            workers=cpu_count() or 1,
            progress=lambda done, total: progress("海报", done, total),
        )
    typer.echo(f"新绘制 {drawn} 张海报，在 {out}。")


@cards.command()
def issue(
    period: Annotated[str, typer.Option(help="已经结束的履职年度，如 2025；term 为最近结束的一届。")],
    organization: OfOrganization = None,
) -> None:
    """颁发一个时期全体委员的纪念卡，每人一次；中断后再次执行即继续。"""
    import re

    from app.cards.issued import batches
    from app.core.jobs.short_transactions import write
    from app.main import load_routers

    if not re.fullmatch("term|[12][0-9]{3}", period):
        raise typer.BadParameter("应为年份或 term")
    load_routers()
    with _open() as (_, database), bars() as progress:
        organization_id = _organization(database, organization)
        batch_id = write(database, lambda db: batches.begin(db, organization_id, period))
        finished = False
        while not finished:
            now = batches.step(database, batch_id)
            progress("颁发", now.done, now.total)
            finished = now.finished
    typer.echo(f"共 {now.total} 名委员，新颁发 {now.issued} 张纪念卡。")


@cards.command()
def rotate_key() -> None:
    """启用新的签名密钥；旧密钥不再使用，已颁发的仍然有效。"""
    from app.cards.issued import keys
    from app.core.jobs.short_transactions import write

    with _open() as (_, database):
        key_id = write(database, lambda db: keys.rotate(db.connection()))
    typer.echo(f"已启用新的签名密钥 {key_id}。")
