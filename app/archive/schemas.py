"""What claims and appeals take and give."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from app.archive.lifecycle import ClaimAction, ClaimKind, ClaimState
from app.core.language.text import Draft, Input, Remark
from app.duty.records import RecordRole
from app.duty.schemas import ActIn, DutyMeasureOut, OutsideActIn
from app.files.schemas import FileOut
from app.people.models import Level

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
FileKey = Annotated[str, Field(max_length=32, pattern=r"^[A-Za-z0-9_-]+$")]
Reason = Annotated[Remark, Field(max_length=200)]


class ClaimIn(Input):
    """A claim names an `act` done elsewhere; an appeal says in `body` what is wrong with a record, or is missing."""

    act: ActIn | None = Field(default=None, description="A claim: what was done.")
    record_id: Id | None = Field(
        default=None, description="An appeal: which of my records is wrong; none where one is missing."
    )
    project_id: Id | None = Field(
        default=None, description="A claim of a deed (服务群众): the project in which it was done."
    )
    body: Annotated[Draft, Field(max_length=2_000)] = Field(
        default="", description="In the member's own words; an appeal needs some."
    )
    files: list[FileKey] = Field(
        default_factory=list, max_length=9, description="Keys of my uploaded files: the proof."
    )


class ClaimStepIn(Input):
    """One step of a claim or an appeal; what is to be recorded goes with `confirm` only."""

    action: ClaimAction = Field(description="One of the claim's `actions`.")
    reason: Reason | None = Field(default=None, description="Why; the member reads it.")
    act: OutsideActIn | None = Field(
        default=None, description="What is recorded: of a claim the member's own act when left out."
    )
    void: bool = Field(default=False, description="Of an appeal: void the record that is wrong.")
    record_id: Id | None = Field(
        default=None, description="Of an appeal: the record that is right, corrected where it came about."
    )


class ClaimActOut(BaseModel):
    """The act that a claim names."""

    kind: str = Field(examples=["speech.delivered"])
    kind_label: str = Field(examples=["大会发言"])
    form: str | None = Field(examples=["oral"])
    form_label: str | None = Field(examples=["口头发言"])
    title: str
    held_on: date
    place: str
    role: RecordRole
    role_label: str = Field(examples=["主要承担"])
    level: Level
    level_label: str = Field(examples=["省级"])
    measures: list[DutyMeasureOut]


class ClaimRecordOut(BaseModel):
    """A record that a claim is about."""

    id: int
    kind: str = Field(examples=["activity.absent"])
    kind_label: str = Field(examples=["会议活动缺席"])
    on: date
    title: str
    path: str | None = Field(description="Opens the subject; null when I may not see it.")
    void_reason: str | None = Field(description="Why it was voided; null while it stands.")


class ClaimProjectOut(BaseModel):
    """The project in which something was done."""

    id: int
    title: str
    path: str


class ClaimActionOut(BaseModel):
    """A step that the caller may run now."""

    action: ClaimAction = Field(examples=["confirm"])
    action_label: str = Field(examples=["确认"])
    needs_reason: bool


class ClaimRow(BaseModel):
    """A claim or an appeal, for its member and the secretariat."""

    id: int
    kind: ClaimKind
    kind_label: str = Field(examples=["履职申报"])
    state: ClaimState
    state_label: str = Field(examples=["待确认"])
    version: int = Field(description="Goes back as `If-Match` with edits and steps.")
    seat_id: int
    name: str = Field(description="Of the member.")
    title: str = Field(description="The act's, or what is appealed against.")
    act: ClaimActOut | None
    project: ClaimProjectOut | None = Field(description="In which it was done.")
    record: ClaimRecordOut | None = Field(description="The record appealed against.")
    recorded: ClaimRecordOut | None = Field(description="The record as the decision left it.")
    body: str
    files: list[FileOut]
    reason: str | None = Field(description="Of the decision.")
    created_at: datetime
    edited_at: datetime
    decided_at: datetime | None
    may_edit: bool
    actions: list[ClaimActionOut]


class ClaimStepOut(BaseModel):
    """One step that was taken."""

    at: datetime
    action: ClaimAction
    action_label: str = Field(examples=["不予确认"])
    state: ClaimState = Field(description="Where it led.")
    state_label: str = Field(examples=["未确认"])
    name: str | None = Field(description="Who took it; members see staff as the secretariat: null.")
    reason: str | None


class ClaimOut(ClaimRow):
    """A claim or an appeal with its track, oldest step first."""

    steps: list[ClaimStepOut]
    alike: list[ClaimRecordOut] = Field(
        description="For staff, while a claim waits: the member's records of this kind and day."
    )
