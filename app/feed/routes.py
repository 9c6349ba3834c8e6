"""The circle (议政圈): updates of members."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.auth.actor import Actor, CircleReader, DutyReader, allow
from app.auth.permissions import Permission
from app.auth.subjects import require
from app.core import live
from app.core.db import Database, Db, Reads
from app.core.errors import problems
from app.core.hot.conditional_get import ConditionalRoute, with_etag
from app.core.hot.response_cache import cached, compute
from app.core.paging import Cursor, Id64, Limit, Page, json_response
from app.core.web.idempotency import OnceKey
from app.feed import queries, service
from app.feed.schemas import FeedPage, FeedState, SeenIn, UpdateEdit, UpdateIn, UpdateOut
from app.threads.queries import page_of_supporters
from app.threads.schemas import HideIn, Supporter, SupportOut

Poster = Annotated[Actor, Depends(allow(Permission.UPDATE_POST))]
Supporting = Annotated[Actor, Depends(allow(Permission.SUPPORT_GIVE))]
Hider = Annotated[Actor, Depends(allow(Permission.CONTENT_HIDE))]
InScope = Annotated[queries.Scope, Query(description="All, my sector, or my committees.")]
OfSeat = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only updates of this seat.")]

router = APIRouter(
    route_class=ConditionalRoute, prefix="/api/v1/updates", tags=["议政圈"], responses=problems(401, 403, 422)
)


def _etag(actor: Actor, seq: int) -> str:
    # a session ends with any change of its rights, on which `may` stands
    return f'"f{seq}-{actor.session_id}"'


async def _tag(request: Request) -> str:
    actor = await allow(Permission.CIRCLE_READ)(request)
    return _etag(actor, await live.newest(request.app.state.database, actor.organization_id, "feed"))


@router.get("", operation_id="feed_list_updates", response_model=FeedPage)
@with_etag(_tag)
async def list_updates(
    request: Request,
    actor: CircleReader,
    scope: InScope = "all",
    seat_id: OfSeat = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """The circle, newest first: of all, of my sector, of my committees, or of one member."""
    database: Database = request.app.state.database
    wanted = queries.UpdateQuery(scope, seat_id, cursor, limit)
    make = partial(queries.page_of_updates, actor=actor, wanted=wanted)
    seq = await live.newest(database, actor.organization_id, "feed")
    if wanted.common:
        page = await cached(database, ("feed", actor.organization_id, wanted), seq, make)
    else:
        page = await compute(database, make)
    return json_response(page.body(actor.outside()), etag=_etag(actor, seq))


@router.post(
    "",
    operation_id="feed_post_update",
    status_code=201,
    response_model=UpdateOut,
    responses=problems(409, 429),
)
def post_update(body: UpdateIn, actor: Poster, db: Db, once: OnceKey) -> Response:
    """Post an update: text, up to nine pictures, place and kind of duty."""
    return once(db, actor.account_id, body, lambda: service.post(db, actor, body))


@router.get("/state", operation_id="feed_get_state", response_model=FeedState)
def get_state(actor: CircleReader, reads: Reads) -> Response:
    """How many updates are new to me."""
    with reads.connect() as conn:
        return json_response(queries.feed_state(conn, actor))


@router.put("/seen", operation_id="feed_mark_seen", status_code=204)
def mark_seen(body: SeenIn, actor: CircleReader, db: Db) -> None:
    """Remember up to which update I have seen the circle."""
    service.mark_seen(db, actor, body)


@router.get("/{update_id}", operation_id="feed_get_update", response_model=UpdateOut, responses=problems(404))
def get_update(update_id: Id64, actor: DutyReader, reads: Reads) -> Response:
    """One update."""
    with reads.connect() as conn:
        return json_response(queries.update_row(conn, actor, update_id))


@router.put("/{update_id}", operation_id="feed_edit_update", responses=problems(404, 409))
def edit_update(update_id: Id64, body: UpdateEdit, actor: Poster, db: Db) -> UpdateOut:
    """Change my update within 30 minutes of posting."""
    return service.edit(db, actor, update_id, body)


@router.delete("/{update_id}", operation_id="feed_delete_update", status_code=204, responses=problems(404))
def delete_update(update_id: Id64, actor: Poster, db: Db) -> None:
    """Delete my update; its duty record is voided."""
    service.delete(db, actor, update_id)


@router.put(
    "/{update_id}/support",
    operation_id="feed_support_update",
    responses=problems(404, 409, 429),
)
def support_update(update_id: Id64, actor: Supporting, db: Db) -> SupportOut:
    """Support an update (赞同); repeating changes nothing."""
    return service.support(db, actor, update_id, on=True)


@router.delete(
    "/{update_id}/support",
    operation_id="feed_withdraw_update_support",
    responses=problems(404, 409),
)
def withdraw_update_support(update_id: Id64, actor: Supporting, db: Db) -> SupportOut:
    """Take my support for an update back."""
    return service.support(db, actor, update_id, on=False)


@router.get(
    "/{update_id}/supporters",
    operation_id="feed_list_supporters",
    response_model=Page[Supporter],
    responses=problems(404),
)
def list_supporters(
    update_id: Id64, actor: CircleReader, reads: Reads, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Who supports an update."""
    with reads.connect() as conn:
        require(conn, actor, "update", update_id)
        return json_response(page_of_supporters(conn, ("update", update_id), cursor, limit))


@router.put("/{update_id}/hidden", operation_id="feed_hide_update", status_code=204, responses=problems(404))
def hide_update(update_id: Id64, body: HideIn, actor: Hider, db: Db) -> None:
    """Hide an update with a reason."""
    service.hide(db, actor, update_id, body.reason)


@router.delete(
    "/{update_id}/hidden", operation_id="feed_unhide_update", status_code=204, responses=problems(404)
)
def unhide_update(update_id: Id64, actor: Hider, db: Db) -> None:
    """Show a hidden update again."""
    service.unhide(db, actor, update_id)
