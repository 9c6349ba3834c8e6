"""The life cycle of outputs as data: drafted and reviewed by staff, issued with a number, adopted or not."""

from enum import StrEnum
from typing import Literal

from app.auth.permissions import Permission
from app.core.lifecycle import Lifecycle, Transition


class OutputKind(StrEnum):
    """What kind of paper it is; each kind has its own numbers."""

    RECOMMENDATION = "recommendation"
    RESEARCH = "research"
    INSPECTION = "inspection"
    REVIEW = "review"
    MINUTES = "minutes"
    BRIEFING = "briefing"
    SUMMARY = "summary"


KIND_LABELS = {
    OutputKind.RECOMMENDATION: "建议案",
    OutputKind.RESEARCH: "调研报告",
    OutputKind.INSPECTION: "视察报告",
    OutputKind.REVIEW: "民主评议报告",
    OutputKind.MINUTES: "协商纪要",
    OutputKind.BRIEFING: "信息专报",
    OutputKind.SUMMARY: "综述",
}


class OutputState(StrEnum):
    """Where an output stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ISSUED = "issued"
    ADOPTED = "adopted"
    PARTLY = "partly"
    REFUSED = "refused"
    DISCARDED = "discarded"


class OutputAction(StrEnum):
    """What a caller may ask for."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    ISSUE = "issue"
    COMMENT = "comment"
    ADOPT = "adopt"
    ADOPT_PARTLY = "adopt_partly"
    REFUSE = "refuse"
    RELEASE = "release"
    WITHHOLD = "withhold"
    REVOKE = "revoke"
    DISCARD = "discard"
    UNDO = "undo"


S, A = OutputState, OutputAction
#: Its text may be written.
OPEN = frozenset({S.DRAFT, S.RETURNED})
#: Issued, or further on: who is named in it reads it.
UPWARD = frozenset({S.ISSUED, S.ADOPTED, S.PARTLY, S.REFUSED})
#: Adopted, in the ledger.
TAKEN_UP = frozenset({S.ADOPTED, S.PARTLY})
DECISIONS = frozenset({A.ADOPT, A.ADOPT_PARTLY, A.REFUSE})
#: Steps that can be undone while they are the last one: undoing leads back to where the step began.
UNDOABLE = DECISIONS | {A.RETURN, A.ISSUE, A.COMMENT, A.REVOKE, A.DISCARD}
#: Steps that only open or close it to all members; they stand in no other step's way.
SWITCHES = frozenset({A.RELEASE, A.WITHHOLD})

#: What a step asks for beside a reason: who said it, on which day, in which words.
Asked = Literal["who", "said_on", "words"]
ASKS: dict[OutputAction, tuple[Asked, ...]] = {
    A.COMMENT: ("who", "said_on", "words"),
    **dict.fromkeys(DECISIONS, ("who", "said_on")),
}


def _step(
    action: OutputAction,
    label: str,
    sources: frozenset[OutputState],
    target: OutputState,
    news: str = "",
    *,
    reasoned: bool = False,
) -> Transition[OutputState]:
    """One step; `news` is what the authors hear."""
    may = Permission.OUTPUT_MANAGE
    return Transition(action, label, sources, target, may, needs_reason=reasoned, news=news)


def _staying(action: OutputAction, label: str, news: str = "") -> list[Transition[OutputState]]:
    """A step that leaves an output in the state in which it is, one row for each state."""
    return [_step(action, label, frozenset({state}), state, news) for state in sorted(UPWARD)]


_ISSUED, _SUBMITTED = frozenset({S.ISSUED}), frozenset({S.SUBMITTED})
LIFECYCLE = Lifecycle(
    {
        S.DRAFT: "起草中",
        S.SUBMITTED: "待审核",
        S.RETURNED: "退回修改",
        S.ISSUED: "已印发",
        S.ADOPTED: "已采纳",
        S.PARTLY: "部分采纳",
        S.REFUSED: "未采纳",
        S.DISCARDED: "已作废",
    },
    [
        _step(A.SUBMIT, "送审", OPEN, S.SUBMITTED),
        _step(A.ISSUE, "印发", _SUBMITTED, S.ISSUED, "{paper}已印发，文号为{number}"),
        _step(A.RETURN, "退回修改", _SUBMITTED, S.RETURNED, reasoned=True),
        _step(A.WITHDRAW, "撤回送审", _SUBMITTED, S.DRAFT),
        *_staying(A.COMMENT, "登记批示", "{paper}获{who}批示"),
        _step(A.ADOPT, "采纳", _ISSUED, S.ADOPTED, "{paper}被{who}采纳"),
        _step(
            *(A.ADOPT_PARTLY, "部分采纳", _ISSUED, S.PARTLY, "{paper}被{who}部分采纳：{reason}"),
            reasoned=True,
        ),
        _step(A.REFUSE, "未采纳", _ISSUED, S.REFUSED, "{paper}未被{who}采纳：{reason}", reasoned=True),
        *_staying(A.RELEASE, "发布给委员"),
        *_staying(A.WITHHOLD, "取消发布"),
        _step(A.REVOKE, "撤销印发", UPWARD, S.RETURNED, "{paper}撤回修改：{reason}", reasoned=True),
        _step(A.DISCARD, "作废", OPEN, S.DISCARDED, reasoned=True),
    ],
)
ACTION_LABELS: dict[str, str] = {step.action: step.label for step in LIFECYCLE.transitions} | {
    A.UNDO: "撤销上一步"
}
#: What authors hear of, by action; of these steps they read on the track.
NEWS: dict[str, str] = {step.action: step.news for step in LIFECYCLE.transitions if step.news}
#: What they hear when such a step is undone.
UNDONE = "{paper}的“{undone}”已撤销：{reason}"


def paper(kind: str, title: str) -> str:
    """An output in a sentence."""
    return f"{KIND_LABELS[OutputKind(kind)]}《{title}》"


def number_label(kind: str, year: int | None, number: int | None) -> str | None:
    """The number as papers quote it; None before there is one."""
    return f"{KIND_LABELS[OutputKind(kind)]}〔{year}〕{number}号" if number else None
