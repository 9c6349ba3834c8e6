"""Tables of contacts and visits."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class Contact(SQLModel, table=True):
    """A seat looks after a party from a day on, until `ends_on` if it is known.

    The party is another seat, named by the roster (`party_seat_id`), or has a name and place of its own.
    """

    __table_args__ = (
        Index("ix_contact_seat", "seat_id"),
        Index("ix_contact_party", "party_seat_id"),
        Index("ix_contact_organization", "organization_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    seat_id: int = Field(sa_type=Id, foreign_key="seat.id")
    kind: str = Field(max_length=12)
    party_seat_id: int | None = Field(default=None, sa_type=Id, foreign_key="seat.id")
    name: str = Field(default="", max_length=60)
    place: str = Field(default="", max_length=120)
    starts_on: date
    ends_on: date | None = None
    version: int = 1


class Visit(SQLModel, table=True):
    """A visit that a seat made on a local day, to one of its contacts or to somebody whom it names.

    `whom` is what the visited was called then. A withdrawn visit stays, for its author to restore.
    """

    __table_args__ = (
        Index("ix_visit_organization", "organization_id", "visited_on", "id"),
        Index("ix_visit_seat", "seat_id", "visited_on", "id"),
        Index("ix_visit_contact", "contact_id", "visited_on"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    seat_id: int = Field(sa_type=Id, foreign_key="seat.id")
    contact_id: int | None = Field(default=None, sa_type=Id, foreign_key="contact.id")
    whom: str = Field(max_length=120)
    body: str = Field(sa_column=Column(Text, nullable=False))
    visited_on: date
    version: int = 1
    created_at: datetime = Field(sa_type=Utc)
    edited_at: datetime = Field(sa_type=Utc)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Utc)
