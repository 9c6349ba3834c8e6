"""Whose password or second factor somebody else has reset hears of it: in every organization where they work."""

from collections.abc import Collection

from sqlalchemy import Connection
from sqlmodel import Session

from app.auth import subjects, watch
from app.auth.actor import Actor
from app.auth.watch import Happening
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify

_NEWS = {
    "password.reset": (
        NoticeKind.CREDENTIAL_PASSWORD_RESET,
        "您的登录密码已由管理员重置；如果不是您申请的，请马上联系安全管理员",
    ),
    "session.closed": (
        NoticeKind.CREDENTIAL_SESSION_CLOSED,
        "您在一台设备上的登录已由管理员结束；如果不是您申请的，请马上联系安全管理员",
    ),
    "account.phone_changed": (
        NoticeKind.PERSON_CORRECTED,
        "导入名册时更正了您登录用的手机号码；如果不是您提出的，请马上联系委员联络部门",
    ),
    "second_factor.removed": (
        NoticeKind.CREDENTIAL_SECOND_FACTOR_REMOVED,
        "您的动态验证码已由管理员解除；如果不是您申请的，请马上联系安全管理员",
    ),
}


def _own(_conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    return {actor.account_id} & set(ids)


subjects.register(subjects.Subject("account", "我的账号", _own, "/api/v1/auth/sessions"))


def _tell_owner(db: Session, happening: Happening) -> None:
    """What owners do themselves has no subject and is no news to them."""
    if happening.action in _NEWS and happening.subject and happening.organization_id:
        kind, title = _NEWS[happening.action]
        notify(db, happening.organization_id, [happening.subject[1]], kind, title, happening.subject)


watch.listeners.append(_tell_owner)
