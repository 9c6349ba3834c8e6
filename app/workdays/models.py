"""Table of the calendar of working days."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class WorkdayOverride(SQLModel, table=True):
    """A day of a new year, or a correction of the official calendar.

    Of one organization, by its staff; national without an organization, by the shell. An organization's own word goes
    before the national one.
    """

    __tablename__ = "workday_override"
    __table_args__ = (
        Index("uq_workday_override", "organization_id", "day", unique=True),
        Index(
            "uq_workday_override_national",
            "day",
            unique=True,
            sqlite_where=text("organization_id IS NULL"),
            postgresql_where=text("organization_id IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int | None = Field(default=None, sa_type=Id, foreign_key="organization.id")
    day: date
    is_workday: bool
    name: str = Field(max_length=40)
    set_by: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    set_at: datetime = Field(sa_type=Utc)
