"""Tables of opinion reports, and of the leads from which some are made."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class OpinionReport(SQLModel, table=True):
    """A short report upward: draft, submitted, editing, issued at a tier, adopted.

    `title` and `body` are the text of `released_version`, which its author and leaders see; what staff write until it
    is issued or returned stands in the versions up to `version`. Staff see versions from `submitted_version` on.
    `seat_id` is None where no member stands behind it: a combined report, one from a citizen's lead. `tier` is the
    highest one at which it was issued or adopted, by itself or in the report that it was combined into. Of one that
    staff entered from paper, `entered_by` is who typed it, `body_id` the body that reports, if one does.
    """

    __tablename__ = "opinion_report"
    __table_args__ = (
        Index("ix_opinion_report_organization", "organization_id", "state", "id"),
        Index("ix_opinion_report_account", "account_id", "id"),
        Index("ix_opinion_report_seat", "seat_id", "id"),
        Index("ix_opinion_report_combined_into", "combined_into_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    kind: str = Field(default="single", max_length=12)
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    seat_id: int | None = Field(default=None, sa_type=Id, foreign_key="seat.id")
    body_id: int | None = Field(default=None, sa_type=Id, foreign_key="body.id")
    combined_into_id: int | None = Field(default=None, sa_type=Id, foreign_key="opinion_report.id")
    title: str = Field(default="", max_length=120)
    body: str = Field(default="", sa_column=Column(Text, nullable=False))
    version: int = 1
    released_version: int = 1
    submitted_version: int | None = None
    state: str = Field(default="draft", max_length=20)
    tier: str | None = Field(default=None, max_length=12)
    created_at: datetime = Field(sa_type=Utc)
    edited_at: datetime = Field(sa_type=Utc)
    edited_on: str | None = Field(default=None, max_length=200)
    submitted_at: datetime | None = Field(default=None, sa_type=Utc)
    entered_by: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    handed_in_by: str | None = Field(default=None, max_length=50)
    handed_in_on: date | None = None
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
    """One step of a report: issued, adopted, forwarded, commented, at a tier, by whom, with what words.

    `other_id` is the combined report in which, or with which, the step was taken. A wrong step is undone by another
    one, whose `undoes_id` names it.
    """

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
    other_id: int | None = Field(default=None, sa_type=Id, foreign_key="opinion_report.id")
    undoes_id: int | None = Field(default=None, sa_type=Id, foreign_key="opinion_step.id", unique=True)


class Lead(SQLModel, table=True):
    """A lead (线索): what somebody has noticed, for staff to make a report of, or to decline.

    `source` says as what it was handed in; a citizen has no account, but a `code` that tells the state of the lead, and
    may leave `name` and `contact`, which are erased after a time. `report_id` is the report that was made of it.
    `entered_by` is who of the secretariat took it down on `handed_in_on`.
    """

    __table_args__ = (
        Index("ix_lead_organization", "organization_id", "state", "id"),
        Index("ix_lead_account", "account_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    source: str = Field(max_length=20)
    account_id: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    seat_id: int | None = Field(default=None, sa_type=Id, foreign_key="seat.id")
    body: str = Field(sa_column=Column(Text, nullable=False))
    name: str | None = Field(default=None, max_length=50)
    contact: str | None = Field(default=None, max_length=60)
    code: str | None = Field(default=None, max_length=12, unique=True)
    entered_by: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    handed_in_by: str | None = Field(default=None, max_length=50)
    handed_in_on: date | None = None
    state: str = Field(default="received", max_length=12)
    reason: str | None = Field(default=None, max_length=500)
    report_id: int | None = Field(default=None, sa_type=Id, foreign_key="opinion_report.id", unique=True)
    created_at: datetime = Field(sa_type=Utc)
    decided_at: datetime | None = Field(default=None, sa_type=Utc)
    decided_by: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
