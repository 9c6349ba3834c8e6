"""Table of saved views."""

from datetime import datetime

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Json, Utc


class SavedView(SQLModel, table=True):
    """A list of one `desk` of the console: filters and order as its query string, columns, a name.

    Without an `office_id` it is its maker's own, with one it belongs to that office.
    """

    __tablename__ = "saved_view"
    __table_args__ = (
        Index("ix_saved_view_account", "account_id", "organization_id", "desk"),
        Index("ix_saved_view_office", "office_id", "desk"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
    office_id: int | None = Field(default=None, sa_type=Id, foreign_key="office.id")
    desk: str = Field(max_length=40)
    name: str = Field(max_length=40)
    query: str = Field(max_length=2_000)
    columns: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    position: int = 0
    edited_at: datetime = Field(sa_type=Utc)
