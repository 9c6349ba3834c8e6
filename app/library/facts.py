"""What is known of a document, before it has an id."""

from datetime import date
from typing import NamedTuple

from app.library.rules import DocumentKind


class DocumentFacts(NamedTuple):
    """The columns of a document that say what it is; `ref` names it within its organization."""

    organization_id: int
    ref: str
    kind: DocumentKind
    title: str
    body: str
    dated_on: date
    source: str | None = None
    outcome: str | None = None
    subject_type: str | None = None
    subject_id: int | None = None
