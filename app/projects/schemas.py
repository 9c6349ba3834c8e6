"""What projects take and give."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints, field_validator

from app.core.language.text import Draft, Input, Line, Post, Title
from app.duty.kinds import KINDS
from app.duty.measures.rules import Measure
from app.duty.schemas import DutyMeasureOut
from app.projects.lifecycle import ProjectAction, ProjectState
from app.projects.rules import DEED

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class ProjectIn(Input):
    """A project as staff, or the head of its body, write it."""

    title: Title = Field(description="On one line.", examples=["梅关镇银龄义诊"])
    campaign: Annotated[Line, StringConstraints(min_length=1, max_length=60)] = Field(
        description="The campaign that it belongs to; a new name begins one.", examples=["双助"]
    )
    body_id: Id | None = Field(default=None, description="The body that carries it; its members take part.")
    leader_seat_id: Id | None = Field(default=None, description="The member who leads it.")
    member_ids: list[Id] = Field(
        default_factory=list, max_length=200, description="Seats that take part beside those of the body."
    )
    place: Annotated[Line, Field(max_length=120)] = Field(
        default="", description="Where it is done.", examples=["梅关镇"]
    )
    plan: Annotated[Draft, Field(max_length=5_000)] = Field(default="", description="What is to be done.")
    starts_on: date = Field(description="First local day.")
    ends_on: date | None = Field(default=None, description="Last local day; none while it is not known.")
    targets: dict[Measure, Annotated[int, Field(strict=True)]] = Field(
        default_factory=dict,
        description="What is to come of it: money in fen, hours in minutes.",
        examples=[{"people": 500}],
    )

    @field_validator("targets")
    @classmethod
    def _fit_deeds(cls, targets: dict[Measure, int]) -> dict[Measure, int]:
        if fault := KINDS[DEED].measures_fault(targets):
            raise ValueError(fault)
        return targets


class ProjectStepIn(Input):
    """One step of a project."""

    action: ProjectAction = Field(description="One of the project's `actions`.")
    text: Post | None = Field(
        default=None, description="To close: the summary. To cancel: why; the members of the project read it."
    )


class ProjectActionOut(BaseModel):
    """A step that the caller may run now."""

    action: ProjectAction = Field(examples=["close"])
    action_label: str = Field(examples=["结束"])
    needs_text: bool


class ProjectRow(BaseModel):
    """A project in a list."""

    id: int
    version: int = Field(description="Goes back as `If-Match` with edits and steps.")
    state: ProjectState
    state_label: str = Field(examples=["进行中"])
    title: str
    campaign: str
    body_id: int | None
    body: str | None
    leader_seat_id: int | None
    leader: str | None
    place: str
    plan: str
    starts_on: date
    ends_on: date | None
    targets: list[DutyMeasureOut]
    summary: str | None = Field(description="What came of it; null while it is open.")
    mine: bool = Field(description="Whether I take part: as leader, by name, or in its body.")
    may_edit: bool
    may_log: bool = Field(description="Whether I may hand in a claim for it.")
    actions: list[ProjectActionOut]
    deeds_path: str = Field(description="Its confirmed deeds.")


class ProjectSeat(BaseModel):
    """A member who was named."""

    seat_id: int
    name: str
    sector: str


class ProjectStepOut(BaseModel):
    """One step that was taken."""

    at: datetime
    action: ProjectAction
    action_label: str = Field(examples=["结束"])
    state: ProjectState = Field(description="Where it led.")
    state_label: str = Field(examples=["已结束"])
    name: str | None = Field(description="Who took it; null but for those who manage the project.")
    text: str | None


class ProjectOut(ProjectRow):
    """A project with the members who were named and its track, oldest step first."""

    members: list[ProjectSeat]
    steps: list[ProjectStepOut]


class CampaignOut(BaseModel):
    """A campaign that projects belong to."""

    name: str = Field(examples=["双助"])
    path: str = Field(description="Its projects.")
