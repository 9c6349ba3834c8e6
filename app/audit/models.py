"""Tables of the audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Json, Utc

#: What the application's role on PostgreSQL may not do; the tables refuse it to everybody by triggers.
APPEND_ONLY = ("audit_entry",)
NEVER_DELETED = ("audit_head",)


class AuditEntry(SQLModel, table=True):
    """Who did what, when, from where, with what result; each entry holds the hash of the one before it.

    `seal` is made of the hash with a key that is not in the database; entries from before 0017 have none.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_at", "organization_id", "at"),
        Index("ix_audit_entry_account", "account_id", "at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int | None = Field(default=None, sa_type=Id)
    at: datetime = Field(sa_type=Utc)
    account_id: int | None = Field(default=None, sa_type=Id)
    action: str = Field(max_length=60)
    subject_type: str | None = Field(default=None, max_length=40)
    subject_id: int | None = Field(default=None, sa_type=Id)
    address: str = Field(default="", max_length=45)
    result: str = Field(default="ok", max_length=20)
    detail: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)
    seal: str | None = Field(default=None, max_length=81)


class AuditHead(SQLModel, table=True):
    """The hash of the newest entry, sealed; its row is the lock that keeps the chain single."""

    __tablename__ = "audit_head"

    id: int = Field(default=1, primary_key=True)
    hash: str = Field(default="", max_length=64)
    seal: str | None = Field(default=None, max_length=81)
