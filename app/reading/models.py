"""Tables of reading."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class ReadingTopic(SQLModel, table=True):
    """A reading topic with its books, from a day to a day.

    `committee_id` is the committee that is its host; None: the whole organization.
    """

    __tablename__ = "reading_topic"

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    title: str = Field(max_length=120)
    intro: str = Field(default="", max_length=2000)
    starts_on: date
    ends_on: date
    committee_id: int | None = Field(default=None, sa_type=Id, foreign_key="committee.id")
    created_by: int = Field(sa_type=Id, foreign_key="account.id")
    created_at: datetime = Field(sa_type=Utc)


class Book(SQLModel, table=True):
    """A book of a reading topic."""

    __table_args__ = (Index("ix_book_topic", "topic_id", "position"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    topic_id: int = Field(sa_type=Id, foreign_key="reading_topic.id")
    position: int = 0
    title: str = Field(max_length=120)
    author: str = Field(default="", max_length=80)


class ReadingLog(SQLModel, table=True):
    """Minutes or pages that a seat read on a local day, of a topic's book or of its own choice."""

    __tablename__ = "reading_log"
    __table_args__ = (Index("ix_reading_log_seat", "seat_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    seat_id: int = Field(sa_type=Id, foreign_key="seat.id")
    topic_id: int | None = Field(default=None, sa_type=Id, foreign_key="reading_topic.id")
    book: str = Field(max_length=120)
    minutes: int = 0
    pages: int = 0
    read_on: date
    created_at: datetime = Field(sa_type=Utc)
    deleted_at: datetime | None = Field(default=None, sa_type=Utc)


class ReadingNote(SQLModel, table=True):
    """A note on what was read, with an exchange in its thread."""

    __tablename__ = "reading_note"
    __table_args__ = (
        Index("ix_reading_note_organization", "organization_id", "id"),
        Index("ix_reading_note_topic", "topic_id", "id"),
        Index("ix_reading_note_seat", "seat_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    seat_id: int = Field(sa_type=Id, foreign_key="seat.id")
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    topic_id: int | None = Field(default=None, sa_type=Id, foreign_key="reading_topic.id")
    book: str = Field(max_length=120)
    title: str = Field(max_length=120)
    body: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_type=Utc)
    commended_at: datetime | None = Field(default=None, sa_type=Utc)
    deleted_at: datetime | None = Field(default=None, sa_type=Utc)
    hidden_at: datetime | None = Field(default=None, sa_type=Utc)
