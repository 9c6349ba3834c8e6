"""The life cycle of a proposal as data: every state, who may see it, and the steps that are open today."""

from enum import IntEnum, StrEnum
from typing import Any

from app.auth.permissions import Permission
from app.core.lifecycle import Lifecycle, Transition


class State(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    CONFIRMING = "confirming"
    SUBMITTED = "submitted"
    FIRST_REVIEW = "first_review"
    JOINT_REVIEW = "joint_review"
    FINAL_REVIEW = "final_review"
    RETURNED = "returned"
    DECLINED = "declined"
    CONVERTED = "converted"
    MERGED = "merged"
    FILED = "filed"
    ASSIGNED = "assigned"
    SIGNED = "signed"
    RETURN_REQUESTED = "return_requested"
    HANDLING = "handling"
    REPLY_REVIEW = "reply_review"
    REPLIED = "replied"
    RATED = "rated"
    REHANDLING = "rehandling"
    CLOSED = "closed"


LABELS = {
    State.DRAFT: "草稿",
    State.CONFIRMING: "待负责人确认",
    State.SUBMITTED: "已提交",
    State.FIRST_REVIEW: "初审中",
    State.JOINT_REVIEW: "会审中",
    State.FINAL_REVIEW: "复审中",
    State.RETURNED: "退回待修改",
    State.DECLINED: "不予立案",
    State.CONVERTED: "已转社情民意",
    State.MERGED: "已并案",
    State.FILED: "已立案",
    State.ASSIGNED: "已交办",
    State.SIGNED: "已签收",
    State.RETURN_REQUESTED: "退办申请中",
    State.HANDLING: "办理中",
    State.REPLY_REVIEW: "答复审核中",
    State.REPLIED: "已答复",
    State.RATED: "已评价",
    State.REHANDLING: "重新办理中",
    State.CLOSED: "已办结",
}


class Audience(IntEnum):
    """The widest circle that may see a proposal; each circle holds the ones before it."""

    SIGNERS = 0
    STAFF = 1
    LEADERS = 2
    MEMBERS = 3


#: Who may see a proposal in each state, beside its author and signers.
AUDIENCE = {
    State.DRAFT: Audience.SIGNERS,
    State.CONFIRMING: Audience.SIGNERS,
    State.SUBMITTED: Audience.LEADERS,
    State.FIRST_REVIEW: Audience.LEADERS,
    State.JOINT_REVIEW: Audience.LEADERS,
    State.FINAL_REVIEW: Audience.LEADERS,
    State.RETURNED: Audience.STAFF,
    State.DECLINED: Audience.STAFF,
    State.CONVERTED: Audience.STAFF,
    State.MERGED: Audience.STAFF,
    State.FILED: Audience.MEMBERS,
    State.ASSIGNED: Audience.MEMBERS,
    State.SIGNED: Audience.MEMBERS,
    State.RETURN_REQUESTED: Audience.MEMBERS,
    State.HANDLING: Audience.MEMBERS,
    State.REPLY_REVIEW: Audience.MEMBERS,
    State.REPLIED: Audience.MEMBERS,
    State.RATED: Audience.MEMBERS,
    State.REHANDLING: Audience.MEMBERS,
    State.CLOSED: Audience.MEMBERS,
}

#: The author may still write.
EDITABLE = frozenset({State.DRAFT, State.RETURNED})
UNDER_REVIEW = frozenset({State.SUBMITTED, State.FIRST_REVIEW, State.JOINT_REVIEW, State.FINAL_REVIEW})
#: Filed, or further on.
ON_FILE = frozenset(state for state in State if AUDIENCE[state] is Audience.MEMBERS)
#: What came of a proposal once it was submitted, by the states that say so.
OUTCOMES = dict.fromkeys(ON_FILE, "filed") | {
    State.DECLINED: "declined",
    State.CONVERTED: "converted",
    State.MERGED: "merged",
}
OUTCOME_LABELS = {
    "filed": "立案",
    "declined": "不予立案",
    "converted": "转为社情民意信息",
    "merged": "并案",
}
#: Units may still be added.
ASSIGNABLE = frozenset(
    {State.FILED, State.ASSIGNED, State.SIGNED, State.RETURN_REQUESTED, State.HANDLING, State.REHANDLING}
)
#: Nothing goes on behind these: what is open when a proposal comes to one of them is ended with it.
ENDS = frozenset({State.DECLINED, State.CONVERTED, State.MERGED, State.CLOSED})
#: Units are at work.
IN_HANDLING = ASSIGNABLE - {State.FILED} | {State.REPLY_REVIEW}

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


class Action(StrEnum):
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
_AT_HEAD = frozenset({State.CONFIRMING})
#: Who reviews a proposal in each state.
REVIEWERS = {
    State.SUBMITTED: Permission.PROPOSAL_FIRST_REVIEW,
    State.FIRST_REVIEW: Permission.PROPOSAL_FIRST_REVIEW,
    State.JOINT_REVIEW: Permission.PROPOSAL_JOINT_REVIEW,
    State.FINAL_REVIEW: Permission.PROPOSAL_FINAL_REVIEW,
}


def _reviewed(
    action: Action, label: str, target: State, *sources: State, **more: Any
) -> list[Transition[State]]:
    """A step of review, for those who review in each of its sources."""
    of = {
        reviewer: frozenset(s for s in sources if REVIEWERS[s] is reviewer) for reviewer in REVIEWERS.values()
    }
    return [
        Transition(action, label, states, target, reviewer, **more)
        for reviewer, states in of.items()
        if states
    ]


LIFECYCLE = Lifecycle(
    LABELS,
    [
        Transition(Action.SUBMIT, "提交", EDITABLE, State.SUBMITTED, _AUTHOR, by_author=True),
        Transition(Action.ASK_HEAD, "请负责人确认", EDITABLE, State.CONFIRMING, _AUTHOR, by_author=True),
        Transition(Action.CONFIRM, "确认并提交", _AT_HEAD, State.SUBMITTED, _AUTHOR, by_author=True),
        Transition(
            Action.HAND_BACK, "退回起草人", _AT_HEAD, State.DRAFT, _AUTHOR, by_author=True, needs_reason=True
        ),
        Transition(
            Action.WITHDRAW, "撤回", _AT_HEAD | {State.SUBMITTED}, State.DRAFT, _AUTHOR, by_author=True
        ),
        *_reviewed(Action.START_REVIEW, "开始初审", State.FIRST_REVIEW, State.SUBMITTED),
        *_reviewed(Action.TO_JOINT_REVIEW, "初审通过，送会审", State.JOINT_REVIEW, State.FIRST_REVIEW),
        *_reviewed(Action.TO_FINAL_REVIEW, "会审通过，送复审", State.FINAL_REVIEW, State.JOINT_REVIEW),
        *_reviewed(Action.FILE, "立案", State.FILED, *REVIEWERS),
        *_reviewed(Action.DECLINE, "不予立案", State.DECLINED, *REVIEWERS, reasons=DECLINE_REASONS),
        *_reviewed(Action.RETURN_FOR_REVISION, "退回修改", State.RETURNED, *REVIEWERS, needs_reason=True),
        *_reviewed(Action.CONVERT, "转为社情民意信息", State.CONVERTED, *REVIEWERS, needs_reason=True),
        *_reviewed(Action.MERGE, "并案", State.MERGED, *REVIEWERS, needs_reason=True),
        Transition(Action.ASSIGN, "交办", ASSIGNABLE, State.ASSIGNED, _STAFF),
        Transition(
            Action.REHANDLE,
            "重新办理",
            frozenset({State.REPLIED, State.RATED}),
            State.REHANDLING,
            _STAFF,
            needs_reason=True,
        ),
        Transition(Action.CLOSE, "办结", frozenset({State.REPLIED, State.RATED}), State.CLOSED, _STAFF),
    ],
)


#: How a collective proposal begins, and who may take these steps: its head or, of `ASK_HEAD`, whoever else writes.
FOR_HEADS = frozenset({Action.SUBMIT, Action.CONFIRM, Action.HAND_BACK})
FOR_BODIES = frozenset({Action.ASK_HEAD, Action.CONFIRM, Action.HAND_BACK})


class Mark(StrEnum):
    """An honour that stands beside the state of a proposal on file; each is a column and a kind in the ledger."""

    KEY = "key"
    COMMENDATION = "commendation"


#: The names of setting and of lifting a mark in the track: (action, label) of each.
MARK_STEPS = {
    (Mark.KEY, True): ("mark_key", "列为重点提案"),
    (Mark.KEY, False): ("unmark_key", "取消重点提案"),
    (Mark.COMMENDATION, True): ("commend", "评为优秀提案"),
    (Mark.COMMENDATION, False): ("uncommend", "取消优秀提案"),
}

#: Steps of the track beside the life cycle.
OTHER_STEPS = {
    "enter": "机关代录",
    "undo": "撤销上一步",
    "supervise": "确定督办领导",
    "inspect": "督办检查",
    "consult": "与提案人沟通",
    "extend": "延长期限",
    "remind": "催办",
    "rate": "评价办理",
    "merge_in": "并入提案",
    "merge_out": "撤出并入的提案",
    "end_work": "承办随提案结束",
    "recalculate": "期限随放假安排调整",
}
