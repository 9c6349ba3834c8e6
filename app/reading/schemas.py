"""What reading says and takes."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints, model_validator

from app.core.language.text import DraftTitle, Essay, Input, Title
from app.people.organizations.schemas import YearLabel
from app.reading.rules import Verb

Reference = Annotated[int, Field(ge=1, le=2**63 - 1)]
Intro = Annotated[Essay, StringConstraints(max_length=2_000)]
Author = Annotated[DraftTitle, StringConstraints(max_length=80)]


class BookIn(Input):
    """A book of a topic."""

    title: Title = Field(description="Without title marks.", examples=["乡土中国"])
    author: Author = Field(default="", description="Who wrote it.", examples=["费孝通"])


class ReadingTopicIn(Input):
    """A new reading topic."""

    title: Title = Field(description="On one line.", examples=["读懂乡村"])
    intro: Intro | None = Field(
        default=None, description="What it is about.", examples=["本季共读三本书，月底交流。"]
    )
    starts_on: date = Field(description="First local day.")
    ends_on: date = Field(description="Last local day.")
    books: list[BookIn] = Field(default_factory=list, description="In order.", max_length=50)
    committee_id: Reference | None = Field(
        default=None,
        description="The committee that is host: whose office may work on it; by default that of my office.",
    )


class TopicPatch(Input):
    """Changes of a reading topic; `books` replaces the whole list."""

    title: Title | None = Field(default=None, description="On one line.")
    intro: Intro | None = Field(default=None, description="What it is about.")
    starts_on: date | None = Field(default=None, description="First local day.")
    ends_on: date | None = Field(default=None, description="Last local day.")
    books: list[BookIn] | None = Field(default=None, description="The whole list, in order.", max_length=50)
    committee_id: Reference | None = Field(
        default=None, description="The committee that is host; null: the whole organization."
    )


class BookOut(BaseModel):
    """A book of a topic."""

    title: str = Field(examples=["乡土中国"])
    author: str = Field(examples=["费孝通"])


class ReadingTopicOut(BaseModel):
    """A reading topic with its books."""

    id: int
    title: str = Field(examples=["读懂乡村"])
    intro: str
    starts_on: date
    ends_on: date
    committee_id: int | None = Field(description="The committee that is host; null: the whole organization.")
    current: bool = Field(description="Today lies in its period.")
    books: list[BookOut]
    note_count: int = Field(description="Notes that were written on it.")


class LogIn(Input):
    """What I read on a day: minutes, pages, or both."""

    book: Title = Field(description="Title of what I read.", examples=["乡土中国"])
    topic_id: Reference | None = Field(default=None, description="The reading topic that it belongs to.")
    minutes: int = Field(default=0, description="How long.", ge=0, le=1440, examples=[40])
    pages: int = Field(default=0, description="How much.", ge=0, le=2000, examples=[25])
    read_on: date | None = Field(default=None, description="By default today; never in the future.")

    @model_validator(mode="after")
    def _something(self) -> "LogIn":
        if not self.minutes and not self.pages:
            raise ValueError("请填写读了多少分钟或多少页")
        return self


class LogOut(BaseModel):
    """An entry of my reading log."""

    id: int
    book: str = Field(examples=["乡土中国"])
    topic_id: int | None
    minutes: int
    pages: int
    read_on: date
    created_at: datetime


class ReadingMonth(BaseModel):
    """One month of my reading year."""

    month: str = Field(examples=["2026-03"])
    minutes: int
    pages: int
    days: int = Field(description="Days on which I read.")


class ReadingYear(BaseModel):
    """My reading in a duty year, computed from my log and notes."""

    year: int = Field(examples=[2026])
    label: YearLabel
    starts_on: date
    ends_on: date
    minutes: int
    pages: int
    days: int
    books: list[str] = Field(description="Different books, the first read first.")
    notes: int
    commended: int
    months: list[ReadingMonth] = Field(description="Every month of the year, also the empty ones.")


class ReadingNoteIn(Input):
    """A note on what I read."""

    book: Title = Field(description="Title of what I read.", examples=["乡土中国"])
    topic_id: Reference | None = Field(default=None, description="The reading topic that it belongs to.")
    title: Title = Field(description="Of the note, on one line.", examples=["差序格局与社区协商"])
    body: Essay = Field(description="Plain text, up to 20,000 characters.")


class NoteRow(BaseModel):
    """A note in a list, with the beginning of its text."""

    id: int
    seat_id: int
    author_name: str = Field(examples=["王芳"])
    author_post: str
    author_post_label: str = Field(examples=["常务委员"])
    author_sector: str
    topic_id: int | None
    book: str = Field(examples=["乡土中国"])
    title: str = Field(examples=["差序格局与社区协商"])
    excerpt: str = Field(description="The first 120 characters.")
    thread_id: int
    reply_count: int
    commended_at: datetime | None
    created_at: datetime
    may: list[Verb] = Field(description="What I may do with it now.")


class ReadingNoteOut(NoteRow):
    """A note with its whole text."""

    body: str
