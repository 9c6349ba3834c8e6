"""How long each kind of data is kept. The worker erases what is over, and writes down how much of which kind."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlmodel import Session

from app.auth.accounts import revocation as auth
from app.auth.sessions import attempts
from app.consultations.matters.strangers import service as matters
from app.core import clock, live, outbox
from app.core.config import Settings
from app.core.db import Database
from app.core.jobs.short_transactions import write
from app.core.organization_settings import all_stored
from app.core.web import idempotency
from app.files import service as files
from app.imports import service as imports
from app.notifications import service as notifications
from app.opinions.leads import service as leads
from app.privacy.models import RetentionRun
from app.privacy.retention.settings import RetentionRules


@dataclass(frozen=True)
class RetentionRule:
    """A kind of data, how long it is kept in the words that members read, and what erases the rest and counts it.

    `setting` names the days that an organization sets for it; `erase` is given them by organization.
    """

    kind: str
    label: str
    erase: Callable[[Session, dict[int, int]], int]
    kept: str = "1天"
    setting: str | None = None


RULES = (
    RetentionRule("idempotency_key", "防止重复提交的编号", lambda db, _: idempotency.forget_old(db)),
    RetentionRule("event", "实时提醒", lambda db, _: live.forget_old(db), f"{live.KEPT.days}天"),
    RetentionRule("job", "后台任务", lambda db, _: outbox.forget_old(db), f"{outbox.KEPT.days}天"),
    RetentionRule("login_attempt", "登录失败次数", lambda db, _: attempts.forget_old(db)),
    RetentionRule(
        "login_session",
        "已失效的登录（时间、设备、网络地址）",
        auth.forget_sessions,
        setting="dead_session_days",
    ),
    RetentionRule("notification", "通知", notifications.forget_old, setting="notification_days"),
    RetentionRule(
        "lead_contact",
        "群众反映线索时留下的姓名和联系方式",
        leads.forget_contacts,
        setting="lead_contact_days",
    ),
    RetentionRule(
        "matter_contact",
        "群众和企业提出协商议题时留下的姓名和联系方式",
        matters.forget_contacts,
        setting="matter_contact_days",
    ),
    RetentionRule(
        "sheet_import",
        "导入的表格和核对结果",
        lambda db, _: imports.forget_old(db),
        f"{imports.KEPT.days}天",
    ),
    RetentionRule("file", "没有用上的附件", lambda db, _: files.forget_unattached(db)),
)
#: What is not erased, and why.
FOREVER = (
    ("履职记录、提案、社情民意信息、会议出席、年度通报、纪念卡", "按照档案管理的规定长期保存"),
    ("未提交的草稿", "由您自己保存和删除"),
    ("工作人员的内部备注", "随所备注的材料长期保存，作者删除的不再保留内容"),
    ("审计日志", "不少于半年，不作删除"),
    ("同意隐私告知的记录、更正和删除的申请", "作为处理依据保存"),
)


def apply(database: Database, config: Settings) -> None:
    """Erase what is over, of every kind."""
    for rule in RULES:
        erase(database, config, rule)


def erase(database: Database, config: Settings, rule: RetentionRule) -> None:
    """Erase what is over of one kind, some in each transaction, which also writes its line in the log."""

    def some(db: Session) -> int:
        if erased := rule.erase(db, _days(db.connection(), config, rule)):
            db.add(RetentionRun(at=clock.now(), kind=rule.kind, erased=erased))
        return erased

    while write(database, some):
        pass


def _days(conn: Connection, config: Settings, rule: RetentionRule) -> dict[int, int]:
    """How many days each organization keeps a kind; nothing where organizations have no say."""
    if rule.setting is None:
        return {}
    return {
        of: getattr(RetentionRules.read(stored, config), rule.setting)
        for of, stored in all_stored(conn).items()
    }


def table(conn: Connection, organization_id: int, config: Settings) -> list[dict[str, str]]:
    """What an organization keeps how long, as members read it."""
    own = RetentionRules.of(conn, organization_id, config)
    kept = [
        {"label": rule.label, "kept": f"{getattr(own, rule.setting)}天" if rule.setting else rule.kept}
        for rule in RULES
    ]
    return kept + [{"label": label, "kept": reason} for label, reason in FOREVER]
