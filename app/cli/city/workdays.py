"""`lvyi workdays …`: the working days of all organizations; staff of one set those of their own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.city.accounts import change

if TYPE_CHECKING:
    from sqlmodel import Session

workdays = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="全国统一的放假和调休安排，对本机所有政协组织生效。"
)

_DAY = ["%Y-%m-%d"]
First = Annotated[datetime, typer.Argument(formats=_DAY, help="第一天，如 2027-10-01。")]
Last = Annotated[datetime | None, typer.Option("--to", formats=_DAY, help="最后一天；不填只有一天。")]
Name = Annotated[str, typer.Option(help="节日名称，如：国庆节；调休上班填：国庆节调休。")]
Works = Annotated[bool, typer.Option("--work/--off", help="上班还是放假。")]


@workdays.command("set")
def set_days(first: First, name: Name, works: Works, last: Last = None) -> None:
    """设置从某天到 --to 各天是上班还是放假，对所有政协组织生效。"""
    from app.core.errors import Invalid
    from app.workdays.schemas import DatedWorkdayIn
    from app.workdays.service import override_national

    count = ((last or first) - first).days + 1
    days = [first.date() + timedelta(days=n) for n in range(count)]

    def write(db: Session) -> str:
        if not 1 <= count <= 366:  # noqa: PLR2004 - a year
            raise Invalid("结束日期不能早于开始日期，一次最多设置366天。", code="bad_period")
        override_national(db, [DatedWorkdayIn(day=day, is_workday=works, name=name) for day in days])
        return f"已设置{count}天：{name}，{'上班' if works else '放假'}。"

    typer.echo(change(write))


@workdays.command("restore")
def restore(day: Annotated[datetime, typer.Argument(formats=_DAY, help="哪一天。")]) -> None:
    """取消某一天的设置，恢复官方安排。"""
    from app.core.errors import NotFound
    from app.workdays.service import restore_national

    def write(db: Session) -> str:
        try:
            restore_national(db, day.date())
        except NotFound:
            raise NotFound("这一天没有全国统一的设置。") from None
        return f"已恢复{day:%Y-%m-%d}的官方安排。"

    typer.echo(change(write))
