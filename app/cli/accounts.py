"""The first steps on an empty database, and what administrators can do at the shell only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from sqlmodel import Session

OfOrganization = Annotated[str | None, typer.Option(help="政协组织名称；只有一个时可以不填。")]


def create_organization(
    name: Annotated[str, typer.Argument(help="如：政协云川市委员会")],
    term: Annotated[int, typer.Option(min=1, max=60, help="届次，如 15。")],
    starts_on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="本届起始日期。")],
    ends_on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="本届终止日期。")],
    level: Annotated[Literal["county", "city", "province", "national"], typer.Option(help="层级。")] = "city",
) -> None:
    """Create an organization with its present term: the first step on an empty database."""
    from app.people.service import create_organization, create_term, id_of

    def create(db: Session) -> str:
        organization = create_organization(db, name, level)
        create_term(db, id_of(organization), term, starts_on.date(), ends_on.date())
        return f"已建立{name}。"

    typer.echo(change(create))


def create_admin(
    role: Annotated[str, typer.Argument(help="system_admin、security_admin 或 auditor；三者须是三个账号。")],
    phone: Annotated[str, typer.Argument(help="手机号。")],
    name: Annotated[str, typer.Argument(help="姓名。")],
    organization: OfOrganization = None,
) -> None:
    """Make one of the three separate administrators and print the one-time password."""
    from app.auth.permissions import Role
    from app.auth.service import create_admin
    from app.people.roster_plan import organization_named
    from app.people.service import id_of

    if role not in set(Role):
        raise typer.BadParameter("应为 system_admin、security_admin 或 auditor")
    password = change(
        lambda db: create_admin(db, Role(role), phone, name, id_of(organization_named(db, organization)))
    )
    typer.echo(f"已建立账号，一次性密码：{password}\n首次登录时必须修改。")


def reset_password(
    phone: Annotated[str, typer.Argument(help="手机号。")],
    *,
    organization: OfOrganization = None,
    second_factor: Annotated[bool, typer.Option("--second-factor", help="同时解除动态验证码。")] = False,
) -> None:
    """Give any account a new one-time password; administrators have no other way."""
    from app.auth.service import reset_lost
    from app.people.roster_plan import organization_named
    from app.people.service import id_of

    def reset(db: Session) -> str:
        of = id_of(organization_named(db, organization)) if organization else None
        return reset_lost(db, phone, of, second_factor=second_factor)

    password = change(reset)
    typer.echo(f"一次性密码：{password}\n首次登录时必须修改。")


def verify_audit() -> None:
    """Prove the hash chain of the audit log; exit 1 with the first broken entry."""
    from app.audit.queries import prove
    from app.core.config import settings
    from app.core.db import Database

    with Database.connect(settings().database_url).read.connect() as conn:
        proof = prove(conn)
    if proof["broken"]:
        typer.echo(f"审计记录自第 {proof['broken']} 条起被改动或删除。")
        raise typer.Exit(1)
    typer.echo(f"{proof['checked']} 条审计记录完整无误。")


def change(verb: Callable[[Session], str]) -> str:
    """Run a verb in a transaction of which the audit log hears; a refusal is told in one line."""
    from app.core.config import settings
    from app.core.db import Database
    from app.core.errors import AppError

    import_module("app.people.models")  # accounts refer to its tables
    import_module("app.audit.service")  # the audit log listens
    try:
        with Database.connect(settings().database_url).transaction() as db:
            return verb(db)
    except AppError as e:
        typer.echo(e.detail, err=True)
        raise typer.Exit(1) from None
