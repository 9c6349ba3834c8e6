"""The first steps on an empty database, and what administrators can do at the shell only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from app.auth.areas import Area
from app.auth.permissions import PAST, ROLE_LABELS
from app.cli.database import opened

if TYPE_CHECKING:
    from sqlmodel import Session

OfOrganization = Annotated[str | None, typer.Option(help="政协组织名称；只有一个时可以不填。")]
_ROLES = {role.value: label for role, label in ROLE_LABELS.items() if role not in PAST}


def _role(said: str) -> str:
    if said not in _ROLES:
        raise typer.BadParameter(f"没有角色“{said}”，可填：{'、'.join(_ROLES)}")
    return said


def create_organization(
    name: Annotated[str, typer.Argument(help="如：政协云川市委员会")],
    term: Annotated[int, typer.Option(min=1, max=60, help="届次，如 15。")],
    starts_on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="本届起始日期。")],
    ends_on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="本届终止日期。")],
    level: Annotated[Literal["county", "city", "province", "national"], typer.Option(help="层级。")] = "city",
    parent: Annotated[str | None, typer.Option(help="上级政协组织的名称，须已建立。")] = None,
    duty_year_starts: Annotated[
        str, typer.Option(metavar="MM-DD", help="履职年度从哪一天起，如 12-01；年度以结束的那一年命名。")
    ] = "01-01",
    timezone: Annotated[str, typer.Option(help="时区，如 Asia/Urumqi。")] = "Asia/Shanghai",
) -> None:
    """建立政协组织和本届；空数据库的第一步。"""
    from app.people.organizations.service import create_organization
    from app.people.roster.plan import organization_named
    from app.people.service import create_term, id_of

    def create(db: Session) -> str:
        organization = create_organization(
            db,
            name,
            level,
            parent_id=id_of(organization_named(db, parent)) if parent else None,
            duty_year_starts=duty_year_starts,
            timezone=timezone,
        )
        create_term(db, id_of(organization), term, starts_on.date(), ends_on.date())
        return f"已建立{name}。"

    typer.echo(change(create))


def create_account(
    role: Annotated[
        str,
        typer.Argument(
            parser=_role,
            help=f"{'、'.join(f'{role} {label}' for role, label in _ROLES.items())}；三种管理员须是三个账号。",
        ),
    ],
    phone: Annotated[str, typer.Argument(help="手机号。")],
    name: Annotated[str, typer.Argument(help="姓名。")],
    organization: OfOrganization = None,
    unit: Annotated[str | None, typer.Option(help="承办单位名称；承办单位人员必填。")] = None,
    sector: Annotated[str | None, typer.Option(help="界别；委员必填，在本届增加席位。")] = None,
    office: Annotated[
        str | None, typer.Option(help="机关工作人员所在科室；不填的可以办理机关的全部事项。")
    ] = None,
) -> None:
    """建立账号、授予角色并给出一次性密码；手机号已有账号的，只增加角色。"""
    from app.auth.permissions import Role
    from app.people.setup.accounts import NewAccount, create_account

    new = NewAccount(Role(role), phone, name, organization, unit, sector, office)
    password = change(lambda db: create_account(db, new) or "")
    if password:
        typer.echo(f"已建立账号，一次性密码：{password}\n首次登录时必须修改。")
    else:
        typer.echo("这个手机号已有账号，已增加角色，密码不变。")


def create_office(
    name: Annotated[str, typer.Argument(help="如：提案科。")],
    area: Annotated[
        list[Area],
        typer.Option(
            help="职责，可重复：proposals 提案交办和办理、first_review 提案初审、joint_review 提案会审、"
            "final_review 提案复审、information 社情民意信息、liaison 委员联络和履职管理、committees 专委会工作、"
            "general 会议和综合事务、chief 全面工作。"
        ),
    ],
    committee: Annotated[str | None, typer.Option(help="只为哪个专委会工作；职责须是 committees。")] = None,
    organization: OfOrganization = None,
) -> None:
    """建立机关科室，工作人员只能办理所在科室职责内的事项；以后由安全管理员维护。"""
    from app.people.setup.accounts import create_office

    def create(db: Session) -> str:
        create_office(db, name, area, committee, organization)
        return f"已建立科室{name}。"

    typer.echo(change(create))


def reset_password(
    phone: Annotated[str, typer.Argument(help="手机号。")],
    *,
    organization: OfOrganization = None,
    second_factor: Annotated[bool, typer.Option("--second-factor", help="同时解除动态验证码。")] = False,
) -> None:
    """给任一账号新的一次性密码；管理员忘记密码时只有这一个办法。"""
    from app.auth.accounts.service import reset_lost
    from app.people.roster.plan import organization_named
    from app.people.service import id_of

    def reset(db: Session) -> str:
        of = id_of(organization_named(db, organization)) if organization else None
        return reset_lost(db, phone, of, second_factor=second_factor)

    password = change(reset)
    typer.echo(f"一次性密码：{password}\n首次登录时必须修改。")


def change(verb: Callable[[Session], str]) -> str:
    """Run a verb in a transaction that the audit log records."""
    from app.core.jobs.short_transactions import write

    import_module("app.people.models")  # accounts refer to its tables
    import_module("app.audit.service")  # the audit log listens
    import_module("app.notifications.credentials")  # and tells whose password was reset
    with opened() as database:
        return write(database, verb)
