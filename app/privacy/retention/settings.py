"""How long an organization keeps what is not kept for good."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from app.core.config import Settings
from app.core.organization_settings import Says, SettingsGroup

_MOST_DAYS = 3650


class RetentionRules(SettingsGroup):
    """Days after which the worker erases something."""

    group: ClassVar[str] = "retention"
    says: ClassVar[Says] = Says(
        "保存期限", "到期的数据由后台自动删除，并留下删除了多少的记录。委员在“隐私”页面能看到这些期限。"
    )

    dead_session_days: Annotated[
        int,
        Field(ge=180, le=_MOST_DAYS, description="Sessions that have ended, of accounts that it opened."),
        Says(
            "已失效的登录",
            "登录的时间、设备和网络地址在失效后再保存多少天。按网络安全法，不少于180天。",
            "天",
        ),
    ] = 180
    notification_days: Annotated[
        int,
        Field(ge=30, le=_MOST_DAYS, description="Notifications, read or not."),
        Says("通知", "通知保存多少天，不论是否读过。", "天"),
    ] = 730
    lead_contact_days: Annotated[
        int,
        Field(ge=1, le=_MOST_DAYS, description="Name and contact that a citizen left with a lead."),
        Says("群众留下的联系方式", "群众反映线索时留下的姓名和联系方式保存多少天；线索本身长期保存。", "天"),
    ] = 180
    matter_contact_days: Annotated[
        int,
        Field(ge=1, le=_MOST_DAYS, description="Name and contact left with a matter, after it has ended."),
        Says(
            "协商议题的联系方式",
            "群众和企业提出协商议题时留下的姓名和联系方式，在议题办结（或不予受理、并入、撤回）以后保存多少天；议题本身长期保存。",
            "天",
        ),
    ] = 180

    @classmethod
    def defaults(cls, config: Settings) -> dict[str, Any]:
        """Those of the machine's environment."""
        return {name: getattr(config, name) for name in cls.model_fields}
