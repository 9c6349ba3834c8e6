"""What opinion reports take and give."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from app.core.language.text import Draft, DraftTitle, Input, Name, Remark
from app.opinions.lifecycle import OpinionAction, OpinionKind, OpinionState, Tier, Verb
from app.people.paper.schemas import PaperOut

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


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


class CombinationIn(OpinionIn):
    """A combined report (综合信息), and the reports that it is made of."""

    source_ids: list[Id] = Field(
        description="Reports on the desk; further ones can join later.", min_length=2, max_length=50
    )


class OpinionTransitionIn(Input):
    """One step of the life cycle."""

    action: OpinionAction = Field(description="One of the report's `actions`.")
    reason: Remark | None = Field(default=None, description="Why, or any remark.")
    tier: Tier | None = Field(
        default=None, description="Where it is issued, forwarded, adopted or commented on."
    )
    leader: Name | None = Field(default=None, description="Whose comment (批示) it is.", examples=["副市长"])
    words: Remark | None = Field(default=None, description="The words of the comment.")
    into_id: Id | None = Field(default=None, description="The combined report that it becomes a part of.")
    step_id: Id | None = Field(default=None, description="The step to undo, as the action names it.")


class OpinionActionOut(BaseModel):
    """A step that the caller may run now, and what it asks for."""

    action: OpinionAction = Field(examples=["adopt"])
    action_label: str = Field(examples=["采用"])
    needs_reason: bool
    needs_tier: bool
    needs_leader: bool = Field(description="A leader who comments is known.")
    needs_words: bool
    needs_into: bool = Field(description="Whether `into_id` is asked for.")
    step_id: int | None = Field(description="Send it back with `undo`: the step that would be undone.")


class OpinionRow(BaseModel):
    """A report in a list."""

    id: int
    version: int = Field(description="Send it back as `If-Match` with an edit.")
    kind: OpinionKind
    kind_label: str = Field(examples=["单篇信息"])
    state: OpinionState
    state_label: str = Field(examples=["已采用"])
    title: str
    tier: Tier | None = Field(description="The highest tier at which it was issued or adopted.")
    tier_label: str | None = Field(examples=["市级"])
    seat_id: int | None = Field(description="None where no member stands behind it, as with `author_…`.")
    author_name: str | None
    author_post: str | None
    author_post_label: str | None = Field(examples=["常务委员"])
    author_sector: str | None
    comment_count: int = Field(description="Leaders' comments.")
    created_at: datetime
    edited_at: datetime
    submitted_at: datetime | None
    issued_at: datetime | None = Field(description="When it was issued, as long as that holds.")


class ReportRef(BaseModel):
    """Another report; `id` only if the caller may open it."""

    id: int | None
    title: str


class SourceOut(BaseModel):
    """A report that became a part of a combined one; its author gets credit for what becomes of that."""

    id: int | None = Field(description="Only if the caller may open it, as with `title`.")
    title: str | None
    seat_id: int | None
    author_name: str | None
    author_sector: str | None


class OpinionOut(OpinionRow, PaperOut):
    """A report with its text and what the caller may do with it."""

    body: str
    body_name: str | None = Field(description="The body (party, sector …) that reports, if one does.")
    state_reason: str | None = Field(description="The reason that came with the last change of state.")
    combined_into: ReportRef | None = Field(description="The combined report that it is a part of.")
    sources: list[SourceOut] = Field(description="What a combined report is made of.")
    lead_id: int | None = Field(description="The lead that it was made of; for staff.")
    issue_year: int | None = Field(description="The year of `issue_number`.")
    issue_number: int | None = Field(
        description="The running number of its issue (期号) in a year, once it was issued by itself.",
        examples=[27],
    )
    actions: list[OpinionActionOut]
    may: list[Verb] = Field(description="Further verbs open to the caller.", examples=[["edit"]])


class OpinionVersionRow(BaseModel):
    """One saved version."""

    version: int
    title: str
    saved_by: str
    saved_at: datetime


class OpinionVersionOut(OpinionVersionRow):
    """The text of one saved version."""

    body: str


class OpinionStepOut(BaseModel):
    """One step of a report."""

    id: int
    at: datetime
    actor: str
    action: str = Field(examples=["issue"])
    action_label: str = Field(examples=["签发"])
    from_state: OpinionState
    from_state_label: str
    to_state: OpinionState
    to_state_label: str
    tier: Tier | None
    tier_label: str | None
    leader: str | None
    words: str | None = Field(description="A leader's comment.")
    reason: str | None
    other: ReportRef | None = Field(description="The combined report in which, or with which, it was taken.")
    undoes_id: int | None = Field(description="The earlier step that this one undid.")
    undone: bool


class OpinionTrackOut(BaseModel):
    """The way of a report so far, oldest step first, and what the caller may do next."""

    state: OpinionState
    state_label: str
    steps: list[OpinionStepOut]
    actions: list[OpinionActionOut]
