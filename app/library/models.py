"""Tables of the library: its documents, and the index of their words."""

from datetime import date

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.core.language.fulltext import WordIndex
from app.core.sql import Id

INDEX = WordIndex("library_index")
_WAITING = text("NOT indexed")


class LibraryDocument(SQLModel, table=True):
    """A document of an organization; `ref` names it, so that it comes in once.

    What was written on the platform stands here as a copy of the text of its `subject`; what became of that, and who
    may see it, is asked there. `outcome` says in words what came of an imported one. Until it is `indexed` a document
    is not found by words.
    """

    __tablename__ = "library_document"
    __table_args__ = (
        UniqueConstraint("organization_id", "ref"),
        Index("ix_library_document_dated", "organization_id", "dated_on", "id"),
        Index("ix_library_document_subject", "subject_type", "subject_id"),
        Index("ix_library_document_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    organization_id: int = Field(sa_type=Id, foreign_key="organization.id")
    ref: str = Field(max_length=60)
    kind: str = Field(max_length=20)
    title: str = Field(max_length=200)
    dated_on: date
    source: str | None = Field(default=None, max_length=200)
    outcome: str | None = Field(default=None, max_length=500)
    subject_type: str | None = Field(default=None, max_length=40)
    subject_id: int | None = Field(default=None, sa_type=Id)
    indexed: bool = False
    body: str = Field(sa_column=Column(Text, nullable=False))
