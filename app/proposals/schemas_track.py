"""What the versions and the track of a proposal give."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.proposals.lifecycle import State
from app.proposals.rules import Kind
from app.proposals.schemas import ActionOut, FormOut


class VersionRow(BaseModel):
    """One saved version."""

    version: int
    title: str
    saved_by: str
    saved_at: datetime


class VersionOut(VersionRow, FormOut):
    """The text of one saved version, with what was said beside it."""

    kind: Kind | None = Field(description="Null, as `category` and `body_name`, where it was not kept.")
    kind_label: str | None = Field(examples=["集体提案"])
    body_name: str | None
    category: str | None
    situation: str
    suggestions: str


class StepOut(BaseModel):
    """One step of the track."""

    id: int
    at: datetime
    actor: str
    action: str
    action_label: str
    from_state: State
    from_state_label: str
    to_state: State
    to_state_label: str
    reason_code: str | None
    reason_code_label: str | None
    reason: str | None
    data: dict[str, Any] = Field(description="What belongs to the step: number, version, unit.")
    undoes_id: int | None = Field(description="The step that this one undid.")


class TrackOut(BaseModel):
    """The way of a proposal so far, oldest step first, and what the caller may do next."""

    state: State
    state_label: str
    steps: list[StepOut]
    undoable: int | None = Field(description="The step that staff may undo now.")
    actions: list[ActionOut]
