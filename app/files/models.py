"""Tables of stored files."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class File(SQLModel, table=True):
    """An uploaded file; `key` is its unguessable public name, `sha256` names the stored bytes.

    Until it is attached to a subject only its owner may read it; then the subject's rule holds.
    """

    __table_args__ = (
        Index("ix_file_owner", "owner_id"),
        Index("ix_file_subject", "subject_type", "subject_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    key: str = Field(unique=True, max_length=32)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    owner_id: int = Field(sa_type=Id, foreign_key="account.id")
    name: str = Field(max_length=120)
    media_type: str = Field(max_length=80)
    sha256: str = Field(max_length=64)
    size: int
    width: int | None = None
    height: int | None = None
    subject_type: str | None = Field(default=None, max_length=40)
    subject_id: int | None = Field(default=None, sa_type=Id)
    created_at: datetime = Field(sa_type=Utc)


class FileRound(SQLModel, table=True):
    """How far the stored files have been compared with their digests in this round, and the last whole round."""

    __tablename__ = "file_round"

    id: int = Field(default=1, primary_key=True, sa_type=Id)
    began_at: datetime = Field(sa_type=Utc)
    after: str = Field(default="", max_length=64)
    checked: int = 0
    ended_at: datetime | None = Field(default=None, sa_type=Utc)
    ended_checked: int = 0


class FileDamage(SQLModel, table=True):
    """Stored bytes that are missing or not what was stored, until they are found sound again."""

    __tablename__ = "file_damage"

    sha256: str = Field(primary_key=True, max_length=64)
    damage: str = Field(max_length=20)
    found_at: datetime = Field(sa_type=Utc)
