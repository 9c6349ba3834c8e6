"""Table of the calendar of working days."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class WorkdayOverride(SQLModel, table=True):
    """A day of a new year, or a correction of the official calendar; national: for the whole installation."""

    __tablename__ = "workday_override"

    day: date = Field(primary_key=True)
    is_workday: bool
    name: str = Field(max_length=40)
    set_by: int = Field(sa_type=Id, foreign_key="account.id")
    set_at: datetime = Field(sa_type=Utc)
