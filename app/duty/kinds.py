"""The registered kinds of duty: `noun.verb`, a Chinese label, an icon, the subject it opens, whether it is single."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Kind:
    """One kind of duty; `single`: one live record for each seat, subject and role; `open`: seen by all members."""

    name: str
    label: str
    icon: str
    subject_type: str
    unit: str = "次"
    single: bool = True
    open: bool = True


KINDS = {
    kind.name: kind
    for kind in (
        Kind("update.posted", "发布动态", "edit", "update", "条"),
        Kind("reply.posted", "参与讨论", "chat", "reply", "条"),
        Kind("topic.joined", "参加网络议政", "comment", "topic", "个"),
        Kind("proposal.submitted", "提交提案", "file", "proposal", "件", open=False),
        Kind("proposal.filed", "提案立案", "file-check", "proposal", "件"),
        Kind("proposal.marked_key", "列为重点提案", "star", "proposal", "件"),
        Kind("proposal.commended", "优秀提案", "award", "proposal", "件"),
        Kind("proposal.rated", "评价提案办理", "check", "proposal", open=False),
        Kind("opinion.submitted", "报送社情民意信息", "send", "opinion_report", "篇", open=False),
        Kind("opinion.issued", "社情民意信息被签发", "file-check", "opinion_report", "篇", open=False),
        Kind("opinion.adopted", "社情民意信息被采用", "check-circle", "opinion_report", "篇", open=False),
        Kind(
            "opinion.commented",
            "社情民意信息获批示",
            "stamp",
            "opinion_report",
            "篇",
            single=False,
            open=False,
        ),
        Kind("activity.attended", "出席会议活动", "calendar-check", "activity"),
        Kind("activity.excused", "会议活动请假", "calendar-minus", "activity", open=False),
        Kind("activity.absent", "会议活动缺席", "calendar-x", "activity", open=False),
        # the subject may also be an update or an opinion report
        Kind("seed.taken_up", "线索被采纳", "git-branch", "reply", open=False),
        Kind("seed.bore_fruit", "线索促成办理结果", "sprout", "reply"),
        Kind("speech.delivered", "大会发言", "mic", "outside_act"),
        Kind("reading.logged", "读书打卡", "book-open", "reading_log", "分钟", open=False),
        Kind("reading.noted", "读书笔记", "book", "reading_note", "篇"),
        Kind("reading.commended", "优秀读书笔记", "bookmark", "reading_note", "篇"),
        Kind("consultation.held", "组织协商活动", "users", "outside_act"),
        Kind("service.rendered", "服务群众", "heart", "outside_act"),
        Kind("honor.received", "获得荣誉", "medal", "outside_act", "项"),
    )
}

RecordRole = Literal["lead", "participant"]
ROLE_LABELS: dict[RecordRole, str] = {"lead": "主要承担", "participant": "参与"}
Source = Literal["platform", "import", "manual", "claim"]
SOURCE_LABELS: dict[Source, str] = {
    "platform": "平台记录",
    "import": "表格导入",
    "manual": "人工登记",
    "claim": "委员申报",
}
#: Begins the `source_ref` of a record that a claim brought in; the claim's id follows.
CLAIM_REF = "claim:"
