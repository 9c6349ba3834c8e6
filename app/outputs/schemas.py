"""What outputs take and give."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.core.language.text import Draft, Input, Name, Remark, Title, clean
from app.files.schemas import FileOut
from app.outputs.lifecycle import Asked, OutputAction, OutputKind, OutputState

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Lines = Annotated[str, StringConstraints(max_length=500), AfterValidator(clean)]


class OutputIn(Input):
    """An output as staff write it; until it is submitted all but kind and title may still be empty."""

    kind: OutputKind = Field(description="What kind of paper; it stays once there is a number.")
    title: Title = Field(description="What it is about.")
    body: Draft = Field(default="", description="Its text.")
    seat_ids: list[Id] = Field(
        default_factory=list, max_length=30, description="The members named in it, the first one leads."
    )
    body_id: Id | None = Field(default=None, description="The body in whose name it is written, if one is.")
    addressees: Lines = Field(
        default="", description="To whom it goes, one in a line.", examples=["市委\n市政府"]
    )
    copies: Lines = Field(default="", description="Who gets a copy (抄送), one in a line.")
    unit_ids: list[Id] = Field(
        default_factory=list, max_length=30, description="Units of the platform to which it goes."
    )
    file_keys: list[Annotated[str, Field(max_length=32)]] = Field(
        default_factory=list, max_length=20, description="Keys of attached files, in order of upload."
    )


class OutputStepIn(Input):
    """One step; a comment or decision says by whom and when, undoing names the step."""

    action: OutputAction = Field(description="One of the output's `actions`.")
    reason: Remark | None = Field(default=None, description="Why; needed where the action says so.")
    who: Name | None = Field(default=None, description="The leader, or the body that decided.")
    said_on: date | None = Field(default=None, description="The day of the comment or decision.")
    words: Remark | None = Field(default=None, description="The leader's words.")
    step_id: Id | None = Field(default=None, description="Of `undo`: the step that is undone.")


class OutputAuthorOut(BaseModel):
    """A member named in an output."""

    seat_id: int
    name: str
    sector: str


class OutputUnitOut(BaseModel):
    """A unit to which an output goes."""

    id: int
    name: str


class OutputActionOut(BaseModel):
    """A step that the caller may run now."""

    action: OutputAction
    action_label: str = Field(examples=["印发"])
    needs_reason: bool
    asks: list[Asked] = Field(description="What it asks for beside a reason.")
    step_id: int | None = Field(description="Of `undo`: goes back with it.")


class OutputRow(BaseModel):
    """An output in a list."""

    id: int
    version: int = Field(description="Goes back as `If-Match` with edits and steps.")
    kind: OutputKind
    kind_label: str = Field(examples=["调研报告"])
    state: OutputState
    state_label: str = Field(examples=["已印发"])
    title: str
    number_label: str | None = Field(
        description="Its number; null before the first issue.", examples=["调研报告〔2026〕3号"]
    )
    issued_on: date | None = Field(description="The day of its last issue.")
    authors: list[OutputAuthorOut]
    body_id: int | None
    body_name: str | None = Field(description="The body in whose name it is written.")
    released: bool = Field(description="All members may read it while it is issued.")
    comment_count: int = Field(description="Leaders' comments that hold.")
    created_at: datetime
    edited_at: datetime


class OutputStepOut(BaseModel):
    """One step that was taken."""

    id: int
    at: datetime
    action: OutputAction
    action_label: str
    from_state: OutputState
    from_state_label: str
    to_state: OutputState
    to_state_label: str
    name: str | None = Field(description="Who took it; only staff read names of officials: else null.")
    reason: str | None
    who: str | None
    said_on: date | None
    words: str | None
    undone: bool


class OutputOut(OutputRow):
    """An output whole, with its track, oldest step first, and what the caller may do."""

    body: str
    addressees: str
    copies: str
    units: list[OutputUnitOut]
    files: list[FileOut]
    steps: list[OutputStepOut] = Field(
        description="For others than staff: what was told, as far as it holds."
    )
    may_edit: bool
    actions: list[OutputActionOut]


class OutputVersionRow(BaseModel):
    """One saved version of a text."""

    version: int
    title: str
    saved_by: str
    saved_at: datetime


class OutputVersionOut(OutputVersionRow):
    """The text of one saved version."""

    body: str
