"""The library (资料库): search by words, earlier cases that are like what is being written, near-duplicates."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AfterValidator, StringConstraints

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Reads
from app.core.errors import problems
from app.core.language.text import clean
from app.core.paging import Cursor, Id64, Limit, Page, json_response
from app.library import (
    queries,
    service,  # noqa: F401 - the service: its jobs
)
from app.library.rules import DocumentKind
from app.library.schemas import DocumentOut, DuplicateRow, FoundRow, SimilarIn, SimilarRow
from app.library.similar import queries as similar_queries

router = APIRouter(prefix="/api/v1/library", tags=["资料库"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.LIBRARY_READ))]
Reviewer = Annotated[Actor, Depends(allow(Permission.PROPOSAL_REVIEW))]
Words = Annotated[
    Annotated[str, StringConstraints(max_length=100), AfterValidator(clean)] | None,
    Query(description='Words that all stand in it; `"in quotes"` as they stand.'),
]
OfKind = Annotated[DocumentKind | None, Query(description="Only documents of this kind.")]


@router.get("/documents", operation_id="library_list_documents", response_model=Page[FoundRow])
def list_documents(
    actor: Reader,
    reads: Reads,
    *,
    q: Words = None,
    kind: OfKind = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Documents of the library, newest first: all, or those in which some words stand."""
    with reads.connect() as conn:
        return json_response(queries.page_of_documents(conn, actor, cursor, limit, q=q, kind=kind))


@router.get(
    "/documents/{document_id}",
    operation_id="library_get_document",
    response_model=DocumentOut,
    responses=problems(404),
)
def get_document(document_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One document with its text."""
    with reads.connect() as conn:
        return json_response(queries.read(conn, actor, document_id))


@router.post("/similar", operation_id="library_find_similar", response_model=Page[SimilarRow])
def find_similar(body: SimilarIn, actor: Reader, reads: Reads) -> Response:
    """Up to ten earlier cases that are like what is being written, with what became of them; nothing is kept."""
    with reads.connect() as conn:
        return json_response(similar_queries.similar(conn, actor, body))


@router.get(
    "/proposals/{proposal_id}/duplicates",
    operation_id="library_list_duplicates",
    response_model=Page[DuplicateRow],
    responses=problems(404),
)
def list_duplicates(proposal_id: Id64, actor: Reviewer, reads: Reads) -> Response:
    """Up to ten proposals of the same term, under review or on file, that say nearly the same.

    Stricter than `similar`: whole texts are held against each other, and a like title alone is not enough.
    """
    with reads.connect() as conn:
        return json_response(similar_queries.duplicates(conn, actor, proposal_id))
