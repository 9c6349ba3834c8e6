"""The registered kinds of duty: each is one row, with all that the house knows of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from app.duty.forms import ACTIVITIES, OPINIONS, PROPOSALS, SERVICES, SPEECHES
from app.duty.measures import rules
from app.duty.measures.rules import MEASURES, Amounts, Measure

#: What a spreadsheet may call a kind, beside its label; None where the platform alone records it.
Words = tuple[str, ...] | None


@dataclass(frozen=True)
class DutyKind:
    """One kind of duty, `noun.verb`; a row that leaves out a column without a default is no row.

    `own_act`: done by the member on a day of their own, so that it counts among acts, days and streaks; other kinds
    are done to a member's work, or are no act. `missed`: nothing was done. `writing`: its title stands in 《》, of
    others in “”. `counts`: what its quantity counts. `measures`: what its records may say came of it.
    `single`: one live record for each seat, subject and role.
    `open`: seen by all members. `by_hand`: staff may record it, and members claim it.
    """

    name: str
    label: str
    icon: str
    subject_type: str
    unit: str = "次"
    counts: str | None = None
    measures: tuple[Measure, ...] = ()
    forms: Mapping[str, str] = field(default_factory=dict)
    missed: bool = False
    single: bool = True
    open: bool = True
    by_hand: bool = False
    own_act: bool = field(kw_only=True)
    writing: bool = field(kw_only=True)
    words: Words = field(kw_only=True)

    @property
    def record_unit(self) -> str:
        """What its records count, where their quantities are not added up."""
        return "次" if self.unit == self.counts else self.unit

    @property
    def quantity_unit(self) -> str:
        """What its quantities count."""
        return self.counts or self.unit

    def form_fault(self, form: str | None) -> str | None:
        """What is wrong with the form that is said of it; None when nothing is."""
        if form is None or form in self.forms:
            return None
        fits = "、".join(self.forms.values())
        return f"“{self.label}”的形式可填：{fits}" if fits else f"“{self.label}”不分形式"

    def measures_fault(self, amounts: Amounts) -> str | None:
        """What is wrong with the amounts that are said of it; None when nothing is."""
        for measure, amount in amounts.items():
            if measure not in self.measures:
                return f"“{self.label}”不填“{MEASURES[measure].label}”"
            if fault := rules.fault(measure, amount):
                return fault
        return None


_MEETINGS = (
    *("会议出席", "出席会议", "参加会议", "会议", "全体会议", "全会", "常委会会议", "常委会", "专委会会议"),
    *("参加活动", "活动", "会议活动", "委员活动", "界别活动", "视察", "调研", "考察", "视察调研", "调研视察"),
    *("学习培训", "培训", "民主监督"),
)
_DEEDS = (
    *(Measure.PEOPLE, Measure.MONEY, Measure.JOBS),
    *(Measure.VISITS, Measure.THINGS, Measure.HOURS),
)
_SERVED = ("服务", "服务界别群众", "联系服务群众", "公益", "公益活动", "社会公益", "捐资助学")
#: What came of a text of members; it is not told to all.
_outcome = partial(DutyKind, open=False, own_act=False, writing=True)
KINDS = {
    kind.name: kind
    for kind in (
        DutyKind("update.posted", "发布动态", "edit", "update", "条", own_act=True, writing=True, words=None),
        DutyKind("reply.posted", "参与讨论", "chat", "reply", "条", own_act=True, writing=True, words=None),
        DutyKind(
            "topic.joined", "参加网络议政", "comment", "topic", "个", own_act=True, writing=True, words=None
        ),
        DutyKind(
            *("proposal.submitted", "提交提案", "file", "proposal", "件"),
            forms=PROPOSALS,
            open=False,
            own_act=True,
            writing=True,
            words=(),
        ),
        DutyKind(
            *("proposal.filed", "提案立案", "file-check", "proposal", "件"),
            forms=PROPOSALS,
            own_act=False,
            writing=True,
            words=("提案", "立案提案", "立案", "联名提案"),
        ),
        DutyKind(
            *("proposal.marked_key", "列为重点提案", "star", "proposal", "件"),
            forms=PROPOSALS,
            own_act=False,
            writing=True,
            words=("重点提案",),
        ),
        DutyKind(
            *("proposal.commended", "优秀提案", "award", "proposal", "件"),
            forms=PROPOSALS,
            own_act=False,
            writing=True,
            words=("提案表彰", "优秀提案奖"),
        ),
        DutyKind(
            *("proposal.rated", "评价提案办理", "check", "proposal"),
            forms=PROPOSALS,
            open=False,
            own_act=True,
            writing=True,
            words=(),
        ),
        DutyKind(
            *("opinion.submitted", "报送社情民意信息", "send", "opinion_report", "篇"),
            forms=OPINIONS,
            open=False,
            own_act=True,
            writing=True,
            words=("社情民意", "社情民意信息", "反映社情民意"),
        ),
        _outcome(
            *("opinion.issued", "社情民意信息被签发", "file-check", "opinion_report", "篇"),
            forms=OPINIONS,
            words=(),
        ),
        _outcome(
            *("opinion.adopted", "社情民意信息被采用", "check-circle", "opinion_report", "篇"),
            forms=OPINIONS,
            words=("社情民意采用", "信息采用", "采用信息"),
        ),
        DutyKind(
            *("opinion.commented", "社情民意信息获批示", "stamp", "opinion_report", "篇"),
            forms=OPINIONS,
            single=False,
            open=False,
            own_act=False,
            writing=True,
            words=("社情民意批示", "信息批示", "领导批示"),
        ),
        DutyKind(
            *("activity.attended", "出席会议活动", "calendar-check", "activity"),
            counts="半天",
            forms=ACTIVITIES,
            by_hand=True,
            own_act=True,
            writing=False,
            words=_MEETINGS,
        ),
        DutyKind(
            *("activity.excused", "会议活动请假", "calendar-minus", "activity"),
            forms=ACTIVITIES,
            missed=True,
            open=False,
            own_act=False,
            writing=False,
            words=("请假", "会议请假"),
        ),
        DutyKind(
            *("activity.absent", "会议活动缺席", "calendar-x", "activity"),
            forms=ACTIVITIES,
            missed=True,
            open=False,
            own_act=False,
            writing=False,
            words=("缺席", "会议缺席"),
        ),
        _outcome(
            *("finding.adopted", "意见建议被采纳", "check-circle", "finding", "条"),
            words=("建议采纳", "意见建议采纳"),
        ),
        _outcome(
            *("output.issued", "成果件印发", "file-check", "output", "件"),
            words=("成果件", "调研报告", "视察报告"),
        ),
        _outcome(
            *("output.adopted", "成果件被采纳", "check-circle", "output", "件"),
            words=("成果采纳", "成果件采纳"),
        ),
        DutyKind(
            *("case.reported", "反映履职呼叫和问题", "message", "case", "件"),
            open=False,
            own_act=True,
            writing=False,
            words=None,
        ),
        DutyKind(
            *("matter.brought", "提出协商议题", "users", "matter", "件"),
            open=False,
            own_act=True,
            writing=False,
            words=None,
        ),
        DutyKind(
            *("matter.prepared", "为议题走访调研", "map-pin", "matter_note"),
            open=False,
            own_act=True,
            writing=False,
            words=None,
        ),
        # the subject may also be an update, an opinion report or a matter
        DutyKind(
            *("seed.taken_up", "线索被采纳", "git-branch", "reply"),
            open=False,
            own_act=False,
            writing=True,
            words=None,
        ),
        DutyKind(
            "seed.bore_fruit", "线索促成办理结果", "sprout", "reply", own_act=False, writing=True, words=None
        ),
        DutyKind(
            *("speech.submitted", "提交大会发言", "send", "speech", "篇"),
            forms=SPEECHES,
            open=False,
            own_act=True,
            writing=True,
            words=None,
        ),
        DutyKind(
            *("speech.delivered", "大会发言", "mic", "outside_act"),
            forms=SPEECHES,
            measures=(Measure.WORDS,),
            by_hand=True,
            own_act=True,
            writing=True,
            words=("发言", "会议发言", "口头发言", "书面发言"),
        ),
        DutyKind(
            *("reading.logged", "读书打卡", "book-open", "reading_log", "分钟"),
            counts="分钟",
            open=False,
            own_act=True,
            writing=True,
            words=None,
        ),
        DutyKind(
            *("reading.noted", "读书笔记", "book", "reading_note", "篇"),
            own_act=True,
            writing=True,
            words=("读书心得",),
        ),
        DutyKind(
            *("reading.commended", "优秀读书笔记", "bookmark", "reading_note", "篇"),
            own_act=False,
            writing=True,
            words=(),
        ),
        DutyKind(
            *("consultation.held", "组织协商活动", "users", "outside_act"),
            measures=(Measure.PEOPLE, Measure.THINGS),
            by_hand=True,
            own_act=True,
            writing=False,
            words=("协商活动", "协商", "组织协商"),
        ),
        DutyKind(
            *("service.rendered", "服务群众", "heart", "outside_act"),
            forms=SERVICES,
            measures=_DEEDS,
            by_hand=True,
            own_act=True,
            writing=False,
            words=_SERVED,
        ),
        DutyKind(
            *("visit.made", "走访联系", "map-pin", "visit"),
            measures=_DEEDS,
            open=False,
            own_act=True,
            writing=False,
            words=None,
        ),
        DutyKind(
            *("honor.received", "获得荣誉", "medal", "outside_act", "项"),
            by_hand=True,
            own_act=False,
            writing=False,
            words=("荣誉", "表彰", "获奖", "奖励", "荣誉表彰", "表彰奖励"),
        ),
    )
}
#: What a member does on a day of their own.
OWN_ACTS = tuple(kind.name for kind in KINDS.values() if kind.own_act)
