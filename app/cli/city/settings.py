"""`lvyi settings …`: what an organization has set, who changed it, and when its duty years begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.city.accounts import OfOrganization, change

if TYPE_CHECKING:
    from sqlmodel import Session

settings_group = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="组织设置：密码、保存期限、提案期限、履职年度等。"
)
Reason = Annotated[str | None, typer.Option(help="修改的依据，记入历史。")]


@settings_group.command("list")
def list_all(organization: OfOrganization = None) -> None:
    """列出各项设置：代号、现在的值、名称。"""
    from app.core.config import settings
    from app.people.roster.plan import organization_named
    from app.people.service import id_of
    from app.settings.queries import lines

    def read(db: Session) -> str:
        of = id_of(organization_named(db, organization))
        return "\n".join(lines(db.connection(), of, settings()))

    typer.echo(change(read))


@settings_group.command("set")
def set_values(
    values: Annotated[
        list[str],
        typer.Argument(metavar="KEY=VALUE...", help="如 passwords.min_length=12；值为空则恢复默认。"),
    ],
    organization: OfOrganization = None,
    reason: Reason = None,
) -> None:
    """修改一项或几项设置；有一项不对就都不改。"""
    from app.core.errors import Invalid
    from app.people.roster.plan import organization_named
    from app.people.service import id_of
    from app.settings.groups import of_text
    from app.settings.service import set_values as change_all

    def write(db: Session) -> str:
        wrong = next((value for value in values if "=" not in value), None)
        if wrong is not None:
            raise Invalid(f"“{wrong}”应写成 代号=值。", code="bad_value")
        pairs = {key: of_text(key, value) for key, _, value in (one.partition("=") for one in values)}
        change_all(db, id_of(organization_named(db, organization)), pairs, reason=reason)
        return f"已修改{len(pairs)}项设置。"

    typer.echo(change(write))


@settings_group.command("history")
def history(
    organization: OfOrganization = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="列出最近多少条。")] = 50,
) -> None:
    """列出谁在什么时候把什么改成了什么。"""
    from app.core import clock
    from app.core.config import settings
    from app.people.duty_years import local_time
    from app.people.roster.plan import organization_named
    from app.people.service import id_of
    from app.settings.queries import in_words, page_of_changes

    def read(db: Session) -> str:
        conn, of = db.connection(), id_of(organization_named(db, organization))
        zone = local_time(conn, of).zone
        rows = page_of_changes(conn, of, None, settings(), None, limit)["items"]
        lines = [
            f"{clock.local_day(row['changed_at'], zone)}\t{row['label']}"
            f"\t{in_words(row['key'], row['before'])} → {in_words(row['key'], row['after'])}"
            f"\t{row['changed_by'] or '命令行'}\t{row['reason'] or ''}"
            for row in rows
        ]
        return "\n".join(lines) or "还没有修改过设置。"

    typer.echo(change(read))


@settings_group.command("duty-years")
def duty_years(
    starts: Annotated[str, typer.Argument(metavar="MM-DD", help="履职年度从哪一天起，如 12-01。")],
    year: Annotated[
        int | None,
        typer.Option(min=2000, max=2998, help="从哪一年度起，年度以结束的那一年命名；不填为一向如此。"),
    ] = None,
    organization: OfOrganization = None,
    reason: Reason = None,
) -> None:
    """修改履职年度的起始日；之前的一年到新年度的前一天为止，履职记录由后台重新归入年度。"""
    from app.people.duty_years import local_time
    from app.people.roster.plan import organization_named
    from app.people.service import id_of
    from app.settings.schemas import DutyYearsIn
    from app.settings.service import set_years

    def write(db: Session) -> str:
        of = id_of(organization_named(db, organization))
        set_years(db, of, DutyYearsIn.model_construct(starts=starts, year=year, reason=reason))
        local = local_time(db.connection(), of)
        first, last = local.years.days(local.this_year())
        return f"履职年度已修改，本年度为{first}至{last}。"

    typer.echo(change(write))
