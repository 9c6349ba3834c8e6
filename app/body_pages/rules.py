"""What a page of a body lists."""

from enum import StrEnum

from app.duty.kinds import KINDS


class Work(StrEnum):
    """What a body puts forward or takes part in, called as its subject is."""

    PROPOSAL = "proposal"
    OPINION = "opinion_report"
    TOPIC = "topic"
    ACTIVITY = "activity"


WORK_LABELS = {
    Work.PROPOSAL: "立案的集体提案",
    Work.OPINION: "以单位名义报送的信息",
    Work.TOPIC: "邀请本集体的议题",
    Work.ACTIVITY: "邀请本集体的会议活动",
}


def kinds(*, closed: bool) -> list[str]:
    """The kinds of what was done, those that are closed to members too or not."""
    return [kind.name for kind in KINDS.values() if not kind.missed and (kind.open or closed)]
