"""Table of phrases."""

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from app.core.sql import Id, Json


class PhraseList(SQLModel, table=True):
    """The phrases of an organization for one kind of decision, in their order; without a row the start set holds.

    `version` guards edits (`If-Match`).
    """

    __tablename__ = "phrase_list"

    organization_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organization.id")
    kind: str = Field(primary_key=True, max_length=40)
    texts: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    version: int = 1
