"""Venues of consultation (议事场所): where members meet the public, and whether each is used."""

from io import BytesIO
from typing import Annotated, Literal

import segno
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.consultations.venues import queries, service
from app.consultations.venues.figures import figures, set_targets
from app.consultations.venues.rules import VenueKind, VenueLevel
from app.consultations.venues.schemas import (
    ConvenerOut,
    HoursIn,
    TargetsIn,
    VenueFigures,
    VenueIn,
    VenueOut,
    VenueRow,
)
from app.core.db import Db, Reads
from app.core.errors import NotFound, problems
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.core.web.idempotency import OnceKey

router = APIRouter(prefix="/api/v1/venues", tags=["议事场所"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.VENUE_READ))]
Manager = Annotated[Actor, Depends(allow(Permission.VENUE_MANAGE))]
OfYear = Annotated[
    int | None, Query(ge=1990, le=2100, description="The duty year; the present one when left out.")
]


async def _address(request: Request) -> str:
    url: str = request.app.state.settings.public_url
    return url.rstrip("/")


#: Where the installation is.
Address = Annotated[str, Depends(_address)]


def _filters(
    *,
    level: Annotated[VenueLevel | None, Query(description="Only those of this level.")] = None,
    kind: Annotated[VenueKind | None, Query(description="Only those of this kind.")] = None,
    parent_id: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Right below this one.")] = None,
    within: Annotated[
        int | None, Query(ge=1, le=2**63 - 1, description="This one and all that stand below it.")
    ] = None,
    year: OfYear = None,
    reached: Annotated[
        bool | None, Query(description="Whether as many consultations were held as the target of the year.")
    ] = None,
    mine: Annotated[bool, Query(description="Only where I am posted today, or convene.")] = False,
    current: Annotated[bool, Query(description="Only those that are not closed today.")] = False,
    q: Annotated[str, Query(max_length=60, description="Words of the name.")] = "",
) -> queries.VenueFilter:
    return queries.VenueFilter(level, kind, parent_id, within, year, reached, mine, current, q)


Wanted = Annotated[queries.VenueFilter, Depends(_filters)]


@router.get("", operation_id="venues_list", response_model=Page[VenueRow])
def list_venues(
    actor: Reader, reads: Reads, wanted: Wanted, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Venues that were not closed before a duty year: where I am posted first, then down the tree."""
    with reads.connect() as conn:
        return json_response(queries.page_of_venues(conn, actor, wanted, cursor, limit))


@router.post("", operation_id="venues_create", status_code=201, response_model=VenueOut)
def create_venue(body: VenueIn, actor: Manager, db: Db, once: OnceKey, address: Address) -> Response:
    """Add a venue with who is posted there."""
    return once(db, actor.account_id, body, lambda: service.create(db, actor, body, address))


@router.get("/conveners", operation_id="venues_list_conveners", response_model=list[ConvenerOut])
def list_conveners(
    actor: Manager,
    reads: Reads,
    q: Annotated[str, Query(max_length=60, description="Words of the name.")] = "",
) -> Response:
    """The first accounts with a name that may convene at a venue."""
    with reads.connect() as conn:
        return json_response(queries.conveners(conn, actor, q))


@router.get("/figures", operation_id="venues_figures", response_model=VenueFigures)
def get_figures(actor: Reader, reads: Reads, year: OfYear = None) -> Response:
    """How many venues of each level reached the target of a duty year; each figure with its list."""
    with reads.connect() as conn:
        return json_response(figures(conn, actor, year))


@router.put("/targets/{year}", operation_id="venues_set_targets")
def put_targets(
    year: Annotated[int, Path(ge=1990, le=2100, description="The duty year.")],
    body: TargetsIn,
    actor: Manager,
    db: Db,
) -> VenueFigures:
    """Replace how many consultations each venue is to hold in a duty year."""
    return set_targets(db, actor, year, body)


@router.get("/{venue_id}", operation_id="venues_get", response_model=VenueOut, responses=problems(404))
def get_venue(venue_id: Id64, actor: Reader, reads: Reads, address: Address) -> Response:
    """One venue with who is posted there."""
    with reads.connect() as conn:
        return json_response(queries.read(conn, actor, venue_id, address))


@router.get(
    "/{venue_id}/code",
    operation_id="venues_get_code",
    response_class=Response,
    responses=problems(404)
    | {200: {"content": {"image/png": {}, "image/svg+xml": {}}, "description": "To be printed."}},
)
def get_code(
    venue_id: Id64,
    actor: Reader,
    reads: Reads,
    address: Address,
    form: Annotated[Literal["png", "svg"], Query(description="Which kind of picture.")] = "png",
) -> Response:
    """The QR code of the public page of a venue; 404 when it has none."""
    with reads.connect() as conn:
        url = queries.read(conn, actor, venue_id, address)["public_url"]
    if url is None:
        raise NotFound
    picture = BytesIO()
    segno.make(url, error="m", micro=False).save(picture, kind=form, scale=16)
    media = "image/png" if form == "png" else "image/svg+xml"
    return Response(picture.getvalue(), media_type=media, headers={"Cache-Control": "private, no-cache"})


@router.put("/{venue_id}", operation_id="venues_edit", responses=problems(404, 412))
def edit_venue(
    venue_id: Id64, body: VenueIn, actor: Manager, db: Db, version: IfMatch, address: Address
) -> VenueOut:
    """Change a venue, who is posted there or when it closes; 412 carries the present one as `current`."""
    return service.edit(db, actor, venue_id, version, body, address)


@router.put("/{venue_id}/opening-hours", operation_id="venues_set_hours", responses=problems(404, 412))
def set_hours(
    venue_id: Id64, body: HoursIn, actor: Reader, db: Db, version: IfMatch, address: Address
) -> VenueOut:
    """Change when a venue is open, as who convenes there."""
    return service.set_hours(db, actor, venue_id, version, body.opening_hours, address)


@router.delete("/{venue_id}", operation_id="venues_remove", status_code=204, responses=problems(404, 409))
def remove_venue(venue_id: Id64, actor: Manager, db: Db) -> None:
    """Remove a venue that was added by mistake and never used."""
    service.remove(db, actor, venue_id)
