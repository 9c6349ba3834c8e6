"""Tables of cases."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class Company(SQLModel, table=True):
    """A company whose problems are reported, by its name."""

    __table_args__ = (Index("uq_company_name", "organization_id", "name", unique=True),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    name: str = Field(max_length=120)


class DutyCase(SQLModel, table=True):
    """One case: who reported what, who answers it by which day, and what the reporter thinks of the answer.

    `contact` is whom to ask at the company, for staff alone. `in_time` is kept with the answer, for the day moves when
    a case is handled again. `late_told_at`: the office and the unit were told that this day has gone by.
    """

    __tablename__ = "duty_case"
    __table_args__ = (
        Index("ix_duty_case_organization", "organization_id", "state", "due_on"),
        Index("ix_duty_case_unit", "unit_id", "state"),
        Index("ix_duty_case_account", "account_id", "id"),
        Index("ix_duty_case_company", "company_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    seat_id: int | None = Field(default=None, sa_type=Id, foreign_key="seat.id")
    state: str = Field(default="reported", max_length=12)
    version: int = 1
    kind: str = Field(max_length=12)
    title: str = Field(max_length=120)
    body: str = Field(sa_column=Column(Text, nullable=False))
    company_id: int | None = Field(default=None, sa_type=Id, foreign_key="company.id")
    problem_class: str | None = Field(default=None, max_length=12)
    contact: str = Field(default="", max_length=200)
    unit_id: int | None = Field(default=None, sa_type=Id, foreign_key="unit.id")
    due_on: date | None = None
    answer: str | None = Field(default=None, sa_column=Column(Text))
    answered_at: datetime | None = Field(default=None, sa_type=Utc)
    in_time: bool | None = None
    judgement: str | None = Field(default=None, max_length=12)
    late_told_at: datetime | None = Field(default=None, sa_type=Utc)
    created_at: datetime = Field(sa_type=Utc)


class Handling(BaseModel):
    """What steps change of a case beside its state."""

    model_config = ConfigDict(from_attributes=True)

    unit_id: int | None = None
    due_on: date | None = None
    answer: str | None = None
    answered_at: datetime | None = None
    in_time: bool | None = None
    judgement: str | None = None
    late_told_at: datetime | None = None


class CaseStep(SQLModel, table=True):
    """One step of a case, by whom and why; with the unit and the day of an assignment, or the text of an answer.

    `before` has what steps change of a case, as it was (`Handling` in JSON): a later step that undoes this one, and
    names it in `undoes_id`, puts it back.
    """

    __tablename__ = "case_step"
    __table_args__ = (Index("ix_case_step_case", "case_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    case_id: int = Field(sa_type=Id, foreign_key="duty_case.id")
    at: datetime = Field(sa_type=Utc)
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    action: str = Field(max_length=12)
    from_state: str = Field(max_length=12)
    to_state: str = Field(max_length=12)
    reason: str | None = Field(default=None, max_length=500)
    unit_id: int | None = Field(default=None, sa_type=Id, foreign_key="unit.id")
    due_on: date | None = None
    answer: str | None = Field(default=None, sa_column=Column(Text))
    before: str = Field(sa_column=Column(Text, nullable=False))
    undoes_id: int | None = Field(default=None, sa_type=Id, foreign_key="case_step.id", unique=True)
