"""`lvyi privacy …`: requests about personal data, the contact in the privacy notice, what was erased."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.city.accounts import OfOrganization, change

if TYPE_CHECKING:
    from sqlmodel import Session

privacy = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="个人信息：隐私告知的联系方式、委员的申请、到期删除的记录。",
)


@privacy.command("contact")
def contact(
    text: Annotated[str, typer.Argument(help="写进隐私告知的联系方式，如：市政协办公室 0571-88880000。")],
    organization: OfOrganization = None,
) -> None:
    """设置隐私告知里的联系方式。"""
    from app.people.organizations.service import change_settings
    from app.people.roster.plan import organization_named
    from app.people.service import id_of
    from app.privacy.notice.settings import NoticeSettings

    def write(db: Session) -> str:
        of = id_of(organization_named(db, organization))
        change_settings(db, of, NoticeSettings, {"contact": text.strip()})
        return "隐私告知的联系方式已更新。"

    typer.echo(change(write))


@privacy.command("requests")
def requests(organization: OfOrganization = None) -> None:
    """列出尚未办结的更正和删除申请。"""
    from sqlalchemy import select

    from app.auth.models import Account
    from app.core.sql import table
    from app.people.roster.plan import organization_named
    from app.people.service import id_of
    from app.privacy.lifecycle import FIELD_LABELS, KIND_LABELS, LIFECYCLE, RequestState
    from app.privacy.models import PersonalRequest

    r, a = table(PersonalRequest), table(Account)

    def read(db: Session) -> str:
        of = id_of(organization_named(db, organization))
        open_ = r.c.state.in_([RequestState.SUBMITTED, RequestState.ACCEPTED])
        listed = select(r, a.c.name).join(a, a.c.id == r.c.account_id)
        rows = db.execute(listed.where(r.c.organization_id == of, open_).order_by(r.c.id)).all()
        lines = [
            f"{row.id}\t{row.name}\t{FIELD_LABELS[row.field] if row.field else KIND_LABELS[row.kind]}"
            f"\t{row.value or ''}\t{LIFECYCLE.labels[row.state]}"
            for row in rows
        ]
        return "\n".join(lines) or "没有待办的申请。"

    typer.echo(change(read))


@privacy.command("decide")
def decide(
    request: Annotated[int, typer.Argument(help="申请的编号，见 lvyi privacy requests。")],
    action: Annotated[str, typer.Argument(help="accept 受理、decline 不同意、finish 办结。")],
    by: Annotated[str, typer.Option(help="办理人的手机号码，须是机关工作人员。")],
    reason: Annotated[str | None, typer.Option(help="不同意的理由，委员会看到。")] = None,
) -> None:
    """以某位工作人员的名义办理一份申请。"""
    from app.core.errors import NotFound
    from app.main import load_routers
    from app.privacy.lifecycle import RequestAction
    from app.privacy.schemas import RequestStepIn
    from app.privacy.service import staff_with_phone, transition

    load_routers()
    if action not in set(RequestAction):
        raise typer.BadParameter("应为 accept、decline 或 finish")

    def write(db: Session) -> str:
        try:
            done = transition(
                db,
                staff_with_phone(db, by, request),
                request,
                RequestStepIn(action=RequestAction(action), reason=reason),
            )
        except NotFound:
            raise NotFound("没有这个编号的申请，或者办理人不是该组织的机关工作人员。") from None
        return f"{done.name}：{done.kind_label}，{done.state_label}。"

    typer.echo(change(write))


@privacy.command("erased")
def erased(limit: Annotated[int, typer.Option(help="最近多少次。")] = 50) -> None:
    """查看最近到期删除了什么：时间、类别、数量。"""
    from sqlalchemy import select

    from app.core.sql import table
    from app.privacy.models import RetentionRun
    from app.privacy.retention.cleaning import RULES

    labels, t = {rule.kind: rule.label for rule in RULES}, table(RetentionRun)

    def read(db: Session) -> str:
        rows = db.execute(select(t).order_by(t.c.id.desc()).limit(limit)).all()
        lines = [f"{row.at:%Y-%m-%d %H:%M}\t{labels.get(row.kind, row.kind)}\t{row.erased}" for row in rows]
        return "\n".join(lines) or "还没有删除过。"

    typer.echo(change(read))
