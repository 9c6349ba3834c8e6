"""Tables of cards."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class CardCache(SQLModel, table=True):
    """A computed card as JSON, valid while the seat's figures and the sections are of these versions."""

    __tablename__ = "card_cache"

    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id")
    period: str = Field(primary_key=True, max_length=10)
    figures_version: int
    sections_version: int
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    computed_at: datetime = Field(sa_type=Utc)
