"""Tables of outputs."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class Output(SQLModel, table=True):
    """A paper of the conference: its text, in whose name it is written, to whom it goes, and its number.

    `version` moves with each saved text. `addressees` and `copies` have a line for each who is no unit of the platform.
    The number is given when it is first issued and stays with it; `issued_on` is the day of the last issue. `released`:
    all members may read it while it is issued.
    """

    __table_args__ = (
        UniqueConstraint("organization_id", "kind", "issue_year", "issue_number"),
        Index("ix_output_organization", "organization_id", "state", "id"),
        Index("ix_output_body", "body_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    kind: str = Field(max_length=20)
    state: str = Field(default="draft", max_length=12)
    version: int = 1
    title: str = Field(max_length=120)
    body: str = Field(sa_column=Column(Text, nullable=False))
    body_id: int | None = Field(default=None, sa_type=Id, foreign_key="body.id")
    addressees: str = Field(default="", max_length=500)
    copies: str = Field(default="", max_length=500)
    released: bool = False
    issue_year: int | None = None
    issue_number: int | None = None
    issued_on: date | None = None
    created_by: int = Field(sa_type=Id, foreign_key="account.id")
    created_at: datetime = Field(sa_type=Utc)
    edited_at: datetime = Field(sa_type=Utc)


class OutputAuthor(SQLModel, table=True):
    """A member who is named in an output; the first one leads."""

    __tablename__ = "output_author"
    __table_args__ = (Index("ix_output_author_seat", "seat_id", "output_id"),)

    output_id: int = Field(primary_key=True, sa_type=Id, foreign_key="output.id")
    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id")
    position: int = 0


class OutputUnit(SQLModel, table=True):
    """A unit of the platform to which an output goes."""

    __tablename__ = "output_unit"
    __table_args__ = (Index("ix_output_unit_unit", "unit_id", "output_id"),)

    output_id: int = Field(primary_key=True, sa_type=Id, foreign_key="output.id")
    unit_id: int = Field(primary_key=True, sa_type=Id, foreign_key="unit.id")


class OutputVersion(SQLModel, table=True):
    """The text of an output as it was saved at one version: nothing typed is ever lost."""

    __tablename__ = "output_version"

    output_id: int = Field(primary_key=True, sa_type=Id, foreign_key="output.id")
    version: int = Field(primary_key=True)
    title: str = Field(max_length=120)
    body: str = Field(sa_column=Column(Text, nullable=False))
    saved_by: int = Field(sa_type=Id, foreign_key="account.id")
    saved_at: datetime = Field(sa_type=Utc)


class OutputStep(SQLModel, table=True):
    """One step of an output; of a comment and a decision also who said it, on which day, in which words.

    A wrong step is undone by another one, whose `undoes_id` names it.
    """

    __tablename__ = "output_step"
    __table_args__ = (Index("ix_output_step_output", "output_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    output_id: int = Field(sa_type=Id, foreign_key="output.id")
    at: datetime = Field(sa_type=Utc)
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    action: str = Field(max_length=12)
    from_state: str = Field(max_length=12)
    to_state: str = Field(max_length=12)
    reason: str | None = Field(default=None, max_length=500)
    who: str | None = Field(default=None, max_length=50)
    said_on: date | None = None
    words: str | None = Field(default=None, max_length=500)
    undoes_id: int | None = Field(default=None, sa_type=Id, foreign_key="output_step.id", unique=True)
