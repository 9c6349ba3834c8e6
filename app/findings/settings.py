"""What an organization may set for its suggestions."""

from typing import Annotated, ClassVar

from pydantic import Field

from app.core.organization_settings import Says, SettingsGroup


class FindingRules(SettingsGroup):
    """The day by which suggestions are answered."""

    group: ClassVar[str] = "findings"
    says: ClassVar[Says] = Says(
        "意见建议", "单位答复委员和协商会议所提建议的期限。工作日按法定节假日和调休计算。"
    )

    answer_days: Annotated[
        int,
        Field(ge=1, le=250),
        Says(
            "答复的期限",
            "交办以后几个工作日内答复；交办时也可另行写明。已经开始计算的期限不变。",
            "个工作日",
        ),
    ] = Field(default=20, description="Working days to the answer.")
