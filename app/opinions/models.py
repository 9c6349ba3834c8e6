"""Tables of opinion reports."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class OpinionReport(SQLModel, table=True):
    """A short report upward: draft, submitted, editing, issued at a tier, adopted.

    `tier` is the highest one at which it was issued or adopted. `version` moves with every edit of the text, by
    its author or by staff; staff see versions from `submitted_version` on.
    """

    __tablename__ = "opinion_report"
    __table_args__ = (
        Index("ix_opinion_report_organization", "organization_id", "state", "id"),
        Index("ix_opinion_report_account", "account_id", "id"),
        Index("ix_opinion_report_seat", "seat_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    seat_id: int = Field(sa_type=Id, foreign_key="seat.id")
    title: str = Field(default="", max_length=120)
    body: str = Field(default="", sa_column=Column(Text, nullable=False))
    version: int = 1
    submitted_version: int | None = None
    state: str = Field(default="draft", max_length=20)
    tier: str | None = Field(default=None, max_length=12)
    created_at: datetime = Field(sa_type=Utc)
    edited_at: datetime = Field(sa_type=Utc)
    submitted_at: datetime | None = Field(default=None, sa_type=Utc)
    deleted_at: datetime | None = Field(default=None, sa_type=Utc)


class OpinionVersion(SQLModel, table=True):
    """The text of a report as it was saved at one version: nothing typed is ever lost."""

    __tablename__ = "opinion_version"

    report_id: int = Field(primary_key=True, sa_type=Id, foreign_key="opinion_report.id")
    version: int = Field(primary_key=True)
    title: str = Field(max_length=120)
    body: str = Field(sa_column=Column(Text, nullable=False))
    saved_by: int = Field(sa_type=Id, foreign_key="account.id")
    saved_at: datetime = Field(sa_type=Utc)


class OpinionStep(SQLModel, table=True):
    """One step of a report: issued, adopted, forwarded, commented, at a tier, by whom, with what words."""

    __tablename__ = "opinion_step"
    __table_args__ = (Index("ix_opinion_step_report", "report_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    report_id: int = Field(sa_type=Id, foreign_key="opinion_report.id")
    at: datetime = Field(sa_type=Utc)
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    action: str = Field(max_length=20)
    from_state: str = Field(max_length=20)
    to_state: str = Field(max_length=20)
    tier: str | None = Field(default=None, max_length=12)
    leader: str | None = Field(default=None, max_length=50)
    words: str | None = Field(default=None, max_length=500)
    reason: str | None = Field(default=None, max_length=500)
