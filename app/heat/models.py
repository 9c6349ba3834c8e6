"""The table of computed leaderboards."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class Board(SQLModel, table=True):
    """A computed leaderboard: one JSON array a line, with the event number that it was computed at.

    `window` is the key of a `Span`, `formula` the version of the formula. One process at a time computes it
    again: the one that set `leased_until`.
    """

    organization_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organization.id")
    window: str = Field(primary_key=True, max_length=20)
    formula: int | None = None
    seq: int = Field(sa_type=Id)
    rows: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    seconds: float = 0
    computed_at: datetime = Field(sa_type=Utc)
    leased_until: datetime | None = Field(default=None, sa_type=Utc)
