"""Tables of the seating in a hall."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Json, Utc


class HallPlan(SQLModel, table=True):
    """The hall of an activity: so many rows of so many chairs; `aisles` are the chairs after which there is a way."""

    __tablename__ = "hall_plan"

    activity_id: int = Field(primary_key=True, sa_type=Id, foreign_key="activity.id")
    rows: int
    columns: int
    aisles: list[int] = Field(default_factory=list, sa_type=Json)
    front_rows: int = 0
    order: str = Field(max_length=12)
    made_by: int = Field(sa_type=Id, foreign_key="account.id")
    made_at: datetime = Field(sa_type=Utc)


class HallPlace(SQLModel, table=True):
    """Where a member sits in an activity; rows and chairs count from 1."""

    __tablename__ = "hall_place"
    __table_args__ = (UniqueConstraint("activity_id", "row", "chair"),)

    activity_id: int = Field(primary_key=True, sa_type=Id, foreign_key="activity.id")
    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id")
    row: int
    chair: int
