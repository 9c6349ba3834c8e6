"""Matters without a login: the public form, following by code, and the public results of a venue."""

from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic_core import to_json

from app.auth.strangers import NOBODY, From
from app.consultations.matters.schemas import MatterReceipt
from app.consultations.matters.strangers import queries, service
from app.consultations.matters.strangers.schemas import (
    VENUE_CODE,
    MatterCodeIn,
    MatterJudgementIn,
    MatterPlace,
    MatterStatus,
    PublicMatterIn,
    ReleasedMatter,
)
from app.core.db import Data, Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, IfNoneMatch, Limit, Page, fresh, json_response
from app.core.web.idempotency import OnceKey

router = APIRouter(prefix="/api/v1/public/matters", tags=["协商议题"], responses=problems(404, 422))

OfVenue = Annotated[str | None, Query(pattern=VENUE_CODE, description="Of the venue with this code.")]
OfOrganization = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Or of an organization.")]
Solved = Annotated[bool | None, Query(description="Only what was solved (幸福账单), or (false) not yet.")]


@router.post(
    "",
    operation_id="public_matters_hand_in",
    status_code=201,
    response_model=MatterReceipt,
    responses=problems(403, 429),
)
def hand_in(body: PublicMatterIn, address: From, db: Db, once: OnceKey) -> Response:
    """Hand in a matter without login; the receipt's code tells later what became of it."""
    return once(db, NOBODY, body, lambda: service.hand_in(db, address, body))


@router.post(
    "/status",
    operation_id="public_matters_look_up",
    response_model=MatterStatus,
    responses=problems(403, 429),
)
def look_up(body: MatterCodeIn, address: From, store: Data) -> Response:
    """What became of a matter, for whoever has the code of its receipt."""
    return json_response(service.look_up(store, address, body.code))


@router.post("/judgement", operation_id="public_matters_judge", responses=problems(403, 409, 429))
def judge(body: MatterJudgementIn, address: From, store: Data) -> MatterStatus:
    """Judge the result of a matter, as whoever has the code of its receipt."""
    return service.judge(store, address, body)


@router.get(
    "/organizations", operation_id="public_matters_list_organizations", response_model=Page[MatterPlace]
)
def list_organizations(reads: Reads, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """The organizations that take matters, for the public form."""
    with reads.connect() as conn:
        return json_response(queries.page_of_places(conn, cursor, limit))


@router.get("", operation_id="public_matters_list", response_model=Page[ReleasedMatter])
def list_released(
    reads: Reads,
    *,
    venue_code: OfVenue = None,
    organization_id: OfOrganization = None,
    solved: Solved = None,
    limit: Limit = 20,
    cursor: Cursor = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """What was released of the matters of a venue or an organization, newest first."""
    with reads.connect() as conn:
        here = queries.place(conn, venue_code, organization_id)
        found = queries.page_of_released(conn, here, solved=solved, cursor=cursor, limit=limit)
    return _cached(found, if_none_match)


@router.get("/{matter_id}", operation_id="public_matters_get", response_model=ReleasedMatter)
def get_released(matter_id: Id64, reads: Reads, if_none_match: IfNoneMatch = None) -> Response:
    """One matter that was released."""
    with reads.connect() as conn:
        return _cached(queries.released(conn, matter_id), if_none_match)


def _cached(found: object, if_none_match: str | None) -> Response:
    """What anybody may keep for some minutes."""
    content = to_json(found)
    headers = {"ETag": f'"{sha256(content).hexdigest()[:16]}"', "Cache-Control": "public, max-age=300"}
    if fresh(headers["ETag"], if_none_match):
        return Response(status_code=304, headers=headers)
    return Response(content, 200, headers, "application/json")
