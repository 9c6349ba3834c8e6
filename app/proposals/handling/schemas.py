"""What the handling of proposals takes and gives."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from app.core.language.text import Draft, Essay, Input, Line, Remark
from app.files.schemas import FileOut
from app.proposals.assignments.lifecycle import (
    AssignmentAction,
    AssignmentState,
    Grade,
    ResultClass,
    UnitRole,
)
from app.proposals.assignments.rules import DeadlineKind
from app.proposals.talks.schemas import ConsultationOut

Count = Annotated[int, Field(ge=0, le=100)]
NoteAction = Literal["progress", "kept", "postponed", "dropped"]


class WorkTransitionIn(Input):
    """One step of a unit's work."""

    action: AssignmentAction = Field(description="One of the assignment's `actions`.")
    reason: Remark | None = Field(default=None, description="Asked for where the action `needs_reason`.")


class UndoIn(Input):
    """Which step was wrong, and why."""

    step_id: Annotated[int, Field(ge=1, le=2**63 - 1)] = Field(description="The track's `undoable` step.")
    reason: Remark = Field(description="Why.")


class DeadlineExtensionIn(Input):
    """A later day for a deadline that has not gone by."""

    due_on: date = Field(description="The new day.")
    reason: Remark = Field(description="Why.")


class UnitReplyIn(Input):
    """The whole draft of a reply; every part may be empty until it is submitted."""

    body: Draft = Field(default="", description="The text of the reply.")
    result_class: ResultClass | None = Field(default=None, description="What has become of the suggestions.")
    asked: Annotated[int, Field(ge=1, le=100)] | None = Field(
        default=None, description="How many suggestions the proposal makes."
    )
    adopted: Count | None = Field(default=None, description="How many of them are taken up.")
    commitment: Remark | None = Field(default=None, description="What is promised for later.")
    commitment_due_on: date | None = Field(default=None, description="By when.")
    contact: Line | None = Field(default=None, description="Whom to ask.", max_length=120)


class RatingIn(Input):
    """What a signer thinks of a reply."""

    stage: Annotated[int, Field(ge=1, le=2)] = Field(
        default=1, description="1 after the reply, 2 after what it promised."
    )
    attitude: Grade = Field(description="Of the unit's attitude.")
    result: Grade = Field(description="Of the result.")
    remark: Remark | None = Field(
        default=None,
        description="The unit reads it once the proposal is closed. Who is dissatisfied says why, here or there.",
    )
    private_remark: Remark | None = Field(default=None, description="Only the secretariat reads it.")

    @property
    def complains(self) -> bool:
        """Whether the signer is dissatisfied."""
        return "dissatisfied" in {self.attitude, self.result}


class CommitmentNoteIn(Input):
    """An entry about a commitment."""

    action: NoteAction = Field(description="Progress, kept, postponed or dropped.")
    body: Remark = Field(description="What was done, or why.")
    due_on: date | None = Field(default=None, description="With `postponed`: the new day.")


class SupervisionIn(Input):
    """Who looks after a key proposal, and when."""

    supervisor_id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = Field(
        default=None, description="Account of a leader; nobody when left out."
    )
    month: Annotated[str, StringConstraints(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")] | None = Field(
        default=None, description="The supervision month (督办月).", examples=["2026-06"]
    )
    reason: Remark | None = Field(default=None, description="Why.")


class InspectionIn(Input):
    """What was seen when a key proposal was looked after."""

    held_on: date = Field(description="Local day, not later than today.")
    body: Essay = Field(description="What was seen and asked for.")


class WorkActionOut(BaseModel):
    """A step of a unit's work that the caller may run now."""

    action: AssignmentAction
    action_label: str = Field(examples=["签收"])
    needs_reason: bool


class AssignmentOut(BaseModel):
    """One unit's share of a proposal."""

    id: int
    unit_id: int
    unit_name: str
    role: UnitRole
    role_label: str = Field(examples=["主办"])
    state: AssignmentState
    state_label: str = Field(examples=["办理中"])
    note: str | None
    assigned_at: datetime
    replied_at: datetime | None
    actions: list[WorkActionOut]
    may: list[Literal["write_reply", "consult"]]


class DeadlineOut(BaseModel):
    """A day by which something is due."""

    id: int
    proposal_id: int
    assignment_id: int | None
    unit_id: int | None
    unit_name: str | None
    kind: DeadlineKind
    kind_label: str = Field(examples=["答复提案人"])
    starts_on: date
    due_on: date
    how: str = Field(
        description="How the day was computed.", examples=["自2026年3月2日起3个月，至2026年6月2日"]
    )
    met_on: date | None
    lifted_on: date | None
    state: Literal["open", "overdue", "lapsed", "met", "lifted"]
    state_label: str = Field(examples=["已超期"])
    is_late: bool = Field(description="It was met after the day.")
    workdays_left: int | None = Field(description="Working days to go; negative after the day.")


class DeadlineRow(DeadlineOut):
    """A deadline in a list, with its proposal."""

    title: str
    number: int | None
    window_name: str | None = Field(description="In which the number counts.", examples=["五届二次会议"])


class UnitReplyOut(BaseModel):
    """A reply of a unit."""

    id: int
    assignment_id: int
    unit_name: str
    role: UnitRole
    role_label: str = Field(examples=["主办"])
    round: int
    version: int = Field(description="Send it back as `If-Match` with an edit.")
    body: str
    result_class: ResultClass | None
    result_class_label: str | None = Field(examples=["正在解决"])
    letter: str | None = Field(description="The organization's letter of the result.", examples=["B"])
    asked: int | None
    adopted: int | None
    commitment: str | None
    commitment_due_on: date | None
    contact: str | None
    attachments: list[FileOut]
    saved_at: datetime
    submitted_at: datetime | None
    replied_at: datetime | None


class RatingSum(BaseModel):
    """How signers rated a reply, in sum."""

    reply_id: int
    stage: int
    raters: int
    attitude: dict[Grade, int] | None = Field(
        description="How many gave each grade; for a unit not of a single rating before the proposal is closed."
    )
    result: dict[Grade, int] | None


class RatingOut(BaseModel):
    """A signer's rating of a reply; who that was is empty where the organization hides it from units."""

    reply_id: int
    stage: int
    seat_id: int | None
    name: str | None
    post: str | None
    post_label: str | None = Field(examples=["委员"])
    sector: str | None
    attitude: Grade
    attitude_label: str = Field(examples=["满意"])
    result: Grade
    result_label: str = Field(examples=["基本满意"])
    remark: str | None
    private_remark: str | None = Field(description="For its writer and the secretariat only.")
    rated_at: datetime | None


class CommitmentNoteOut(BaseModel):
    """An entry about a commitment."""

    action: Literal[NoteAction, "replaced"]
    action_label: str = Field(examples=["延期"])
    body: str
    from_on: date | None
    to_on: date | None
    actor: str
    at: datetime


class CommitmentOut(BaseModel):
    """What a reply promised for later."""

    id: int
    proposal_id: int
    title: str
    number: int | None
    window_name: str | None = Field(description="In which the number counts.", examples=["五届二次会议"])
    reply_id: int
    unit_id: int
    unit_name: str
    result_class: ResultClass
    result_class_label: str = Field(examples=["正在解决"])
    body: str
    due_on: date
    state: Literal["open", "kept", "dropped", "replaced"]
    state_label: str = Field(examples=["兑现中"])
    is_overdue: bool
    created_at: datetime
    ended_at: datetime | None
    notes: list[CommitmentNoteOut]
    may_note: bool


class InspectionOut(BaseModel):
    """What was seen when a key proposal was looked after."""

    id: int
    held_on: date
    body: str
    actor: str
    at: datetime


class HandlingOut(BaseModel):
    """How a proposal is handled, as far as the reader may see it."""

    round: int
    supervisor_id: int | None
    supervisor_name: str | None
    supervisor_left: bool = Field(
        description="Its supervisor is no leader any more, so that another one is needed."
    )
    assignments: list[AssignmentOut]
    deadlines: list[DeadlineOut]
    consultations: list[ConsultationOut]
    replies: list[UnitReplyOut]
    ratings: list[RatingOut] = Field(description="For a unit that handles it once the proposal is closed.")
    rating_sums: list[RatingSum]
    commitments: list[CommitmentOut]
    inspections: list[InspectionOut]
    may: list[Literal["inspect", "supervise"]]
    to_rate: list[int] = Field(description="Replies that wait for the caller's rating.")
    to_rate_again: list[int] = Field(
        description="Replies that wait for the caller's second rating: their promise has ended, or half a year has."
    )
