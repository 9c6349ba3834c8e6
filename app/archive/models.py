"""Tables of claims and of yearly duty reports."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Json, Utc


class Claim(SQLModel, table=True):
    """What a member says the ledger should hold, for staff to decide.

    A claim (履职申报) names an act done elsewhere: `act_kind` to `measures`. An appeal (记录申诉) says what is wrong
    with the record `record_id`, or which one is missing. What was done in a project names it (`project_id`); an appeal
    against its record does, too. `title` is what either is called. `recorded_id` is the
    record that the decision left.
    """

    __table_args__ = (
        Index("ix_claim_organization", "organization_id", "state", "id"),
        Index("ix_claim_account", "account_id", "id"),
        Index("ix_claim_record", "record_id"),
        Index("ix_claim_project", "project_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    seat_id: int = Field(sa_type=Id, foreign_key="seat.id")
    kind: str = Field(max_length=10)
    state: str = Field(default="waiting", max_length=12)
    version: int = 1
    title: str = Field(max_length=120)
    act_kind: str | None = Field(default=None, max_length=40)
    form: str | None = Field(default=None, max_length=20)
    held_on: date | None = None
    place: str | None = Field(default=None, max_length=120)
    role: str | None = Field(default=None, max_length=12)
    level: str | None = Field(default=None, max_length=12)
    measures: dict[str, int] | None = Field(default=None, sa_column=Column(Json))
    body: str = Field(sa_column=Column(Text, nullable=False))
    project_id: int | None = Field(default=None, sa_type=Id, foreign_key="project.id")
    record_id: int | None = Field(default=None, sa_type=Id, foreign_key="duty_record.id")
    recorded_id: int | None = Field(default=None, sa_type=Id, foreign_key="duty_record.id")
    reason: str | None = Field(default=None, max_length=200)
    created_at: datetime = Field(sa_type=Utc)
    edited_at: datetime = Field(sa_type=Utc)
    decided_at: datetime | None = Field(default=None, sa_type=Utc)


class ClaimStep(SQLModel, table=True):
    """One step of a claim: by whom, why, and the records that it voided and wrote."""

    __tablename__ = "claim_step"
    __table_args__ = (Index("ix_claim_step_claim", "claim_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    claim_id: int = Field(sa_type=Id, foreign_key="claim.id")
    at: datetime = Field(sa_type=Utc)
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    action: str = Field(max_length=12)
    from_state: str = Field(max_length=12)
    to_state: str = Field(max_length=12)
    reason: str | None = Field(default=None, max_length=200)
    voided_id: int | None = Field(default=None, sa_type=Id, foreign_key="duty_record.id")
    recorded_id: int | None = Field(default=None, sa_type=Id, foreign_key="duty_record.id")


class DutyReport(SQLModel, table=True):
    """What a member writes into the duty report (履职报告) of a year; figures and records come from the ledger."""

    __tablename__ = "duty_report"

    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id")
    duty_year: int = Field(primary_key=True)
    version: int = 1
    saved_at: datetime = Field(sa_type=Utc)
    passages: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))


class DutyReportVersion(SQLModel, table=True):
    """The words of a report as they were saved at one version: nothing typed is ever lost."""

    __tablename__ = "duty_report_version"

    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id")
    duty_year: int = Field(primary_key=True)
    version: int = Field(primary_key=True)
    saved_at: datetime = Field(sa_type=Utc)
    passages: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
