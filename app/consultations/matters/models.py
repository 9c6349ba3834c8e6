"""Tables of matters."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class Matter(SQLModel, table=True):
    """One matter: who brought it, where it stands, the activity that meets on it, and what was released of it.

    A citizen has no account: `name` and `contact` are erased some time after `ended_at`, `code_hash` is of the code by
    which it is followed. `contact` is of a company, too. The released title, problem and result were written for the
    public; nothing else of a matter is.
    """

    __table_args__ = (
        Index("ix_matter_organization", "organization_id", "state", "id"),
        Index("ix_matter_venue", "venue_id", "state"),
        Index("ix_matter_account", "account_id", "id"),
        Index("ix_matter_activity", "activity_id"),
        Index("ix_matter_into", "into_id"),
        Index("ix_matter_released", "organization_id", "released_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    venue_id: int | None = Field(default=None, sa_type=Id, foreign_key="venue.id")
    source: str = Field(max_length=12)
    account_id: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    seat_id: int | None = Field(default=None, sa_type=Id, foreign_key="seat.id")
    state: str = Field(default="collected", max_length=12)
    version: int = 1
    title: str = Field(max_length=120)
    body: str = Field(sa_column=Column(Text, nullable=False))
    company: str = Field(default="", max_length=120)
    name: str | None = Field(default=None, max_length=50)
    contact: str | None = Field(default=None, max_length=200)
    code_hash: str | None = Field(default=None, max_length=64, unique=True)
    into_id: int | None = Field(default=None, sa_type=Id, foreign_key="matter.id")
    activity_id: int | None = Field(default=None, sa_type=Id, foreign_key="activity.id")
    met_at: datetime | None = Field(default=None, sa_type=Utc)
    solved: bool | None = None
    result: str | None = Field(default=None, sa_column=Column(Text))
    judgement: str | None = Field(default=None, max_length=12)
    ended_at: datetime | None = Field(default=None, sa_type=Utc)
    released_title: str | None = Field(default=None, max_length=120)
    released_problem: str | None = Field(default=None, sa_column=Column(Text))
    released_result: str | None = Field(default=None, sa_column=Column(Text))
    released_at: datetime | None = Field(default=None, sa_type=Utc)
    created_at: datetime = Field(sa_type=Utc)


class MatterHandling(BaseModel):
    """What steps change of a matter beside its state."""

    model_config = ConfigDict(from_attributes=True)

    into_id: int | None = None
    met_at: datetime | None = None
    solved: bool | None = None
    result: str | None = None
    judgement: str | None = None
    ended_at: datetime | None = None


class MatterStep(SQLModel, table=True):
    """One step of a matter, by whom (nobody: the citizen who brought it) and why; with the result where it has one.

    `before` has what steps change of a matter, as it was (`MatterHandling` in JSON): a step that undoes this one names
    it in `undoes_id`, and puts it back.
    """

    __tablename__ = "matter_step"
    __table_args__ = (Index("ix_matter_step_matter", "matter_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    matter_id: int = Field(sa_type=Id, foreign_key="matter.id")
    at: datetime = Field(sa_type=Utc)
    account_id: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    action: str = Field(max_length=12)
    from_state: str = Field(max_length=12)
    to_state: str = Field(max_length=12)
    reason: str | None = Field(default=None, max_length=500)
    result: str | None = Field(default=None, sa_column=Column(Text))
    before: str = Field(sa_column=Column(Text, nullable=False))
    undoes_id: int | None = Field(default=None, sa_type=Id, foreign_key="matter_step.id", unique=True)


class MatterNote(SQLModel, table=True):
    """What was seen and heard for a matter on a day: a visit, research, or a visit afterwards."""

    __tablename__ = "matter_note"
    __table_args__ = (Index("ix_matter_note_matter", "matter_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    matter_id: int = Field(sa_type=Id, foreign_key="matter.id")
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    seat_id: int | None = Field(default=None, sa_type=Id, foreign_key="seat.id")
    kind: str = Field(max_length=12)
    noted_on: date
    body: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_type=Utc)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Utc)
