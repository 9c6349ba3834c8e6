"""Tables of projects."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Json, Utc


class Project(SQLModel, table=True):
    """A project of a campaign (双助 …): led by a seat, carried by a body, or both, from a day on.

    Its members are its leader, who is named (`project_member`), and who belongs to its body. `targets` are amounts by
    measure. `summary` says what came of it, once it is closed.
    """

    __table_args__ = (
        Index("ix_project_organization", "organization_id", "state", "id"),
        Index("ix_project_body", "body_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    state: str = Field(default="open", max_length=12)
    version: int = 1
    title: str = Field(max_length=120)
    campaign: str = Field(max_length=60)
    body_id: int | None = Field(default=None, sa_type=Id, foreign_key="body.id")
    leader_seat_id: int | None = Field(default=None, sa_type=Id, foreign_key="seat.id")
    place: str = Field(default="", max_length=120)
    plan: str = Field(sa_column=Column(Text, nullable=False))
    starts_on: date
    ends_on: date | None = None
    targets: dict[str, int] = Field(sa_column=Column(Json, nullable=False))
    summary: str | None = Field(default=None, sa_column=Column(Text))


class ProjectMember(SQLModel, table=True):
    """A seat that was named as a member of a project."""

    __tablename__ = "project_member"

    project_id: int = Field(primary_key=True, sa_type=Id, foreign_key="project.id")
    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id", index=True)


class ProjectStep(SQLModel, table=True):
    """One step of a project, by whom; `text` is the summary of a project that was closed, else the reason."""

    __tablename__ = "project_step"
    __table_args__ = (Index("ix_project_step_project", "project_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    project_id: int = Field(sa_type=Id, foreign_key="project.id")
    at: datetime = Field(sa_type=Utc)
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    action: str = Field(max_length=12)
    from_state: str = Field(max_length=12)
    to_state: str = Field(max_length=12)
    text: str | None = Field(default=None, sa_column=Column(Text))
