"""`lvyi bulletin`: draw up the annual bulletin of an organization, and publish it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.city.accounts import OfOrganization
from app.cli.database import opened

if TYPE_CHECKING:
    from sqlmodel import Session


def bulletin(
    year: Annotated[int, typer.Argument(min=2000, max=2999, help="履职年度。")],
    organization: OfOrganization = None,
    preface: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="前言（UTF-8 文本文件）。")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="更正已发布的通报时，写明原因。")] = None,
    *,
    publish: Annotated[bool, typer.Option("--publish", help="统计后即发布。")] = False,
) -> None:
    """起草一个年度的通报，或重新统计草稿；加 --publish 即发布。"""
    from pydantic import ValidationError

    from app.bulletins import queries, service
    from app.bulletins.schemas import BulletinIn
    from app.core.jobs.short_transactions import write
    from app.core.web.http import field_error
    from app.main import load_routers
    from app.people.duty_years import local_time
    from app.people.roster.plan import organization_named
    from app.people.service import id_of

    load_routers()
    try:
        words = _words(preface) if preface else ""
        new = BulletinIn(duty_year=year, preface=words, reason=reason)
    except ValidationError as e:
        typer.echo("；".join(field_error(one).detail for one in e.errors()), err=True)
        raise typer.Exit(1) from None

    def fix(db: Session) -> tuple[int, int]:
        place = id_of(organization_named(db, organization))
        bulletin_id = queries.draft_of(db.connection(), place, year)
        if bulletin_id is None:
            return place, service.draft(db, place, new).id
        service.fix_again(db, None, bulletin_id, new.preface, new.reason)
        return place, bulletin_id

    with opened() as database:
        place, bulletin_id = write(database, fix)
        service.count(database, place)
        with database.read.connect() as conn:
            label = local_time(conn, place).years.label(year)
            for line in queries.in_words(conn, bulletin_id):
                typer.echo(line)
        if publish:
            write(database, lambda db: service.publish(db, None, bulletin_id))
    typer.echo(f"{label}通报{'已发布' if publish else '已起草'}。")


def _words(file: Path) -> str:
    from app.core.language.text import of_file

    try:
        return of_file(file.read_bytes())
    except ValueError:
        raise typer.BadParameter(f"{file.name} 不是文本文件（UTF-8 或 GB 18030）。") from None
