"""Tables of topics."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class Topic(SQLModel, table=True):
    """A topic of online deliberation; open from `opens_at` until `closes_at`, to all or to those invited.

    `committee_id` is the committee that is its host; None: the whole organization.
    """

    __table_args__ = (Index("ix_topic_organization", "organization_id", "closes_at", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    title: str = Field(max_length=120)
    summary: str = Field(max_length=2000)
    committee_id: int | None = Field(default=None, sa_type=Id, foreign_key="committee.id")
    invited_only: bool = False
    opens_at: datetime = Field(sa_type=Utc)
    closes_at: datetime = Field(sa_type=Utc)
    published_at: datetime | None = Field(default=None, sa_type=Utc)
    created_by: int = Field(sa_type=Id, foreign_key="account.id")
    created_at: datetime = Field(sa_type=Utc)
    report: str | None = Field(default=None, sa_column=Column(Text))
    reported_at: datetime | None = Field(default=None, sa_type=Utc)


class TopicSector(SQLModel, table=True):
    """A sector invited to a topic."""

    __tablename__ = "topic_sector"

    topic_id: int = Field(primary_key=True, sa_type=Id, foreign_key="topic.id")
    sector_id: int = Field(primary_key=True, sa_type=Id, foreign_key="sector.id")


class TopicCommittee(SQLModel, table=True):
    """A committee invited to a topic."""

    __tablename__ = "topic_committee"

    topic_id: int = Field(primary_key=True, sa_type=Id, foreign_key="topic.id")
    committee_id: int = Field(primary_key=True, sa_type=Id, foreign_key="committee.id")


class TopicBody(SQLModel, table=True):
    """A body invited to a topic, with its members of the day."""

    __tablename__ = "topic_body"

    topic_id: int = Field(primary_key=True, sa_type=Id, foreign_key="topic.id")
    body_id: int = Field(primary_key=True, sa_type=Id, foreign_key="body.id", index=True)


class TopicSeat(SQLModel, table=True):
    """A member invited to a topic by name."""

    __tablename__ = "topic_seat"

    topic_id: int = Field(primary_key=True, sa_type=Id, foreign_key="topic.id")
    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id")


class TopicPaper(SQLModel, table=True):
    """A background paper of a topic: text, a file, or both."""

    __tablename__ = "topic_paper"
    __table_args__ = (Index("ix_topic_paper_topic", "topic_id", "position"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    topic_id: int = Field(sa_type=Id, foreign_key="topic.id")
    position: int = 0
    title: str = Field(max_length=120)
    body: str = Field(default="", sa_column=Column(Text, nullable=False))
    file_key: str | None = Field(default=None, max_length=32)


class TopicStep(SQLModel, table=True):
    """What staff did with a topic: published, extended, closed, reported, each with its reason."""

    __tablename__ = "topic_step"
    __table_args__ = (Index("ix_topic_step_topic", "topic_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    topic_id: int = Field(sa_type=Id, foreign_key="topic.id")
    at: datetime = Field(sa_type=Utc)
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    action: str = Field(max_length=20)
    reason: str | None = Field(default=None, max_length=500)
    closes_at: datetime | None = Field(default=None, sa_type=Utc)
