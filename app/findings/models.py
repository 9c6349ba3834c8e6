"""Tables of findings."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class Finding(SQLModel, table=True):
    """One suggestion: its source, its addressee, and its fate once a unit has answered.

    `subject_type` and `subject_id` are the topic, activity, output or matter in which it was made; `reply_id` is the
    reply from which it was taken over. `due_on` is the last day for the answer. `released_on` is the local day on
    which its authors heard the answer: its figures are of then.
    """

    __table_args__ = (
        Index("ix_finding_organization", "organization_id", "state", "id"),
        Index("ix_finding_unit", "unit_id", "state", "id"),
        Index("ix_finding_subject", "subject_type", "subject_id"),
        Index("uq_finding_reply", "reply_id", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    state: str = Field(default="noted", max_length=12)
    version: int = 1
    source: str = Field(max_length=12)
    subject_type: str = Field(max_length=40)
    subject_id: int = Field(sa_type=Id)
    reply_id: int | None = Field(default=None, sa_type=Id, foreign_key="reply.id")
    clause: str = Field(default="", max_length=120)
    body: str = Field(sa_column=Column(Text, nullable=False))
    unit_id: int | None = Field(default=None, sa_type=Id, foreign_key="unit.id")
    due_on: date | None = None
    fate: str | None = Field(default=None, max_length=12)
    reason: str | None = Field(default=None, max_length=500)
    result: str | None = Field(default=None, sa_column=Column(Text))
    created_by: int = Field(sa_type=Id, foreign_key="account.id")
    created_at: datetime = Field(sa_type=Utc)
    edited_at: datetime = Field(sa_type=Utc)
    answered_at: datetime | None = Field(default=None, sa_type=Utc)
    released_at: datetime | None = Field(default=None, sa_type=Utc)
    released_on: date | None = None


class FindingAuthor(SQLModel, table=True):
    """A member who made a suggestion; the first one leads."""

    __tablename__ = "finding_author"
    __table_args__ = (Index("ix_finding_author_seat", "seat_id", "finding_id"),)

    finding_id: int = Field(primary_key=True, sa_type=Id, foreign_key="finding.id")
    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id")
    position: int = 0


class FindingStep(SQLModel, table=True):
    """One step of a finding, by whom and why; of an answer also what it said, so that none is lost."""

    __tablename__ = "finding_step"
    __table_args__ = (Index("ix_finding_step_finding", "finding_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    finding_id: int = Field(sa_type=Id, foreign_key="finding.id")
    at: datetime = Field(sa_type=Utc)
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    action: str = Field(max_length=12)
    from_state: str = Field(max_length=12)
    to_state: str = Field(max_length=12)
    reason: str | None = Field(default=None, max_length=500)
    fate: str | None = Field(default=None, max_length=12)
    result: str | None = Field(default=None, sa_column=Column(Text))
