"""Table of presence."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class Presence(SQLModel, table=True):
    """Somebody who has a thing open, as of `seen_at`: staff (no `unit_id`) or an officer of a unit.

    Rows that are older than a heartbeat or two mean nothing any more.
    """

    __table_args__ = (
        Index("ix_presence_subject", "subject_type", "subject_id"),
        Index("ix_presence_seen_at", "seen_at"),
    )

    account_id: int = Field(primary_key=True, sa_type=Id, foreign_key="account.id")
    subject_type: str = Field(primary_key=True, max_length=40)
    subject_id: int = Field(primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    unit_id: int | None = Field(default=None, sa_type=Id, foreign_key="unit.id")
    editing: bool
    since: datetime = Field(sa_type=Utc)
    seen_at: datetime = Field(sa_type=Utc)
