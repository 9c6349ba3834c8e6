"""Tables of venues."""

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.core.sql import Id


class Venue(SQLModel, table=True):
    """A place where members meet the public, in a tree.

    `branch` has the ids from the top down to its own, ten digits each: in its order a tree is read from above, and what
    stands below a venue begins with its branch. Its convener is an account or only a name. `code` is for its public
    page.
    """

    __table_args__ = (Index("ix_venue_organization", "organization_id", "branch"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    version: int = 1
    parent_id: int | None = Field(default=None, sa_type=Id, foreign_key="venue.id", index=True)
    branch: str = Field(default="", max_length=40)
    level: str = Field(max_length=12)
    kind: str = Field(max_length=12)
    name: str = Field(max_length=60)
    place: str = Field(default="", max_length=120)
    convener_id: int | None = Field(default=None, sa_type=Id, foreign_key="account.id", index=True)
    convener_name: str = Field(default="", max_length=50)
    opening_hours: str = Field(default="", max_length=120)
    code: str = Field(max_length=12, unique=True)
    is_public: bool = False
    closed_on: date | None = None


class VenueMember(SQLModel, table=True):
    """A seat is posted at a venue from a day on, until `ends_on` if it is known."""

    __tablename__ = "venue_member"

    venue_id: int = Field(primary_key=True, sa_type=Id, foreign_key="venue.id")
    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id", index=True)
    starts_on: date = Field(primary_key=True)
    ends_on: date | None = None


class VenueTarget(SQLModel, table=True):
    """How many consultations each venue of a level is to hold in a duty year."""

    __tablename__ = "venue_target"

    organization_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organization.id")
    year: int = Field(primary_key=True)
    level: str = Field(primary_key=True, max_length=12)
    number: int
