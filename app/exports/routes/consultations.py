"""Consultations as Excel: where they are held, how often, and on what."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.consultations.matters import queries as matters
from app.consultations.matters import routes as matter_filters
from app.consultations.venues import queries as venues
from app.consultations.venues import routes as venue_filters
from app.consultations.venues.figures import one_page_of_figures
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.web.downloads import gives
from app.exports.lists import consultations
from app.exports.lists.tables import AT_ONCE
from app.exports.service import sheet

VenueReader = Annotated[Actor, Depends(allow(Permission.VENUE_READ))]
MatterReader = Annotated[Actor, Depends(allow(Permission.MATTER_READ))]

router = APIRouter(
    prefix="/api/v1/exports",
    tags=["导出"],
    default_response_class=Response,
    responses=problems(401, 403, 404, 422) | gives("xlsx"),
)


@router.get("/venues.xlsx", operation_id="exports_list_venues")
def list_venues(actor: VenueReader, reads: Reads, db: Db, wanted: venue_filters.Wanted) -> Response:
    """The list of venues as Excel, with its filters."""
    return sheet(
        reads,
        db,
        actor,
        consultations.VENUES,
        lambda conn, cursor: venues.page_of_venues(conn, actor, wanted, cursor, AT_ONCE),
    )


@router.get("/venue-figures.xlsx", operation_id="exports_list_venue_figures")
def list_venue_figures(
    actor: VenueReader, reads: Reads, db: Db, year: venue_filters.OfYear = None
) -> Response:
    """How many venues of each level reached the target of a duty year, as Excel."""
    return sheet(
        reads,
        db,
        actor,
        consultations.VENUE_FIGURES,
        lambda conn, _cursor: one_page_of_figures(conn, actor, year),
    )


@router.get("/matters.xlsx", operation_id="exports_list_matters")
def list_matters(actor: MatterReader, reads: Reads, db: Db, wanted: matter_filters.Wanted) -> Response:
    """The list of matters as Excel, with its filters; who brought one without an account stands in none."""
    return sheet(
        reads,
        db,
        actor,
        consultations.MATTERS,
        lambda conn, cursor: matters.page_of_matters(conn, actor, wanted, cursor, AT_ONCE),
    )
