"""When a topic is open: pure, from its times alone, so that no job has to open or close it."""

from datetime import datetime
from enum import StrEnum


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
