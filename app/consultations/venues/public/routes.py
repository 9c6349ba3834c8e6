"""The public page of a venue (议事场所), for everybody who has its code."""

from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import HTMLResponse

from app.consultations.matters.strangers.queries import results_of
from app.consultations.venues.public.page import page, unknown_page
from app.consultations.venues.public.queries import by_code
from app.core.db import Reads
from app.core.errors import NotFound, problems
from app.core.paging import IfNoneMatch, fresh

#: Browsers and proxies keep a page for so long: what is no longer public disappears then.
_KEPT = "public, max-age=300"
Code = Annotated[str, Path(max_length=12, pattern="^[a-z0-9]+$", description="The code of a venue.")]

router = APIRouter(tags=["议事场所"], responses=problems(404, 422))


@router.get("/v/{code}", operation_id="venues_show_page", include_in_schema=False)
def show_page(code: Code, reads: Reads, if_none_match: IfNoneMatch = None) -> Response:
    """The page that the code at the door of a venue opens."""
    try:
        with reads.connect() as conn:
            venue = by_code(conn, code)
            found = page(venue, results_of(conn, venue["id"]))
    except NotFound:
        return HTMLResponse(unknown_page(), status_code=404, headers={"Cache-Control": "no-store"})
    headers = {"ETag": f'"v{sha256(found.encode()).hexdigest()[:16]}"', "Cache-Control": _KEPT}
    if fresh(headers["ETag"], if_none_match):
        return Response(status_code=304, headers=headers)
    return HTMLResponse(found, headers=headers)
