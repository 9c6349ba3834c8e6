"""Tables of cards: computed ones, issued ones, the keys that sign these, and batches that issue them."""

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Json, Utc


class CardCache(SQLModel, table=True):
    """A computed card as JSON, valid while the seat's figures and the sections are of these versions."""

    __tablename__ = "card_cache"

    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id")
    period: str = Field(primary_key=True, max_length=10)
    figures_version: int
    sections_version: int
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    computed_at: datetime = Field(sa_type=Utc)


class CardKey(SQLModel, table=True):
    """A key that signs issued cards; its private half is encrypted, and erased when the key is retired."""

    __tablename__ = "card_key"

    id: str = Field(primary_key=True, max_length=43)
    public: dict[str, str] = Field(sa_column=Column(Json, nullable=False))
    private: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    created_at: datetime = Field(sa_type=Utc)
    retired_at: datetime | None = Field(default=None, sa_type=Utc)


class IssuedCard(SQLModel, table=True):
    """One issued version of a seat's card of a period; `content` is canonical JSON and never changes.

    `state` goes from issued to corrected, when a later version was issued in its place, or to revoked, with a `reason`.
    """

    __tablename__ = "issued_card"
    __table_args__ = (
        UniqueConstraint("seat_id", "period", "version"),
        Index("ix_issued_card_organization", "organization_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    seat_id: int = Field(sa_type=Id, foreign_key="seat.id")
    period: str = Field(max_length=10)
    version: int
    code: str = Field(unique=True, max_length=22)
    state: str = Field(default="issued", max_length=10)
    sharing: str = Field(default="seal", max_length=10)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sha256: str = Field(max_length=64)
    signature: str = Field(max_length=300)
    key_id: str = Field(max_length=43, foreign_key="card_key.id")
    issued_by: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    issued_at: datetime = Field(sa_type=Utc)
    ended_at: datetime | None = Field(default=None, sa_type=Utc)
    reason: str | None = Field(default=None, max_length=500)


class CardBatch(SQLModel, table=True):
    """The issue of a period's cards to all of an organization, seat by seat in the order of their ids.

    `at_seat` is the last one that was looked at; cards, notifications and it move in the same transaction.
    """

    __tablename__ = "card_batch"
    __table_args__ = (Index("ix_card_batch_organization", "organization_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    period: str = Field(max_length=10)
    term_id: int | None = Field(default=None, sa_type=Id, foreign_key="term.id")
    begun_by: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    begun_at: datetime = Field(sa_type=Utc)
    total: int
    done: int = 0
    issued: int = 0
    at_seat: int = Field(default=0, sa_type=Id)
    finished_at: datetime | None = Field(default=None, sa_type=Utc)
