"""Tables of meetings and activities."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class Activity(SQLModel, table=True):
    """A meeting or activity of one of the kinds in rules.py; times are UTC.

    `created_by` is empty when it came from an attendance sheet; `committee_id` is the committee that is its host,
    None: the whole organization; `venue_id` is the venue of consultation where it is held. One that is held online,
    too, has the link or the number of a meeting service.
    `version` guards edits (`If-Match`), `hall_version` changes of the seating.
    """

    __table_args__ = (
        Index("ix_activity_organization", "organization_id", "starts_at"),
        Index("ix_activity_venue", "venue_id", "starts_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    kind: str = Field(max_length=24)
    title: str = Field(max_length=120)
    place: str = Field(default="", max_length=120)
    venue_id: int | None = Field(default=None, sa_type=Id, foreign_key="venue.id")
    online_link: str = Field(default="", max_length=500, sa_column_kwargs={"server_default": text("''")})
    online_number: str = Field(default="", max_length=60, sa_column_kwargs={"server_default": text("''")})
    starts_at: datetime = Field(sa_type=Utc)
    ends_at: datetime = Field(sa_type=Utc)
    half_days: int = 1
    must_attend: bool = False
    committee_id: int | None = Field(default=None, sa_type=Id, foreign_key="committee.id")
    created_by: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    created_at: datetime = Field(sa_type=Utc)
    cancelled_at: datetime | None = Field(default=None, sa_type=Utc)
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    hall_version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class ActivityBody(SQLModel, table=True):
    """A body whose members were invited to an activity."""

    __tablename__ = "activity_body"

    activity_id: int = Field(primary_key=True, sa_type=Id, foreign_key="activity.id")
    body_id: int = Field(primary_key=True, sa_type=Id, foreign_key="body.id", index=True)


class Attendance(SQLModel, table=True):
    """A seat's part in an activity: invited, attended, excused, absent or called off."""

    __table_args__ = (Index("ix_attendance_seat", "seat_id", "state"),)

    activity_id: int = Field(primary_key=True, sa_type=Id, foreign_key="activity.id")
    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id")
    state: str = Field(default="invited", max_length=12)
    half_days: int = 0
    reason: str | None = Field(default=None, max_length=500)
    decided_at: datetime | None = Field(default=None, sa_type=Utc)
    decided_by: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
