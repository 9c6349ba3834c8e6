"""What findings take and give."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.core.language.text import Input, Line, Post, Remark
from app.findings.lifecycle import Fate, FindingAction, FindingSource, FindingState

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class FindingIn(Input):
    """A suggestion as staff write it down; from a reply its text and author are taken over where left out."""

    source: FindingSource = Field(description="Where it was made.")
    subject_id: Id = Field(
        description="The topic, activity, output or matter in which it was made, by its source."
    )
    reply_id: Id | None = Field(
        default=None, description="Of a topic: the reply from which it is taken over."
    )
    clause: Annotated[Line, Field(max_length=120)] = Field(
        default="", description="Of a law: the clause that it is about.", examples=["第十二条第二款"]
    )
    body: Post | None = Field(default=None, description="Its text; needed where there is no reply.")
    seat_ids: list[Id] = Field(
        default_factory=list,
        max_length=20,
        description="Its authors, the first one leads; the reply's when empty. Of a matter there may be none.",
    )
    unit_id: Id | None = Field(default=None, description="The unit that shall answer; needed to send it.")


class FindingStepIn(Input):
    """One step; `due_on` goes with sending, `fate` and `result` with an answer, `result` with a follow-up as well."""

    action: FindingAction = Field(description="One of the finding's `actions`.")
    reason: Remark | None = Field(
        default=None, description="Why; of an answer that does not adopt it all, needed."
    )
    due_on: date | None = Field(
        default=None, description="By when; else as the organization's settings count working days."
    )
    fate: Fate | None = Field(default=None, description="What the unit does with it.")
    result: Post | None = Field(default=None, description="What came of it.")


class FindingAuthorOut(BaseModel):
    """A member who made a suggestion."""

    seat_id: int
    name: str
    sector: str


class FindingActionOut(BaseModel):
    """A step that the caller may run now."""

    action: FindingAction
    action_label: str = Field(examples=["交办"])
    needs_reason: bool


class FindingRow(BaseModel):
    """A suggestion in a list; its fate is shown to its authors once it is released."""

    id: int
    version: int = Field(description="Goes back as `If-Match` with edits and steps.")
    state: FindingState
    state_label: str = Field(examples=["已反馈"])
    source: FindingSource
    source_label: str = Field(examples=["网络议政"])
    source_title: str = Field(description="The topic, activity, output or matter.")
    source_path: str | None = Field(description="What opens it, for who may see it.")
    clause: str
    body: str
    authors: list[FindingAuthorOut]
    unit_id: int | None
    unit: str | None = Field(description="Its addressee.")
    due_on: date | None = Field(description="The last day for the answer, once it was sent.")
    late: bool = Field(description="That day has gone by without an answer.")
    fate: Fate | None
    fate_label: str | None = Field(examples=["部分采纳"])
    reason: str | None = Field(description="Of the unit.")
    result: str | None = Field(description="What came of it.")
    created_at: datetime
    answered_at: datetime | None
    released_at: datetime | None
    may_edit: bool
    actions: list[FindingActionOut]


class FindingStepOut(BaseModel):
    """One step that was taken."""

    at: datetime
    action: FindingAction
    action_label: str = Field(examples=["答复"])
    state: FindingState = Field(description="Where it led.")
    state_label: str = Field(examples=["待反馈"])
    name: str | None = Field(description="Who took it; authors see no names of officials: null.")
    reason: str | None
    fate_label: str | None
    result: str | None


class FindingOut(FindingRow):
    """A suggestion with its track, oldest step first."""

    reply_id: int | None
    steps: list[FindingStepOut]


FigureGroup = Literal["source", "sector", "unit", "year"]


class FindingFigure(BaseModel):
    """How many released findings of one group were adopted; `path` is the list of exactly these."""

    key: str
    label: str
    released: int
    adopted: int
    partly: int
    refused: int
    rate: float | None = Field(description="Adopted whole or in part of what was released, in percent.")
    path: str


class FindingFigures(BaseModel):
    """The adoption of findings by one division; a finding of two sectors counts in both, and once in the whole."""

    whole: FindingFigure
    groups: list[FindingFigure]
