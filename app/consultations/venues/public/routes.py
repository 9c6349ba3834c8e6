"""The public page of a venue (议事场所), for everybody who has its code."""

from functools import partial
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import HTMLResponse

from app.consultations.venues.public import queries
from app.consultations.venues.public.page import unknown_page
from app.core.db import Store
from app.core.errors import NotFound, problems
from app.core.hot.response_cache import cached, compute
from app.core.paging import IfNoneMatch, fresh

#: Browsers and proxies keep a page for so long: what is no longer public disappears then.
_KEPT = "public, max-age=300"
Code = Annotated[str, Path(max_length=12, pattern="^[a-z0-9]+$", description="The code of a venue.")]

router = APIRouter(tags=["议事场所"], responses=problems(404, 422))


@router.get("/v/{code}", operation_id="venues_show_page", include_in_schema=False)
async def show_page(code: Code, store: Store, if_none_match: IfNoneMatch = None) -> Response:
    """The page that the code at the door of a venue opens."""
    try:
        state = await compute(store, partial(queries.state, code=code))
    except NotFound:
        return HTMLResponse(unknown_page(), status_code=404, headers={"Cache-Control": "no-store"})
    found = await cached(store, ("venue page", state.venue_id), state, partial(queries.page_of, of=state))
    headers = {"ETag": f'"v{sha256(found).hexdigest()[:16]}"', "Cache-Control": _KEPT}
    if fresh(headers["ETag"], if_none_match):
        return Response(status_code=304, headers=headers)
    return HTMLResponse(found, headers=headers)
