"""The page of a body (一委一品牌), and the lists that its figures open."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.body_pages import queries
from app.body_pages.rules import Work
from app.body_pages.schemas import BodyPage, BodyRecord, BodyWorkRow
from app.core.db import Reads
from app.core.errors import Invalid, problems
from app.core.paging import Cursor, Id64, Limit, Page, json_response
from app.duty.kinds import KINDS

router = APIRouter(
    prefix="/api/v1/bodies/{body_id}", tags=["组织与委员"], responses=problems(401, 403, 404, 422)
)

Reader = Annotated[Actor, Depends(allow(Permission.DUTY_READ))]
Year = Annotated[
    int | None,
    Query(ge=1990, le=2100, description="A duty year; by default the newest of the body's term."),
]


@router.get("/page", operation_id="body_pages_get", response_model=BodyPage)
def get_page(
    body_id: Id64,
    actor: Reader,
    reads: Reads,
    *,
    year: Year = None,
) -> Response:
    """What a body is known for, and what it and its members did in a duty year, each figure with its list."""
    with reads.connect() as conn:
        return json_response(queries.body_page(conn, actor, body_id, year))


@router.get("/works", operation_id="body_pages_list_works", response_model=Page[BodyWorkRow])
def list_works(
    body_id: Id64,
    actor: Reader,
    reads: Reads,
    *,
    work: Annotated[Work, Query(description="Of which sort.")] = Work.PROPOSAL,
    year: Year = None,
    part: Annotated[
        str | None, Query(max_length=24, description="Only in this state, or of this kind.")
    ] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """What a body put forward or was invited to in a duty year, newest first."""
    with reads.connect() as conn:
        rows = queries.page_of_works(
            conn, actor, body_id, work, year=year, part=part, cursor=cursor, limit=limit
        )
        return json_response(rows)


@router.get("/records", operation_id="body_pages_list_records", response_model=Page[BodyRecord])
def list_records(
    body_id: Id64,
    actor: Reader,
    reads: Reads,
    *,
    year: Year = None,
    kind: Annotated[str | None, Query(max_length=40, description="Only of this kind.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """What the members of a body did in a duty year, on days on which they belonged to it."""
    if kind is not None and kind not in KINDS:
        raise Invalid("没有这种履职类别。", code="unknown_kind")
    with reads.connect() as conn:
        rows = queries.page_of_records(conn, actor, body_id, year=year, kind=kind, cursor=cursor, limit=limit)
        return json_response(rows)
