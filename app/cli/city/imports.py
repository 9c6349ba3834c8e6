"""`lvyi import …`: workbooks and papers of the secretariat, and their templates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from app.cli.city.accounts import OfOrganization
from app.cli.database import opened
from app.cli.progress import bars

if TYPE_CHECKING:
    from app.core.db import Database
    from app.core.excel.report import ImportReport, Progress

imports = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="导入名册、出席情况、平台外履职、资料。"
)
templates = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="写出导入用的空白模板。")
imports.add_typer(templates, name="template")

Workbook = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Excel 工作簿（.xlsx）。")]
OnlyCheck = Annotated[bool, typer.Option("--check", help="只核对，不写入：说明看懂了什么、有哪些错误。")]
Passwords = Annotated[
    Path | None, typer.Option(help="把初始密码写到这个新文件（.xlsx 或 .csv）；不填则不发放密码。")
]
NewWorkbook = Annotated[Path, typer.Argument(dir_okay=False, help="要写出的 .xlsx 文件。")]


@imports.command("roster")
def import_roster(
    file: Workbook,
    organization: OfOrganization = None,
    create_groups: Annotated[
        bool, typer.Option("--create-groups", help="新建名册里有而系统里没有的界别、专委会。")
    ] = False,
    check: OnlyCheck = False,
    passwords: Passwords = None,
) -> None:
    """导入委员名册；有错误时逐条列出，什么也不写入。"""
    from app.people.roster.imports import import_roster

    _import(
        lambda database, progress: import_roster(
            database,
            file,
            organization,
            create_groups=create_groups,
            check=check,
            passwords=passwords,
            progress=progress,
        )
    )


@imports.command("units")
def import_units(
    file: Workbook,
    organization: OfOrganization = None,
    check: OnlyCheck = False,
) -> None:
    """导入承办单位；有错误时逐条列出，什么也不写入。"""
    from app.people.setup.imports import import_units

    _import(
        lambda database, progress: import_units(database, file, organization, check=check, progress=progress)
    )


@imports.command("bodies")
def import_bodies(
    file: Workbook,
    organization: OfOrganization = None,
    check: OnlyCheck = False,
) -> None:
    """导入参加单位（党派、团体、界别、专委会）及其负责人、代表、联系人；有错误时逐条列出，什么也不写入。"""
    from app.people.bodies.imports import import_bodies

    _import(
        lambda database, progress: import_bodies(database, file, organization, check=check, progress=progress)
    )


@imports.command("staff")
def import_staff(
    file: Workbook,
    organization: OfOrganization = None,
    check: OnlyCheck = False,
    passwords: Passwords = None,
) -> None:
    """导入机关工作人员、承办单位人员、领导和信息员的账号；有错误时逐条列出，什么也不写入。"""
    from app.people.setup.imports import import_staff

    _import(
        lambda database, progress: import_staff(
            database, file, organization, check=check, passwords=passwords, progress=progress
        )
    )


@imports.command("duty")
def import_duty(
    file: Workbook,
    organization: OfOrganization = None,
    check: OnlyCheck = False,
) -> None:
    """导入平台以外和历年的履职；有错误时逐条列出，什么也不写入。"""
    from app.duty.imports.service import import_duty

    _import(
        lambda database, progress: import_duty(database, file, organization, check=check, progress=progress)
    )


@imports.command("attendance")
def import_attendance(
    file: Workbook,
    organization: OfOrganization = None,
    year: Annotated[int | None, typer.Option(help="表里日期没有写年份时，指哪一年。")] = None,
    mark: Annotated[
        list[str] | None,
        typer.Option(help="说明表里的一个记号，如 ●=出席；意思可填出席、请假、缺席、未受邀。"),
    ] = None,
    check: OnlyCheck = False,
) -> None:
    """导入一年的出席情况表；有错误时逐条列出，什么也不写入。"""
    from app.activities.attendance.imports import import_attendance

    _import(
        lambda database, progress: import_attendance(
            database, file, organization, year=year, marks=mark or (), check=check, progress=progress
        )
    )


@imports.command("library")
def import_library(
    path: Annotated[Path, typer.Argument(exists=True, help="文件或文件夹：.txt、.md、.jsonl、.xlsx。")],
    organization: OfOrganization = None,
    kind: Annotated[
        Literal["proposal", "opinion_report", "policy", "news"],
        typer.Option(help="没有写明类别的是什么：提案、社情民意信息、政策文件、新闻报道。"),
    ] = "proposal",
    source: Annotated[str | None, typer.Option(help="没有写明来源的从哪里来，如 十四届三次会议。")] = None,
) -> None:
    """导入历年提案、社情民意信息、政策文件和新闻；有错误时逐条列出，什么也不写入。"""
    from app.library.imports import Defaults, import_library
    from app.library.rules import DocumentKind

    defaults = Defaults(DocumentKind(kind), source)
    _import(
        lambda database, progress: import_library(
            database, path, organization, defaults=defaults, progress=progress
        )
    )


@templates.command("roster")
def template_roster(file: NewWorkbook = Path("委员名册.xlsx")) -> None:
    """写出空白的委员名册。"""
    from app.people.roster.imports import template

    _write_template(template, file)


@templates.command("units")
def template_units(file: NewWorkbook = Path("承办单位.xlsx")) -> None:
    """写出空白的承办单位名单。"""
    from app.people.setup.imports import unit_template

    _write_template(unit_template, file)


@templates.command("bodies")
def template_bodies(file: NewWorkbook = Path("参加单位.xlsx")) -> None:
    """写出空白的参加单位名单。"""
    from app.people.bodies.imports import template

    _write_template(template, file)


@templates.command("staff")
def template_staff(file: NewWorkbook = Path("工作人员.xlsx")) -> None:
    """写出空白的工作人员名单。"""
    from app.people.setup.imports import staff_template

    _write_template(staff_template, file)


@templates.command("duty")
def template_duty(file: NewWorkbook = Path("平台外履职.xlsx")) -> None:
    """写出空白的平台外履职表。"""
    from app.duty.imports.service import template

    _write_template(template, file)


@templates.command("attendance")
def template_attendance(file: NewWorkbook = Path("出席情况.xlsx")) -> None:
    """写出带两次示例活动的出席情况表。"""
    from app.activities.attendance.imports import template

    _write_template(template, file)


@templates.command("library")
def template_library(file: NewWorkbook = Path("资料.xlsx")) -> None:
    """写出空白的资料表。"""
    from app.library.imports import template

    _write_template(template, file)


def _write_template(template: Callable[[Path], None], file: Path) -> None:
    if file.exists():
        typer.echo(f"{file} 已经存在。", err=True)
        raise typer.Exit(1)
    template(file)
    typer.echo(f"已写出 {file}。")


def _import(run: Callable[[Database, Progress], ImportReport]) -> None:
    """Run an import with a progress bar for each stage and print its report."""
    from app.main import load_routers

    load_routers()  # the audit log listens
    with opened() as database, bars() as progress:
        report = run(database, progress)
    for line in report.lines():
        typer.echo(line)
    if not report.ok:
        raise typer.Exit(1)
