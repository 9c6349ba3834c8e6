"""What matters take and give."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.cases.rules import Judgement
from app.consultations.matters.lifecycle import MatterAction, MatterSource, MatterState
from app.consultations.matters.notes.schemas import MatterNoteOut
from app.consultations.venues.rules import VenueLevel
from app.core.language.text import Input, Line, Name, Post, Remark, Title

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
MatterVerb = Literal["note", "link", "release", "withhold", "contact"]


class MatterIn(Input):
    """A matter as a member, a convener or the office for a company brings it."""

    title: Title = Field(description="What it is about, in a line.", examples=["老旧小区加装电梯"])
    body: Post = Field(description="Who is concerned, where, since when, what would help.")
    venue_id: Id | None = Field(default=None, description="At which venue; none: with the office.")
    company: Annotated[Line, Field(max_length=120)] = Field(
        default="", description="The company for which the office brings it."
    )
    contact: Line = Field(default="", description="Whom to ask at the company; read by staff alone.")


class CitizenMatterIn(Input):
    """A matter in the words of a citizen."""

    title: Title = Field(description="What it is about, in a line.", examples=["小区门口的路灯不亮"])
    body: Post = Field(description="What is the matter: where, since when, what would help.")
    name: Name | None = Field(default=None, description="How to call who brings it; may be left out.")
    contact: Line | None = Field(
        default=None, description="Telephone or e-mail for questions; may be left out, erased after a time."
    )


class EnteredMatterIn(CitizenMatterIn):
    """A matter that the office records for a citizen."""

    venue_id: Id | None = Field(default=None, description="At which venue; none: with the office.")


class MatterReceipt(BaseModel):
    """What a citizen keeps of a matter: the code is shown only once."""

    code: str = Field(description="Tells what becomes of the matter.", examples=["K7MW-2XRT-Q5DH"])
    received_at: datetime


class EnteredMatter(MatterReceipt):
    """The receipt for the citizen, and the matter for the office."""

    id: int


class MatterStepIn(Input):
    """One step; `into_id` goes with a merge, `result` with whether it is solved."""

    action: MatterAction = Field(description="One of the matter's `actions`.")
    reason: Remark | None = Field(default=None, description="Why, or what is said of the result.")
    into_id: Id | None = Field(default=None, description="The matter into which it is merged.")
    result: Post | None = Field(default=None, description="What came of it; who brought it reads it.")


class MeetingIn(Input):
    """The activity that meets on a matter."""

    activity_id: Id | None = Field(description="A consultation; null: none.")


class ReleaseIn(Input):
    """What the public reads of a matter, written for it."""

    title: Title = Field(description="What it is called there.", examples=["滨江小区三部电梯建成"])
    problem: Post = Field(description="What it was about.")
    result: Post | None = Field(default=None, description="What came of it, once that is known.")


class MatterActionOut(BaseModel):
    """A step that the caller may run now."""

    action: MatterAction
    action_label: str = Field(examples=["受理"])
    needs_reason: bool


class MatterRow(BaseModel):
    """A matter in a list."""

    id: int
    version: int = Field(description="Goes back as `If-Match` with steps.")
    state: MatterState
    state_label: str = Field(examples=["跟踪落实"])
    source: MatterSource
    source_label: str = Field(examples=["群众"])
    title: str
    body: str
    brought_by: str = Field(
        description="The member, the convener or the company; of a citizen no name.", examples=["群众"]
    )
    seat_id: int | None
    venue_id: int | None
    venue: str | None = Field(description="Null: the office.")
    level: VenueLevel | None
    level_label: str | None = Field(examples=["乡镇（街道）"])
    activity_id: int | None
    activity: str | None = Field(description="The meeting on it.")
    into_id: int | None = Field(description="Into which matter it was merged.")
    met_at: datetime | None
    solved: bool | None
    result: str | None
    judgement: Judgement | None
    judgement_label: str | None = Field(examples=["基本满意"])
    released_at: datetime | None
    created_at: datetime
    actions: list[MatterActionOut]


class MatterStepOut(BaseModel):
    """One step that was taken."""

    at: datetime
    action: MatterAction
    action_label: str = Field(examples=["受理"])
    state: MatterState = Field(description="Where it led.")
    state_label: str = Field(examples=["已受理"])
    name: str | None = Field(description="Who took it, for those who work on it; null for others.")
    reason: str | None
    result: str | None
    undone: bool = Field(description="Whether a later step took it back.")


class MatterFindingOut(BaseModel):
    """A suggestion that was made of a matter; to others than those who work on it only once it is answered."""

    id: int
    body: str
    unit: str | None
    due_on: date | None
    state_label: str = Field(examples=["待答复"])
    fate_label: str | None = Field(examples=["采纳"])
    result: str | None
    path: str | None = Field(description="What opens it, for who may see it.")


class ReleasedWords(BaseModel):
    """What the public reads of a matter."""

    title: str
    problem: str
    result: str | None


class MatterOut(MatterRow):
    """A matter with its preparation, suggestions and track."""

    merged: list[str] = Field(description="The titles of those that were merged into it.")
    release: ReleasedWords | None
    notes: list[MatterNoteOut]
    findings: list[MatterFindingOut]
    steps: list[MatterStepOut]
    may: list[MatterVerb] = Field(description="What else the caller may do with it.")


class MatterContact(BaseModel):
    """Who brought a matter without an account."""

    name: str | None
    contact: str | None


MatterGroup = Literal["source", "venue", "level"]


class MatterCount(BaseModel):
    """A figure; `path` is the list of exactly what it counts."""

    label: str = Field(examples=["已协商"])
    count: int
    path: str


class MatterFigure(BaseModel):
    """The figures of one group, always the same in the same order."""

    key: str
    label: str
    counts: list[MatterCount]


class MatterFigures(BaseModel):
    """The figures of matters by one division; matters without a venue count in the whole alone."""

    whole: MatterFigure
    groups: list[MatterFigure]
