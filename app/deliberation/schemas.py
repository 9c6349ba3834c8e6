"""What topics say and take."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from app.core.language.text import Draft, Essay, Input, Moment, Post, Remark, Title
from app.deliberation.rules import Step, TopicState, Verb

_Seats = Annotated[list[Annotated[int, Field(ge=1, le=2**63 - 1)]], Field(max_length=2_000)]
Ids = Annotated[list[Annotated[int, Field(ge=1, le=2**63 - 1)]], Field(max_length=100)]


class TopicPaperIn(Input):
    """A background paper: text, a file, or both."""

    title: Title = Field(description="On one line.", examples=["我市老旧小区加装电梯情况"])
    body: Draft = Field(default="", description="Plain text, up to 20,000 characters.")
    file_key: str | None = Field(
        default=None, description="Key of my uploaded file.", max_length=32, pattern=r"^[A-Za-z0-9_-]+$"
    )


class TopicIn(Input):
    """A topic; it is seen by nobody but staff until it is published."""

    title: Title = Field(description="On one line.", examples=["如何让老旧小区加装电梯更顺畅"])
    summary: Post = Field(description="What is asked, up to 2,000 characters.")
    opens_at: Moment = Field(description="From when on opinions may be given.")
    closes_at: Moment = Field(description="Until when.")
    sector_ids: Ids = Field(
        default_factory=list, description="Invited sectors; with none at all, everybody is."
    )
    committee_ids: Ids = Field(default_factory=list, description="Invited committees.")
    body_ids: Ids = Field(default_factory=list, description="Invited bodies, with their members of the day.")
    seat_ids: _Seats = Field(default_factory=list, description="Members invited besides, by name.")
    committee_id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = Field(
        default=None,
        description="The committee that is host: whose office may work on it; by default that of my office.",
    )
    papers: list[TopicPaperIn] = Field(
        default_factory=list, description="Background papers, in order.", max_length=50
    )

    @property
    def invited_only(self) -> bool:
        """Whether it is open to some members only."""
        return bool(self.sector_ids or self.committee_ids or self.body_ids or self.seat_ids)

    @model_validator(mode="after")
    def _closes_after_it_opens(self) -> Self:
        if self.closes_at <= self.opens_at:
            raise ValueError("结束时间必须晚于开始时间")
        return self


class ExtensionIn(Input):
    """A later end of an open or closed topic."""

    closes_at: Moment = Field(description="Later than the present end and than now.")
    reason: Remark = Field(description="Members read it.", examples=["应多位委员要求延长一周"])


class CloseIn(Input):
    """An earlier end, at once."""

    reason: Remark = Field(description="Members read it.")


class OutcomeIn(Input):
    """The outcome report of a closed topic."""

    report: Essay = Field(description="Plain text, up to 20,000 characters.")


class TopicRow(BaseModel):
    """A topic in a list."""

    id: int
    title: str
    summary: str
    state: TopicState
    state_label: str = Field(examples=["进行中"])
    opens_at: datetime
    closes_at: datetime
    invited_only: bool
    thread_id: int
    reply_count: int
    joined: bool = Field(description="Whether I have given an opinion here.")
    may: list[Verb] = Field(description="What I may do with it now.")


class Paper(BaseModel):
    """A background paper in the list of a topic."""

    id: int
    title: str
    characters: int = Field(description="Length of its text.")
    file_key: str | None


class PaperText(Paper):
    """A background paper with its text."""

    body: str


class Group(BaseModel):
    """An invited sector, committee or body."""

    id: int
    name: str


class TopicOut(TopicRow):
    """A topic with its papers and its outcome."""

    host: Group | None = Field(description="The committee that is host; null: the whole organization.")
    papers: list[Paper]
    sectors: list[Group]
    committees: list[Group]
    bodies: list[Group]
    seats: list[Group] = Field(description="Members invited by name, in the order of the roster.")
    report: str | None
    reported_at: datetime | None


class TopicStepOut(BaseModel):
    """What staff did with a topic."""

    at: datetime
    action: Step
    action_label: str = Field(examples=["提前结束"])
    reason: str | None
    closes_at: datetime | None
