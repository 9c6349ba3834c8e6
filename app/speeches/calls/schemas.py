"""What calls for speeches take and give."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from app.core.language.text import Input, Post, Title
from app.speeches.calls.lifecycle import CallAction, CallState

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Characters = Annotated[
    int, Field(ge=100, le=20_000, description="How many characters the text of a speech may have.")
]


class SpeechCallIn(Input):
    """A call, or a call as it shall be."""

    name: Title = Field(description="For which occasion.", examples=["市政协十六届六次会议大会发言"])
    body: Post = Field(description="What is asked for.")
    closes_on: date = Field(description="The last day on which speeches are handed in.")
    most_characters: Characters = 2_000


class SpeechCallStepIn(Input):
    """One step of a call."""

    action: CallAction = Field(description="One of the call's `actions`.")


class SpeechOrderIn(Input):
    """The whole order of a call's oral speeches."""

    speech_ids: list[Id] = Field(max_length=500, description="All oral speeches, the first one first.")


class SpeechCallActionOut(BaseModel):
    """A step that the caller may run now."""

    action: CallAction
    action_label: str = Field(examples=["截止征集"])


class SpeechCallOut(BaseModel):
    """A call for speeches, with how many of its speeches the caller may read."""

    id: int
    version: int = Field(
        description="Goes back as `If-Match`; moves when the order of speeches changes, too."
    )
    state: CallState
    state_label: str = Field(examples=["征集中"])
    name: str
    body: str
    closes_on: date
    most_characters: int
    takes_speeches: bool = Field(description="It is open, and its last day has not gone by.")
    speeches: int
    path: str = Field(description="The list of exactly these speeches.")
    editable: bool = Field(description="Whether the caller may change it.")
    created_at: datetime
    actions: list[SpeechCallActionOut]
