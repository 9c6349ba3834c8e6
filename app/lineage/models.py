"""The table of lineage."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Utc


class LineageLink(SQLModel, table=True):
    """One thing came of another: of a reply, an update, a report or a matter a report or a proposal."""

    __tablename__ = "lineage_link"
    __table_args__ = (
        UniqueConstraint("from_type", "from_id", "to_type", "to_id"),
        Index("ix_lineage_link_to", "to_type", "to_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    from_type: str = Field(max_length=20)
    from_id: int = Field(sa_type=Id)
    to_type: str = Field(max_length=20)
    to_id: int = Field(sa_type=Id)
    at: datetime = Field(sa_type=Utc)
    account_id: int = Field(sa_type=Id, foreign_key="account.id")
