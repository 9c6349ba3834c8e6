"""What opinion reports take and give."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.core.text import Draft, DraftTitle, Input, Name, Remark
from app.opinions.lifecycle import Action, State, Tier, Verb


class OpinionIn(Input):
    """The whole text of a report; both parts may be empty until it is submitted."""

    title: DraftTitle = Field(
        default="", description="On one line.", examples=["老旧小区充电设施不足应予重视"]
    )
    body: Draft = Field(
        default="",
        description="Plain text, up to 20,000 characters.",
        examples=["近期走访发现，三个社区共有电动车一千二百辆……"],
    )


class TransitionIn(Input):
    """One step of the life cycle."""

    action: Action = Field(description="One of the report's `actions`.")
    reason: Remark | None = Field(default=None, description="Why it is returned, or any remark.")
    tier: Tier | None = Field(
        default=None, description="Where it is issued, forwarded, adopted or commented on."
    )
    leader: Name | None = Field(default=None, description="Whose comment (批示) it is.", examples=["副市长"])
    words: Remark | None = Field(default=None, description="The words of the comment.")


class ActionOut(BaseModel):
    """A step that the caller may run now, and what it asks for."""

    action: Action = Field(examples=["adopt"])
    action_label: str = Field(examples=["采用"])
    needs_reason: bool
    needs_tier: bool
    needs_comment: bool = Field(description="Whether `leader` and `words` are asked for.")


class OpinionRow(BaseModel):
    """A report in a list."""

    id: int
    version: int = Field(description="Send it back as `If-Match` with an edit.")
    state: State
    state_label: str = Field(examples=["已采用"])
    title: str
    tier: Tier | None = Field(description="The highest tier at which it was issued, or later adopted.")
    tier_label: str | None = Field(examples=["市级"])
    seat_id: int
    author_name: str
    author_post: str
    author_post_label: str = Field(examples=["常务委员"])
    author_sector: str
    comment_count: int = Field(description="Leaders' comments.")
    created_at: datetime
    edited_at: datetime
    submitted_at: datetime | None


class OpinionOut(OpinionRow):
    """A report with its text and what the caller may do with it."""

    body: str
    state_reason: str | None = Field(description="The reason that came with the last change of state.")
    actions: list[ActionOut]
    may: list[Verb] = Field(description="Further verbs open to the caller.", examples=[["edit"]])


class VersionRow(BaseModel):
    """One saved version."""

    version: int
    title: str
    saved_by: str
    saved_at: datetime


class VersionOut(VersionRow):
    """The text of one saved version."""

    body: str


class StepOut(BaseModel):
    """One step of a report."""

    id: int
    at: datetime
    actor: str
    action: Action
    action_label: str
    from_state: State
    from_state_label: str
    to_state: State
    to_state_label: str
    tier: Tier | None
    tier_label: str | None
    leader: str | None
    words: str | None = Field(description="A leader's comment.")
    reason: str | None


class TrackOut(BaseModel):
    """The way of a report so far, oldest step first, and what the caller may do next."""

    state: State
    state_label: str
    steps: list[StepOut]
    actions: list[ActionOut]
