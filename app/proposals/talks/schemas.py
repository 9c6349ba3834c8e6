"""What talks take and give."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from app.core.language.text import Essay, Input, Remark
from app.proposals.talks.lifecycle import Form, Phase, Talk, TalkAction


class ConsultationIn(Input):
    """A talk with the author."""

    phase: Phase = Field(description="Before, during or after handling; never back from a later one.")
    form: Form = Field(description="By phone, visit or meeting.")
    held_on: date = Field(description="Local day, not later than today.")
    minutes: Essay = Field(
        description="What was said.", examples=["向提案人说明了办理思路，提案人表示认可。"]
    )


class TalkTransitionIn(Input):
    """What the author, or staff after a dispute, says of a talk."""

    action: TalkAction = Field(description="One of the talk's `actions`.")
    reason: Remark | None = Field(default=None, description="Asked for where the action `needs_reason`.")


class TalkActionOut(BaseModel):
    """What the caller may say of a talk now."""

    action: TalkAction
    action_label: str = Field(examples=["确认沟通属实"])
    needs_reason: bool


class ConsultationOut(BaseModel):
    """A talk of a unit with the author."""

    id: int
    assignment_id: int
    unit_name: str
    phase: Phase
    phase_label: str = Field(examples=["办理前"])
    form: Form
    form_label: str = Field(examples=["座谈"])
    held_on: date
    minutes: str
    at: datetime
    round: Annotated[int, Field(description="In which round of handling.")]
    state: Talk
    state_label: str = Field(examples=["提案人有异议"])
    counts: bool = Field(
        description="Whether it counts as a talk; a disputed one does not until it is settled."
    )
    answer: str | None = Field(description="What the author says of it.")
    ruling: str | None = Field(description="What staff say after a dispute.")
    actions: list[TalkActionOut]
