"""What an organization may set for its proposals."""

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints, model_validator

from app.core.organization_settings import Says, SettingsGroup
from app.proposals.assignments.lifecycle import LETTERS, ResultClass
from app.proposals.assignments.rules import Spans
from app.proposals.settings.rules import AskAgain

Days = Annotated[int, Field(ge=1, le=250)]
Months = Annotated[int, Field(ge=1, le=24)]
Letter = Annotated[str, StringConstraints(pattern=r"^[A-D]$")]
_RUNNING = "已经开始计算的期限不变。"


class ProposalRules(SettingsGroup):
    """Reviews, deadlines, signatures, ratings and letters of an organization's proposals."""

    group: ClassVar[str] = "proposals"
    says: ClassVar[Says] = Says("提案", "提案审查、办理的程序和期限。工作日按法定节假日和调休计算。")

    reviews: Annotated[
        int, Field(ge=1, le=3), Says("立案前的审查次数", "1 为初审，2 为初审、会审，3 再加复审。", "次")
    ] = Field(default=1, description="Reviews before filing: 1 初审, 2 初审 and 会审, 3 with 复审.")
    separate_reviewers: Annotated[
        bool, Says("各次审查由不同的人负责", "审查不止一次时，同一件提案不能由一个人审完。")
    ] = Field(default=False, description="Where there are several reviews, nobody does all of one proposal.")
    return_days: Annotated[
        Days,
        Says(
            "申请退办的期限",
            f"承办单位收到交办后，认为不归自己办理的，几个工作日内提出。{_RUNNING}",
            "个工作日",
        ),
    ] = Field(default=5, description="Working days to ask for the return of a wrong assignment.")
    contact_days: Annotated[
        Days,
        Says("首次联系提案人的期限", f"承办单位交办后几个工作日内与提案人取得联系。{_RUNNING}", "个工作日"),
    ] = Field(default=15, description="Working days to the first contact with the author.")
    reply_months: Annotated[Months, Says("答复的期限", f"交办后几个月内答复提案人。{_RUNNING}", "个月")] = (
        Field(default=3, description="Months to the reply.")
    )
    reply_months_most: Annotated[
        Months,
        Says("延期后最长的答复期限", "经同意延期的，最迟在交办后几个月内答复，不短于答复的期限。", "个月"),
    ] = Field(default=6, description="Months to which a reply may be put off.")
    rating_days: Annotated[
        Days, Says("评价的期限", f"提案人收到答复后几个工作日内评价。{_RUNNING}", "个工作日")
    ] = Field(default=15, description="Working days to rate a reply.")
    ask_again: Annotated[
        AskAgain,
        Says(
            "文稿改动后请联名人再次确认",
            "联名人签过的文稿有了哪些改动，要请联名人再次确认。提交时还没有确认的，不计为联名人。",
        ),
    ] = Field(
        default=AskAgain.SUBSTANCE,
        description="After which changes of a text its co-signers confirm again: any, those of title, suggestions or "
        "attachments (substance), or never.",
    )
    hide_raters: Annotated[
        bool, Says("始终不向承办单位显示评价人", "不开启的，提案办结以后承办单位可以看到由谁评价。")
    ] = Field(
        default=False,
        description="Whether units never learn who rated how; else they do once the proposal is closed.",
    )
    letters: Annotated[
        dict[ResultClass, Letter],
        Says("办理结果的类别字母", "答复件上 A、B、C、D 各指哪一种办理结果。"),
    ] = Field(default=LETTERS, description="The letter of each result class.", examples=[{"solved": "A"}])

    @model_validator(mode="after")
    def _in_order(self) -> "ProposalRules":
        if self.reply_months_most < self.reply_months:
            raise ValueError("最长答复期限不能短于答复期限。")
        self.letters = LETTERS | self.letters
        return self

    @property
    def spans(self) -> Spans:
        """The lengths of the deadlines."""
        return Spans(
            self.return_days, self.contact_days, self.reply_months, self.reply_months_most, self.rating_days
        )
