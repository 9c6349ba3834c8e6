"""Tables of the feed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Json, Utc


class Update(SQLModel, table=True):
    """A member's post; `pictures` are `{key, width, height}` of attached files, in order.

    What its text says is measured (`app/threads/posting/texts.py`).
    """

    __table_args__ = (
        Index("ix_update_organization", "organization_id", "id"),
        Index("ix_update_seat", "seat_id", "id"),
        Index("ix_update_fingerprint", "fingerprint"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    seat_id: int = Field(sa_type=Id, foreign_key="seat.id")
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    kind: str = Field(max_length=20)
    body: str = Field(max_length=2000)
    place: str | None = Field(default=None, max_length=200)
    pictures: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    support_count: int = 0
    substance: int | None = None
    fingerprint: int | None = Field(default=None, sa_type=Id)
    created_at: datetime = Field(sa_type=Utc)
    edited_at: datetime | None = Field(default=None, sa_type=Utc)
    deleted_at: datetime | None = Field(default=None, sa_type=Utc)
    hidden_at: datetime | None = Field(default=None, sa_type=Utc)
    hidden_by: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    hidden_reason: str | None = Field(default=None, max_length=200)


class FeedRead(SQLModel, table=True):
    """The newest update that an account has seen in an organization's feed."""

    __tablename__ = "feed_read"

    account_id: int = Field(primary_key=True, sa_type=Id, foreign_key="account.id")
    organization_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organization.id")
    last_update_id: int = Field(sa_type=Id)
    read_at: datetime = Field(sa_type=Utc)
