"""Pure rules of proposals: what makes one complete, what is only advice, and who belongs to which circle."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal, Protocol

from app.auth.actor import Actor
from app.auth.permissions import PROPOSAL_STAFF, Role
from app.core.errors import FieldError
from app.duty.forms import PROPOSALS
from app.proposals.lifecycle import AUDIENCE, MARK_STEPS, REVIEWERS, UNDER_REVIEW, Audience, ProposalState
from app.proposals.talks.lifecycle import TalkAction

#: Days that an invited co-signer has to answer, and the most that the author may give.
ANSWER_DAYS, MOST_ANSWER_DAYS = 7, 60

_CUSTOMARY_TITLE = re.compile("^关于.+的(建议|提案)$")


class ProposalKind(StrEnum):
    """Who puts a proposal forward."""

    INDIVIDUAL = "individual"
    JOINT = "joint"
    COLLECTIVE = "collective"


#: Kinds that name further members who agree to it.
NAMES_OTHERS = frozenset({ProposalKind.JOINT, ProposalKind.COLLECTIVE})

#: When it came: 会议期间 or 闭会期间.
Period = Literal["during", "between"]
PERIOD_LABELS: dict[str, str] = {"during": "会议期间", "between": "闭会期间"}

KIND_LABELS = {kind: PROPOSALS[kind] for kind in ProposalKind}

SignerRole = Literal["lead", "participant"]
_SIGNER_LABELS: dict[SignerRole, str] = {"lead": "提案人", "participant": "联名人"}
_NAMED_LABELS: dict[SignerRole, str] = {"lead": "执笔人", "participant": "署名人"}


def signer_label(kind: str, role: SignerRole) -> str:
    """What a member is to a proposal; in a collective one the body is its author."""
    return (_NAMED_LABELS if kind == ProposalKind.COLLECTIVE else _SIGNER_LABELS)[role]


#: Where a signature stands; `expired`: an invitation that was not answered in time; `unconfirmed`: the text has changed
#: since; `lapsed`: it was submitted so.
Signature = Literal["invited", "accepted", "declined", "expired", "unconfirmed", "lapsed"]
SIGNATURE_LABELS: dict[Signature, str] = {
    "invited": "待答复",
    "accepted": "已同意联名",
    "declined": "已谢绝",
    "expired": "已过期",
    "unconfirmed": "待再次确认",
    "lapsed": "修改后未再确认，不计联名",
}

#: The customary fields of proposals, offered to authors; organizations may use words of their own.
CATEGORIES = ("经济建设", "政治建设", "文化建设", "社会建设", "生态文明建设")

#: What may be done to a proposal beside the steps of its life cycle.
Verb = Literal["edit", "attach", "invite", "delete", "answer", "mark"]


def circle(actor: Actor) -> Audience | None:
    """The innermost circle that the actor belongs to; None for those outside all of them."""
    if actor.permissions & PROPOSAL_STAFF:
        return Audience.STAFF
    if Role.LEADER in actor.roles:
        return Audience.LEADERS
    return Audience.MEMBERS if {Role.MEMBER, Role.OUTGOING_MEMBER, Role.SECRETARIAT} & actor.roles else None


def states_seen(actor: Actor) -> list[ProposalState]:
    """The states in which the actor sees the proposals of others."""
    mine = circle(actor)
    return [] if mine is None else [state for state, audience in AUDIENCE.items() if audience >= mine]


#: How many reviews there are, in words.
REVIEW_NAMES = {1: "初审", 2: "初审、会审", 3: "初审、会审、复审"}
_REACHED = tuple(REVIEWERS)


def may_file(state: ProposalState, reviews: int) -> bool:
    """Whether a proposal that stands at `state` has come to the last of its `reviews`; a single one may be skipped."""
    return state in UNDER_REVIEW and (reviews == 1 or _REACHED.index(state) >= reviews)


def answer_day(today: date, wished: date | None) -> date | None:
    """The last day to answer an invitation; None when `wished` is past or too far ahead."""
    day = wished or today + timedelta(days=ANSWER_DAYS)
    return day if today <= day <= today + timedelta(days=MOST_ANSWER_DAYS) else None


NO_BODY = FieldError(field="body_id", code="missing", detail="请选择集体提案的提出单位。")


class Written(Protocol):
    """What completeness asks of a proposal."""

    kind: str
    body_id: int | None
    title: str
    situation: str
    suggestions: str
    publish_consent: bool | None
    publish_reason: str | None


def faults(of: Written, *, cosigners: int) -> list[FieldError]:
    """What keeps a proposal from being submitted; `cosigners` have accepted."""
    parts = {
        "title": ("案由", of.title),
        "situation": ("情况分析", of.situation),
        "suggestions": ("具体建议", of.suggestions),
    }
    found = [
        FieldError(field=field, code="missing", detail=f"请填写{label}。")
        for field, (label, text) in parts.items()
        if not text.strip()
    ]
    if of.kind == ProposalKind.COLLECTIVE and not of.body_id:
        found.append(NO_BODY)
    if of.publish_consent is False and not of.publish_reason:
        found.append(FieldError(field="publish_reason", code="missing", detail="请说明不宜公开的理由。"))
    if of.kind == ProposalKind.JOINT and not cosigners:
        found.append(FieldError(field="signers", code="missing", detail="联名提案至少要有一位委员同意联名。"))
    return found


def advice(title: str, *, publish_consent: bool | None) -> list[str]:
    """Customs that a proposal need not follow, as Chinese sentences for its author."""
    found = [] if _CUSTOMARY_TITLE.match(title) else ["案由一般写成“关于……的建议”。"]
    return found if publish_consent is not None else [*found, "请说明是否同意公开提案内容。"]


#: Steps that stand beside the way of a proposal: later ones do not keep an earlier step from being undone.
_BESIDE = frozenset(
    {"consult", "inspect", "supervise", "remind", "merge_in", "merge_out", "end_work", "recalculate"}
    | {a for a, _ in MARK_STEPS.values()}
    | set(TalkAction)
)


class TrackStep(Protocol):
    """What undoing asks of a step."""

    id: int
    action: str
    undoes_id: int | None
    before: object


def undoable(newest_first: Sequence[TrackStep]) -> int | None:
    """The step that may be undone: the newest that still stands, if it is one of the secretariat."""
    undone = {step.undoes_id for step in newest_first}
    for step in newest_first:
        if step.undoes_id is None and step.id not in undone and step.action not in _BESIDE:
            return step.id if step.before else None
    return None
