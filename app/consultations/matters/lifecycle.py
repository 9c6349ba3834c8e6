"""The life cycle of matters as data: collected, screened, met on, followed, solved or not, judged, closed."""

from dataclasses import replace
from enum import StrEnum

from app.auth.permissions import Permission
from app.cases.rules import Judgement
from app.core.lifecycle import Lifecycle, Transition


class MatterSource(StrEnum):
    """Who brought a matter."""

    MEMBER = "member"
    CONVENER = "convener"
    COMPANY = "company"
    CITIZEN = "citizen"


SOURCE_LABELS = {
    MatterSource.MEMBER: "委员",
    MatterSource.CONVENER: "召集人",
    MatterSource.COMPANY: "企业",
    MatterSource.CITIZEN: "群众",
}
#: Who has no account: the office or the convener says for them what they think of the result.
SPOKEN_FOR = frozenset({MatterSource.COMPANY, MatterSource.CITIZEN})


class MatterState(StrEnum):
    """Where a matter stands."""

    COLLECTED = "collected"
    ACCEPTED = "accepted"
    CHOSEN = "chosen"
    PREPARED = "prepared"
    MET = "met"
    FOLLOWED = "followed"
    SOLVED = "solved"
    UNSOLVED = "unsolved"
    EVALUATED = "evaluated"
    CLOSED = "closed"
    DECLINED = "declined"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class MatterAction(StrEnum):
    """What a caller may ask for."""

    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    DECLINE = "decline"
    MERGE = "merge"
    CHOOSE = "choose"
    PREPARE = "prepare"
    MEET = "meet"
    FOLLOW = "follow"
    SOLVE = "solve"
    LEAVE = "leave"
    SATISFIED = "satisfied"
    MOSTLY = "mostly"
    DISSATISFIED = "dissatisfied"
    RESUME = "resume"
    CLOSE = "close"
    UNDO = "undo"


S, A = MatterState, MatterAction
#: To take a matter back is for who may still bring one; what they think of the result is asked after their term, too.
_STAFF, _AUTHOR, _JUDGE = Permission.MATTER_MANAGE, Permission.MATTER_BRING, Permission.MATTER_READ


def _step(
    action: MatterAction,
    label: str,
    sources: tuple[MatterState, ...],
    target: MatterState,
    news: str = "",
    *,
    reasoned: bool = False,
    by: Permission = _STAFF,
) -> Transition[MatterState]:
    """One step; `news` is what those who brought it hear."""
    return Transition(
        *(action, label, frozenset(sources), target, by),
        by_author=by is not _STAFF,
        needs_reason=reasoned,
        news=news,
    )


_RESULT = (S.SOLVED, S.UNSOLVED)
LIFECYCLE = Lifecycle(
    {
        S.COLLECTED: "待受理",
        S.ACCEPTED: "已受理",
        S.CHOSEN: "确定协商",
        S.PREPARED: "待协商",
        S.MET: "已协商",
        S.FOLLOWED: "跟踪落实",
        S.SOLVED: "已解决",
        S.UNSOLVED: "暂未解决",
        S.EVALUATED: "已评价",
        S.CLOSED: "已办结",
        S.DECLINED: "不予受理",
        S.MERGED: "已并入",
        S.WITHDRAWN: "已撤回",
    },
    [
        _step(A.WITHDRAW, "撤回", (S.COLLECTED,), S.WITHDRAWN, by=_AUTHOR),
        _step(A.ACCEPT, "受理", (S.COLLECTED,), S.ACCEPTED, "您提的议题“{title}”已经受理"),
        _step(
            *(A.DECLINE, "不予受理", (S.COLLECTED,), S.DECLINED, "您提的议题“{title}”没有受理：{reason}"),
            reasoned=True,
        ),
        _step(
            *(A.MERGE, "并入另一议题", (S.COLLECTED, S.ACCEPTED), S.MERGED),
            "您提的议题“{title}”并入“{into}”，一并协商",
        ),
        _step(A.CHOOSE, "确定协商", (S.ACCEPTED,), S.CHOSEN, "您提的议题“{title}”列入协商"),
        _step(A.PREPARE, "完成准备", (S.CHOSEN,), S.PREPARED),
        _step(A.MEET, "完成协商", (S.PREPARED,), S.MET, "您提的议题“{title}”已经开会协商"),
        _step(A.FOLLOW, "跟踪落实", (S.MET,), S.FOLLOWED),
        _step(A.SOLVE, "已解决", (S.MET, S.FOLLOWED), S.SOLVED, "您提的议题“{title}”已经解决，请您评价"),
        _step(
            *(A.LEAVE, "暂未解决", (S.MET, S.FOLLOWED), S.UNSOLVED),
            "您提的议题“{title}”暂时没有解决，情况已经写明，请您评价",
        ),
        _step(A.SATISFIED, "满意", _RESULT, S.EVALUATED, by=_JUDGE),
        _step(A.MOSTLY, "基本满意", _RESULT, S.EVALUATED, by=_JUDGE),
        _step(A.DISSATISFIED, "不满意", _RESULT, S.EVALUATED, by=_JUDGE, reasoned=True),
        _step(A.CLOSE, "办结", (*_RESULT, S.EVALUATED), S.CLOSED, "您提的议题“{title}”已经办结"),
        _step(
            *(A.RESUME, "继续办理", (*_RESULT, S.EVALUATED), S.FOLLOWED),
            "您提的议题“{title}”继续办理：{reason}",
            reasoned=True,
        ),
    ],
)
JUDGEMENTS = {
    A.SATISFIED: Judgement.SATISFIED,
    A.MOSTLY: Judgement.MOSTLY,
    A.DISSATISFIED: Judgement.DISSATISFIED,
}
#: How each last step is undone: by whom it may be taken, with a reason where somebody was told of it.
UNDOING: dict[str, Transition[MatterState]] = {
    step.action: replace(
        step, action=A.UNDO, label=f"撤销“{step.label}”", needs_reason=bool(step.news), news=""
    )
    for step in LIFECYCLE.transitions
}
UNDONE = "您提的议题“{title}”的“{step}”已经撤销：{reason}"
ACTION_LABELS: dict[str, str] = {step.action: step.label for step in LIFECYCLE.transitions} | {
    A.UNDO: "撤销上一步"
}
#: Nothing more is done in these: what a citizen left is kept for some time from then on.
ENDED = frozenset({S.CLOSED, S.DECLINED, S.MERGED, S.WITHDRAWN})
#: States that only who brought it, the office and the convener see.
BEFORE = (S.COLLECTED, S.DECLINED, S.WITHDRAWN)
#: The activity that meets on it may be chosen.
TO_MEET = (S.ACCEPTED, S.CHOSEN, S.PREPARED)
#: Others may be merged into it.
TAKES_IN = (S.COLLECTED, S.ACCEPTED, S.CHOSEN, S.PREPARED, S.MET, S.FOLLOWED)
#: What it was about, and what came of it, may be released.
RELEASABLE = (S.CHOSEN, S.PREPARED, S.MET, S.FOLLOWED, *_RESULT, S.EVALUATED, S.CLOSED)
#: Visits and research may be noted for it.
NOTED = (S.ACCEPTED, *RELEASABLE)
