"""The life cycle of findings as data: noted by staff, sent to a unit, answered, released to the authors."""

from enum import StrEnum
from typing import NamedTuple

from app.auth.permissions import Permission
from app.core.lifecycle import Lifecycle, Transition


class FindingSource(StrEnum):
    """Where a suggestion was made."""

    TOPIC = "topic"
    MEETING = "meeting"
    INSPECTION = "inspection"
    CLAUSE = "clause"
    OUTPUT = "output"
    MATTER = "matter"


class SourceRule(NamedTuple):
    """What is known of a source: its name, the kind of subject that it is, whether it names a clause of a law.

    `by_all`: what those who met agreed on, so that no member need be its author.
    """

    label: str
    subject_type: str
    has_clause: bool = False
    by_all: bool = False


SOURCES = {
    FindingSource.TOPIC: SourceRule("网络议政", "topic"),
    FindingSource.MEETING: SourceRule("会议活动", "activity"),
    FindingSource.INSPECTION: SourceRule("视察调研", "activity"),
    FindingSource.CLAUSE: SourceRule("立法协商", "activity", has_clause=True),
    FindingSource.OUTPUT: SourceRule("成果件", "output"),
    FindingSource.MATTER: SourceRule("协商议题", "matter", by_all=True),
}


class Fate(StrEnum):
    """What a unit does with a suggestion."""

    ADOPTED = "adopted"
    PARTLY = "partly"
    REFUSED = "refused"


FATE_LABELS = {Fate.ADOPTED: "采纳", Fate.PARTLY: "部分采纳", Fate.REFUSED: "未采纳"}
#: Fates that count as adoption, in figures and in the ledger.
TAKEN_UP = (Fate.ADOPTED, Fate.PARTLY)


class FindingState(StrEnum):
    """Where a finding stands."""

    NOTED = "noted"
    SENT = "sent"
    ANSWERED = "answered"
    RELEASED = "released"
    DISCARDED = "discarded"


class FindingAction(StrEnum):
    """What a caller may ask for."""

    SEND = "send"
    RECALL = "recall"
    ANSWER = "answer"
    SEND_BACK = "send_back"
    RELEASE = "release"
    REOPEN = "reopen"
    FOLLOW_UP = "follow_up"
    DISCARD = "discard"
    RESTORE = "restore"


S, A = FindingState, FindingAction
_STAFF, _UNIT = Permission.FINDING_MANAGE, Permission.FINDING_ANSWER


def _step(
    action: FindingAction,
    label: str,
    way: tuple[FindingState, FindingState],
    permission: Permission,
    news: str = "",
    *,
    reasoned: bool = False,
    event: str = "",
) -> Transition[FindingState]:
    """One step; `news` is what the authors hear."""
    source, target = way
    return Transition(
        *(action, label, frozenset({source}), target, permission),
        needs_reason=reasoned,
        news=news,
        event=event,
    )


LIFECYCLE = Lifecycle(
    {
        S.NOTED: "待交办",
        S.SENT: "待答复",
        S.ANSWERED: "待反馈",
        S.RELEASED: "已反馈",
        S.DISCARDED: "不再交办",
    },
    [
        _step(A.SEND, "交办", (S.NOTED, S.SENT), _STAFF, "您的建议“{title}”已转{unit}研究"),
        _step(
            *(A.RECALL, "收回", (S.SENT, S.NOTED), _STAFF, "您的建议“{title}”收回重新交办：{reason}"),
            reasoned=True,
        ),
        _step(A.ANSWER, "答复", (S.SENT, S.ANSWERED), _UNIT),
        _step(A.SEND_BACK, "退回重答", (S.ANSWERED, S.SENT), _STAFF, reasoned=True),
        _step(
            *(A.RELEASE, "反馈给委员", (S.ANSWERED, S.RELEASED), _STAFF),
            "{unit}答复了您的建议“{title}”：{fate}",
            event="finding.released",
        ),
        _step(
            *(A.REOPEN, "撤回反馈", (S.RELEASED, S.ANSWERED), _STAFF),
            "对您的建议“{title}”的答复撤回核实：{reason}",
            reasoned=True,
            event="finding.reopened",
        ),
        _step(
            A.FOLLOW_UP, "补充落实情况", (S.RELEASED, S.RELEASED), _UNIT, "您的建议“{title}”有了新的落实情况"
        ),
        _step(
            *(A.DISCARD, "不再交办", (S.NOTED, S.DISCARDED), _STAFF, "您的建议“{title}”不再交办：{reason}"),
            reasoned=True,
        ),
        _step(A.RESTORE, "恢复", (S.DISCARDED, S.NOTED), _STAFF, "您的建议“{title}”恢复办理"),
    ],
)
#: States in which a unit has to do with a finding.
WITH_UNIT = (S.SENT, S.ANSWERED, S.RELEASED)
#: Steps that authors read on the track; the others are between the office and the unit.
TOLD = frozenset(str(step.action) for step in LIFECYCLE.transitions if step.news)
