"""What an organization may set for its cases."""

from typing import Annotated, ClassVar

from pydantic import Field

from app.core.organization_settings import Says, SettingsGroup


class CaseRules(SettingsGroup):
    """The day by which cases are answered."""

    group: ClassVar[str] = "cases"
    says: ClassVar[Says] = Says(
        "履职呼叫和企业问题", "答复委员呼叫和企业问题的期限。工作日按法定节假日和调休计算。"
    )

    answer_days: Annotated[
        int,
        Field(ge=1, le=250),
        Says(
            "答复的期限", "受理、交办或重新办理以后，几个工作日内答复。已经开始计算的期限不变。", "个工作日"
        ),
    ] = Field(default=15, description="Working days to the answer.")
