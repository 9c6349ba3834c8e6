"""What an organization may set of its privacy notice."""

from typing import Annotated, ClassVar

from pydantic import Field

from app.core.language.text import Line
from app.core.organization_settings import Says, SettingsGroup


class NoticeSettings(SettingsGroup):
    """The part of the privacy notice that each organization writes itself."""

    group: ClassVar[str] = "privacy"
    says: ClassVar[Says] = Says("隐私告知", "委员第一次登录时要同意的隐私告知。")

    contact: Annotated[
        Line,
        Field(max_length=500, description="Whom members may ask; empty: the secretariat is named."),
        Says("联系方式", "写在隐私告知末尾，如：市政协办公室 0571-88880000。不填则写机关的名称。"),
    ] = ""
