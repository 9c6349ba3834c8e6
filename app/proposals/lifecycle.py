"""The life cycle of a proposal as data: every state, who may see it, and the steps that are open today."""

from enum import IntEnum, StrEnum
from typing import Any, Self

from app.auth.permissions import Permission
from app.core.lifecycle import Lifecycle, Transition


class Audience(IntEnum):
    """The widest circle that may see a proposal; each circle holds the ones before it."""

    SIGNERS = 0
    STAFF = 1
    LEADERS = 2
    MEMBERS = 3


class ProposalState(StrEnum):
    """Where a proposal stands."""

    label: str
    #: Who may see it then beside its author and signers.
    audience: Audience

    def __new__(cls, code: str, label: str = "", audience: Audience = Audience.SIGNERS) -> Self:
        """One row of the table; only `State(code)`, which finds one, has no label."""
        if not label:
            raise TypeError(f"{code} has no label")
        state = str.__new__(cls, code)
        state._value_, state.label, state.audience = code, label, audience
        return state

    DRAFT = "draft", "草稿", Audience.SIGNERS
    CONFIRMING = "confirming", "待负责人确认", Audience.SIGNERS
    SUBMITTED = "submitted", "已提交", Audience.LEADERS
    FIRST_REVIEW = "first_review", "初审中", Audience.LEADERS
    JOINT_REVIEW = "joint_review", "会审中", Audience.LEADERS
    FINAL_REVIEW = "final_review", "复审中", Audience.LEADERS
    RETURNED = "returned", "退回待修改", Audience.STAFF
    DECLINED = "declined", "不予立案", Audience.STAFF
    CONVERTED = "converted", "已转社情民意", Audience.STAFF
    MERGED = "merged", "已并案", Audience.STAFF
    FILED = "filed", "已立案", Audience.MEMBERS
    ASSIGNED = "assigned", "已交办", Audience.MEMBERS
    SIGNED = "signed", "已签收", Audience.MEMBERS
    RETURN_REQUESTED = "return_requested", "退办申请中", Audience.MEMBERS
    HANDLING = "handling", "办理中", Audience.MEMBERS
    REPLY_REVIEW = "reply_review", "答复审核中", Audience.MEMBERS
    REPLIED = "replied", "已答复", Audience.MEMBERS
    RATED = "rated", "已评价", Audience.MEMBERS
    REHANDLING = "rehandling", "重新办理中", Audience.MEMBERS
    CLOSED = "closed", "已办结", Audience.MEMBERS


LABELS = {state: state.label for state in ProposalState}
AUDIENCE = {state: state.audience for state in ProposalState}

#: The author may still write.
EDITABLE = frozenset({ProposalState.DRAFT, ProposalState.RETURNED})
#: Who reviews a proposal in each state under review, in the order of the reviews.
REVIEWERS = {
    ProposalState.SUBMITTED: Permission.PROPOSAL_FIRST_REVIEW,
    ProposalState.FIRST_REVIEW: Permission.PROPOSAL_FIRST_REVIEW,
    ProposalState.JOINT_REVIEW: Permission.PROPOSAL_JOINT_REVIEW,
    ProposalState.FINAL_REVIEW: Permission.PROPOSAL_FINAL_REVIEW,
}
UNDER_REVIEW = frozenset(REVIEWERS)
#: Filed, or further on.
ON_FILE = frozenset(state for state in ProposalState if state.audience is Audience.MEMBERS)
#: What came of a proposal once it was submitted, by the states that say so.
OUTCOMES = dict.fromkeys(ON_FILE, "filed") | {
    ProposalState.DECLINED: "declined",
    ProposalState.CONVERTED: "converted",
    ProposalState.MERGED: "merged",
}
OUTCOME_LABELS = {
    "filed": "立案",
    "declined": "不予立案",
    "converted": "转为社情民意信息",
    "merged": "并案",
}
#: Units may still be added.
ASSIGNABLE = frozenset(
    {
        ProposalState.FILED,
        ProposalState.ASSIGNED,
        ProposalState.SIGNED,
        ProposalState.RETURN_REQUESTED,
        ProposalState.HANDLING,
        ProposalState.REHANDLING,
    }
)
#: Nothing goes on behind these: what is open when a proposal comes to one of them is ended with it.
ENDS = frozenset(
    {ProposalState.DECLINED, ProposalState.CONVERTED, ProposalState.MERGED, ProposalState.CLOSED}
)
#: Units are at work.
IN_HANDLING = ASSIGNABLE - {ProposalState.FILED} | {ProposalState.REPLY_REVIEW}

#: The ten national reasons not to file a proposal.
DECLINE_REASONS = {
    "state_secret": "涉及国家秘密",
    "prohibited": "国家法律法规和政策禁止的内容",
    "party_personnel": "中共党内人事安排方面的内容",
    "party_internal": "民主党派成员反映本党派内部事务",
    "litigation": "进入民事、刑事、行政诉讼、仲裁等程序的事项",
    "academic": "属于学术研讨的内容",
    "personal": "为本人或亲属解决个人问题",
    "promotion": "宣传、推介具体作品、产品",
    "accusation": "指名举报",
    "empty": "内容空泛、没有具体建议",
}


class ProposalAction(StrEnum):
    """What a caller may ask for."""

    SUBMIT = "submit"
    ASK_HEAD = "ask_head"
    CONFIRM = "confirm"
    HAND_BACK = "hand_back"
    WITHDRAW = "withdraw"
    START_REVIEW = "start_review"
    TO_JOINT_REVIEW = "to_joint_review"
    TO_FINAL_REVIEW = "to_final_review"
    FILE = "file"
    DECLINE = "decline"
    RETURN_FOR_REVISION = "return_for_revision"
    CONVERT = "convert"
    MERGE = "merge"
    ASSIGN = "assign"
    REHANDLE = "rehandle"
    CLOSE = "close"


_AUTHOR, _STAFF = Permission.PROPOSAL_WRITE, Permission.PROPOSAL_REVIEW
_AT_HEAD = frozenset({ProposalState.CONFIRMING})


def _reviewed(
    action: ProposalAction, label: str, target: ProposalState, *sources: ProposalState, **more: Any
) -> list[Transition[ProposalState]]:
    """A step of review, for those who review in each of its sources."""
    of = {
        reviewer: frozenset(s for s in sources if REVIEWERS[s] is reviewer) for reviewer in REVIEWERS.values()
    }
    return [
        Transition(action, label, states, target, reviewer, **more)
        for reviewer, states in of.items()
        if states
    ]


_A, _S = ProposalAction, ProposalState
_ANSWERED = frozenset({_S.REPLIED, _S.RATED})
LIFECYCLE = Lifecycle(
    LABELS,
    [
        Transition(
            _A.SUBMIT,
            "提交",
            EDITABLE,
            _S.SUBMITTED,
            _AUTHOR,
            by_author=True,
            news="提案{title}已提交",
            event="proposal.submitted",
        ),
        Transition(_A.ASK_HEAD, "请负责人确认", EDITABLE, _S.CONFIRMING, _AUTHOR, by_author=True),
        Transition(
            _A.CONFIRM,
            "确认并提交",
            _AT_HEAD,
            _S.SUBMITTED,
            _AUTHOR,
            by_author=True,
            news="提案{title}已由单位负责人确认并提交",
            event="proposal.submitted",
        ),
        Transition(
            _A.HAND_BACK,
            "退回起草人",
            _AT_HEAD,
            _S.DRAFT,
            _AUTHOR,
            by_author=True,
            needs_reason=True,
            news="提案{title}由单位负责人退回修改：{reason}",
        ),
        Transition(
            _A.WITHDRAW,
            "撤回",
            _AT_HEAD | {_S.SUBMITTED},
            _S.DRAFT,
            _AUTHOR,
            by_author=True,
            news="提案{title}已由提案人撤回",
        ),
        *_reviewed(_A.START_REVIEW, "开始初审", _S.FIRST_REVIEW, _S.SUBMITTED, news="提案{title}开始初审"),
        *_reviewed(
            _A.TO_JOINT_REVIEW,
            "初审通过，送会审",
            _S.JOINT_REVIEW,
            _S.FIRST_REVIEW,
            news="提案{title}初审通过，进入会审",
        ),
        *_reviewed(
            _A.TO_FINAL_REVIEW,
            "会审通过，送复审",
            _S.FINAL_REVIEW,
            _S.JOINT_REVIEW,
            news="提案{title}会审通过，进入复审",
        ),
        *_reviewed(
            _A.FILE,
            "立案",
            _S.FILED,
            *REVIEWERS,
            news="提案{title}已立案，编号为{session}第{number}号",
            event="proposal.filed",
            undo_event="proposal.unfiled",
        ),
        *_reviewed(
            _A.DECLINE,
            "不予立案",
            _S.DECLINED,
            *REVIEWERS,
            reasons=DECLINE_REASONS,
            news="提案{title}不予立案：{reason}",
        ),
        *_reviewed(
            _A.RETURN_FOR_REVISION,
            "退回修改",
            _S.RETURNED,
            *REVIEWERS,
            needs_reason=True,
            news="提案{title}请您修改：{reason}",
        ),
        *_reviewed(
            _A.CONVERT,
            "转为社情民意信息",
            _S.CONVERTED,
            *REVIEWERS,
            needs_reason=True,
            news="提案{title}转为社情民意信息：{reason}",
            event="proposal.converted",
            undo_event="proposal.unconverted",
        ),
        *_reviewed(
            _A.MERGE,
            "并案",
            _S.MERGED,
            *REVIEWERS,
            needs_reason=True,
            news="提案{title}并入另一件提案，您仍是联名人：{reason}",
            event="proposal.merged",
            undo_event="proposal.unmerged",
        ),
        Transition(_A.ASSIGN, "交办", ASSIGNABLE, _S.ASSIGNED, _STAFF, news="提案{title}已交办承办单位"),
        Transition(
            _A.REHANDLE,
            "重新办理",
            _ANSWERED,
            _S.REHANDLING,
            _STAFF,
            needs_reason=True,
            news="提案{title}将重新办理：{reason}",
        ),
        Transition(_A.CLOSE, "办结", _ANSWERED, _S.CLOSED, _STAFF, news="提案{title}已办结"),
    ],
)


#: How a collective proposal begins, and who may take these steps: its head or, of `ASK_HEAD`, whoever else writes.
FOR_HEADS = frozenset({_A.SUBMIT, _A.CONFIRM, _A.HAND_BACK})
FOR_BODIES = frozenset({_A.ASK_HEAD, _A.CONFIRM, _A.HAND_BACK})


class ProposalMark(StrEnum):
    """An honour that stands beside the state of a proposal on file; each is a column and a kind in the ledger."""

    KEY = "key"
    COMMENDATION = "commendation"


#: The names of setting and of lifting a mark in the track: (action, label) of each.
MARK_STEPS = {
    (ProposalMark.KEY, True): ("mark_key", "列为重点提案"),
    (ProposalMark.KEY, False): ("unmark_key", "取消重点提案"),
    (ProposalMark.COMMENDATION, True): ("commend", "评为优秀提案"),
    (ProposalMark.COMMENDATION, False): ("uncommend", "取消优秀提案"),
}
