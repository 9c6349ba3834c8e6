"""Table of internal notes."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Json, Utc


class InternalNote(SQLModel, table=True):
    """A note of staff on a thing that has a desk; one with a `parent_id` is a reply to it.

    `mentions` are accounts of colleagues. `version` guards edits (`If-Match`); of a deleted note the text is gone.
    """

    __tablename__ = "internal_note"
    __table_args__ = (Index("ix_internal_note_subject", "subject_type", "subject_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    subject_type: str = Field(max_length=40)
    subject_id: int = Field(sa_type=Id)
    parent_id: int | None = Field(default=None, sa_type=Id, foreign_key="internal_note.id")
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    body: str = Field(sa_column=Column(Text, nullable=False))
    mentions: list[int] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    version: int = 1
    created_at: datetime = Field(sa_type=Utc)
    edited_at: datetime | None = Field(default=None, sa_type=Utc)
    deleted_at: datetime | None = Field(default=None, sa_type=Utc)
