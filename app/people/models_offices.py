"""The table of offices."""

from datetime import datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Json, Utc


class Office(SQLModel, table=True):
    """An office of an organization's secretariat; `areas` (app/auth/areas.py) say what it may do.

    With a `committee_id` it acts for that committee alone.
    """

    __table_args__ = (UniqueConstraint("organization_id", "name", name="uq_office_name"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    name: str = Field(max_length=40)
    areas: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    committee_id: int | None = Field(default=None, sa_type=Id, foreign_key="committee.id")
    closed_at: datetime | None = Field(default=None, sa_type=Utc)
