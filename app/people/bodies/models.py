"""Tables of bodies."""

from datetime import date

from sqlalchemy import UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.core.sql import Id


class Body(SQLModel, table=True):
    """A party, people's organization, sector, committee or group of a term that acts as one.

    A sector or committee lends its name as long as `name` is empty. `head_seat_id` confirms what is submitted in its
    name; units call the contact person, who need not be a member. `brand_title` and `brand_text` say what it is known
    for (一委一品牌); `brand_version` guards their edits.
    """

    __table_args__ = (UniqueConstraint("term_id", "name"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    term_id: int = Field(sa_type=Id, foreign_key="term.id")
    kind: str = Field(max_length=12)
    name: str | None = Field(default=None, max_length=60)
    sector_id: int | None = Field(default=None, sa_type=Id, foreign_key="sector.id", unique=True)
    committee_id: int | None = Field(default=None, sa_type=Id, foreign_key="committee.id", unique=True)
    head_seat_id: int | None = Field(default=None, sa_type=Id, foreign_key="seat.id", index=True)
    contact_name: str | None = Field(default=None, max_length=50)
    contact_phone: str | None = Field(default=None, max_length=30)
    position: int = 0
    brand_title: str = Field(default="", max_length=40, sa_column_kwargs={"server_default": text("''")})
    brand_text: str = Field(default="", max_length=1000, sa_column_kwargs={"server_default": text("''")})
    brand_version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


class BodyMember(SQLModel, table=True):
    """A seat belongs to a body from a day on, until `ends_on` if it is known.

    Its head and spokespersons are listed too; sectors and committees have theirs in the roster, and none here.
    """

    __tablename__ = "body_member"

    body_id: int = Field(primary_key=True, sa_type=Id, foreign_key="body.id")
    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id", index=True)
    starts_on: date = Field(primary_key=True)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    ends_on: date | None = None


class BodySpokesperson(SQLModel, table=True):
    """A seat that may act for a body beside its head."""

    __tablename__ = "body_spokesperson"

    body_id: int = Field(primary_key=True, sa_type=Id, foreign_key="body.id")
    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id", index=True)
