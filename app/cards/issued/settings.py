"""What an organization may set for issued cards."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from app.core.organization_settings import Says, SettingsGroup

Openness = Literal["owner", "closed"]
OPENNESS_LABELS: dict[str, str] = {
    "owner": "颁发时不公开，由委员自己决定公开哪些",
    "closed": "一律不公开，扫码只能核验真伪",
}


class CardRules(SettingsGroup):
    """Issued cards. They are private until their owner shares them: no setting shares them instead."""

    group: ClassVar[str] = "cards"
    says: ClassVar[Says] = Says("纪念卡", "颁发的履职数字纪念卡。卡上的内容在本人公开之前总是不公开的。")

    sharing: Annotated[
        Openness,
        Says(
            "纪念卡的公开", "扫码的人能看到什么。改为一律不公开后，已经公开的卡也不再显示内容，改回来即恢复。"
        ),
        Field(description="`owner`: private until the owner shares it; `closed`: never more than the seal."),
    ] = "owner"

    @property
    def may_share(self) -> bool:
        """Whether owners may share the content of their cards."""
        return self.sharing == "owner"
