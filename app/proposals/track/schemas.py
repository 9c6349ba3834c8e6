"""What the versions and the track of a proposal give."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.proposals.lifecycle import ProposalState
from app.proposals.rules import ProposalKind
from app.proposals.schemas import FormOut, ProposalActionOut


class ProposalVersionRow(BaseModel):
    """One saved version."""

    version: int
    title: str
    saved_by: str
    saved_at: datetime


class ProposalVersionOut(ProposalVersionRow, FormOut):
    """The text of one saved version, with what was said beside it."""

    kind: ProposalKind | None = Field(
        description="Null, as `category` and `body_name`, where it was not kept."
    )
    kind_label: str | None = Field(examples=["集体提案"])
    body_name: str | None
    category: str | None
    situation: str
    suggestions: str


class ProposalStepOut(BaseModel):
    """One step of the track."""

    id: int
    at: datetime
    actor: str
    action: str
    action_label: str
    from_state: ProposalState
    from_state_label: str
    to_state: ProposalState
    to_state_label: str
    reason_code: str | None
    reason_code_label: str | None
    reason: str | None
    data: dict[str, Any] = Field(description="What belongs to the step: number, version, unit.")
    undoes_id: int | None = Field(description="The step that this one undid.")


class ProposalTrackOut(BaseModel):
    """The way of a proposal so far, oldest step first, and what the caller may do next."""

    state: ProposalState
    state_label: str
    steps: list[ProposalStepOut]
    undoable: int | None = Field(description="The step that staff may undo now.")
    actions: list[ProposalActionOut]
