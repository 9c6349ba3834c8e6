"""When a topic is open, from its times alone, so that no job has to open or close it; and who may do what then."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Literal

from app.auth.permissions import Permission


class TopicState(StrEnum):
    """Where a topic stands."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    REPORTED = "reported"


STATE_LABELS = {
    TopicState.DRAFT: "草稿",
    TopicState.SCHEDULED: "未开始",
    TopicState.OPEN: "进行中",
    TopicState.CLOSED: "已结束",
    TopicState.REPORTED: "已公布成果",
}


def state_of(
    now: datetime,
    *,
    published_at: datetime | None,
    opens_at: datetime,
    closes_at: datetime,
    reported_at: datetime | None,
) -> TopicState:
    """The state of a topic at `now`; it is open from `opens_at` until just before `closes_at`."""
    if published_at is None:
        return TopicState.DRAFT
    if reported_at is not None:
        return TopicState.REPORTED
    if now < opens_at:
        return TopicState.SCHEDULED
    return TopicState.OPEN if now < closes_at else TopicState.CLOSED


Step = Literal["published", "extended", "closed", "reported"]
STEP_LABELS: dict[Step, str] = {
    "published": "发布议题",
    "extended": "延长时间",
    "closed": "提前结束",
    "reported": "公布成果",
}

Verb = Literal["reply", "edit", "publish", "extend", "close", "report"]
#: The states in which staff may run a verb.
VERBS: dict[Verb, frozenset[TopicState]] = {
    "edit": frozenset({TopicState.DRAFT}),
    "publish": frozenset({TopicState.DRAFT}),
    "extend": frozenset({TopicState.SCHEDULED, TopicState.OPEN, TopicState.CLOSED}),
    "close": frozenset({TopicState.OPEN}),
    "report": frozenset({TopicState.CLOSED, TopicState.REPORTED}),
}


def takes_replies(state: TopicState, *, staff: bool) -> bool:
    """Whether replies may be given; staff may answer until the outcome is out."""
    return state == TopicState.OPEN or (staff and state == TopicState.CLOSED)


def allowed_actions(held: Collection[Permission], state: TopicState) -> list[Verb]:
    """The verbs open to a reader who holds some permissions."""
    manages = Permission.TOPIC_MANAGE in held
    replies: list[Verb] = (
        ["reply"] if Permission.REPLY_POST in held and takes_replies(state, staff=manages) else []
    )
    return replies + [verb for verb, states in VERBS.items() if manages and state in states]


def announcement(title: str) -> str:
    """What members hear of a topic that was published."""
    return f"新议题：《{title}》"
