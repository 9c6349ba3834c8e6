"""What speeches take and give."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from app.core.language.text import Essay, Input, Remark, Title
from app.speeches.lifecycle import SpeechAction, SpeechState
from app.speeches.rules import SpeechForm

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class SpeechTextIn(Input):
    """The text of a speech."""

    title: Title = Field(description="What it is about, in a line.", examples=["以职业教育服务产业转型"])
    body: Essay = Field(description="Its text, within the characters of the call.")


class SpeechIn(SpeechTextIn):
    """A speech, handed in."""

    call_id: Id = Field(description="The call that it answers.")
    wishes: SpeechForm = Field(description="How the author would like to speak.")
    body_id: Id | None = Field(
        default=None, description="The body in whose name it is; its head and spokespersons may say so."
    )


class SpeechStepIn(Input):
    """One step; `delivered_on` goes with `deliver`."""

    action: SpeechAction = Field(description="One of the speech's `actions`.")
    reason: Remark | None = Field(default=None, description="Why.")
    delivered_on: date | None = Field(default=None, description="The day of the speech; else today.")


class SpeechActionOut(BaseModel):
    """A step that the caller may run now."""

    action: SpeechAction
    action_label: str = Field(examples=["选为口头发言"])
    needs_reason: bool


class SpeechRow(BaseModel):
    """A speech in a list."""

    id: int
    version: int = Field(description="Goes back as `If-Match` with steps and texts.")
    call_id: int
    call: str = Field(description="The name of its call.")
    state: SpeechState
    state_label: str = Field(examples=["待遴选"])
    wishes: SpeechForm
    wishes_label: str = Field(examples=["口头发言"])
    place: int | None = Field(description="Of an oral speech: its place in the order, from 1.")
    delivered_on: date | None
    title: str
    author: str
    seat_id: int
    body_id: int | None
    body_name: str | None = Field(description="The body in whose name it is.")
    mine: bool
    created_at: datetime
    actions: list[SpeechActionOut]


class SpeechStepOut(BaseModel):
    """One step that was taken."""

    at: datetime
    action: SpeechAction
    action_label: str = Field(examples=["退回修改"])
    state: SpeechState = Field(description="Where it led.")
    state_label: str
    name: str | None = Field(description="Who took it; authors see no names of officials: null.")
    reason: str | None


class SpeechOut(SpeechRow):
    """A speech with its text and, for its author and staff, its track, oldest step first."""

    body: str
    most_characters: int = Field(description="How many characters its call allows.")
    editable: bool = Field(description="Whether the caller may save a text now.")
    steps: list[SpeechStepOut]


class SpeechVersionOut(BaseModel):
    """A text as it was saved."""

    version: int
    title: str
    body: str
    by_author: bool = Field(description="Whether who handed the speech in saved it.")
    saved_at: datetime
