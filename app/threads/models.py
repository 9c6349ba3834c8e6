"""Tables of threads, replies, support and what was read."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Json, Utc


class Thread(SQLModel, table=True):
    """The conversation under one subject; its counters are caches of its rows, proved by `lvyi recount`.

    `version` moves with every change inside; ETags of its pages stand on it.
    """

    __table_args__ = (UniqueConstraint("subject_type", "subject_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    subject_type: str = Field(max_length=40)
    subject_id: int = Field(sa_type=Id)
    reply_count: int = 0
    version: int = 0
    last_reply_at: datetime | None = Field(default=None, sa_type=Utc)


class Reply(SQLModel, table=True):
    """A reply in a thread; `parent_id` is the top-level reply it stands under (one visual level).

    `seat_id` is empty for staff, whose replies count for nobody. `to_seat_id` is whom it answers: the quoted, else
    the parent's, else the subject's author. `mentions` are `{seat_id, name}` of those named with @.
    `echo_count` = replies under it plus support, the order "hottest". What its text says is measured (texts.py).
    """

    __table_args__ = (
        Index("ix_reply_thread", "thread_id", "id"),
        Index("ix_reply_hot", "thread_id", "echo_count", "id"),
        Index("ix_reply_parent", "parent_id", "id"),
        Index("ix_reply_seat", "seat_id", "created_at"),
        Index("ix_reply_to", "to_seat_id", "created_at"),
        Index("ix_reply_fingerprint", "fingerprint"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    thread_id: int = Field(sa_type=Id, foreign_key="thread.id")
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    seat_id: int | None = Field(default=None, sa_type=Id, foreign_key="seat.id")
    to_seat_id: int | None = Field(default=None, sa_type=Id, foreign_key="seat.id")
    parent_id: int | None = Field(default=None, sa_type=Id, foreign_key="reply.id")
    quote_id: int | None = Field(default=None, sa_type=Id, foreign_key="reply.id")
    body: str = Field(max_length=2000)
    mentions: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    created_at: datetime = Field(sa_type=Utc)
    reply_count: int = 0
    support_count: int = 0
    echo_count: int = 0
    substance: int | None = None
    fingerprint: int | None = Field(default=None, sa_type=Id)
    deleted_at: datetime | None = Field(default=None, sa_type=Utc)
    hidden_at: datetime | None = Field(default=None, sa_type=Utc)
    hidden_by: int | None = Field(default=None, sa_type=Id, foreign_key="account.id")
    hidden_reason: str | None = Field(default=None, max_length=200)


class Support(SQLModel, table=True):
    """One support (赞同) of a seat for a reply or an update; `to_seat_id` is whom it honours."""

    __table_args__ = (
        Index("ix_support_to", "to_seat_id", "created_at"),
        Index("ix_support_seat", "seat_id", "created_at"),
    )

    target_type: str = Field(primary_key=True, max_length=10)
    target_id: int = Field(primary_key=True, sa_type=Id)
    seat_id: int = Field(primary_key=True, sa_type=Id, foreign_key="seat.id")
    to_seat_id: int | None = Field(default=None, sa_type=Id, foreign_key="seat.id")
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    created_at: datetime = Field(sa_type=Utc)


class ThreadRead(SQLModel, table=True):
    """Up to which reply an account has read a thread."""

    __tablename__ = "thread_read"

    account_id: int = Field(primary_key=True, sa_type=Id, foreign_key="account.id")
    thread_id: int = Field(primary_key=True, sa_type=Id, foreign_key="thread.id")
    last_reply_id: int = Field(sa_type=Id)
    read_at: datetime = Field(sa_type=Utc)
