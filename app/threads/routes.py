"""Threads: replies under updates, topics and reading notes."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from app.auth.actor import Actor, CircleReader, DutyReader, allow
from app.auth.permissions import Permission
from app.auth.subjects import require
from app.core.db import Database, Db, Reads
from app.core.errors import NotFound, problems
from app.core.hot.conditional_get import ConditionalRoute, with_etag
from app.core.hot.response_cache import cached
from app.core.paging import Cursor, Id64, Limit, Page, json_response
from app.core.web.idempotency import OnceKey
from app.people.schemas import SeatOut
from app.threads import queries, service, visibility
from app.threads.posting import mentions
from app.threads.replies import queries as reply_queries
from app.threads.replies import removal, support
from app.threads.schemas import (
    HideIn,
    PlacedReply,
    ReplyIn,
    ReplyOut,
    Supporter,
    SupportOut,
    ThreadOut,
    ThreadPage,
    ThreadReadIn,
)

Replier = Annotated[Actor, Depends(allow(Permission.REPLY_POST))]
Supporting = Annotated[Actor, Depends(allow(Permission.SUPPORT_GIVE))]
Hider = Annotated[Actor, Depends(allow(Permission.CONTENT_HIDE))]
InOrder = Annotated[queries.Order, Query(description="By time, or by replies and support.")]
Top = Annotated[bool, Query(description="Only top-level replies.")]
Start = Annotated[
    Literal["first", "unread"], Query(description="Where the first page begins, when the oldest come first.")
]
Under = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only replies under this one.")]
Named = Annotated[str | None, Query(max_length=50, description="Part of the name.")]

router = APIRouter(
    route_class=ConditionalRoute, prefix="/api/v1", tags=["讨论"], responses=problems(401, 403, 404, 422)
)


def _etag(actor: Actor, thread: queries.ThreadHead) -> str:
    # a session ends with any change of its rights, on which `may` stands
    return f'"t{thread.id}-{thread.version}-{actor.session_id}"'


async def _tag(request: Request) -> str | None:
    actor = await allow(Permission.DUTY_READ)(request)
    named = request.path_params["thread_id"]
    if not named.isascii() or not named.isdigit() or len(named) > 18:  # noqa: PLR2004 - fits 64 bits
        return None
    thread = await request.app.state.database.look_up(queries.visible_threads, (actor, int(named)))
    return _etag(actor, thread) if thread else None


@router.get("/threads/{thread_id}/replies", operation_id="threads_list_replies", response_model=ThreadPage)
@with_etag(_tag)
async def list_replies(
    request: Request,
    thread_id: Id64,
    actor: DutyReader,
    order: InOrder = "oldest",
    limit: Limit = 30,
    cursor: Cursor = None,
    under: Under = None,
    *,
    top: Top = False,
    start: Start = "first",
) -> Response:
    """Replies of a thread: oldest, newest or hottest first, all or top-level only, from the first unread if asked."""
    database: Database = request.app.state.database
    looked_up = database.look_up(queries.last_read, (actor.account_id, thread_id))
    thread = await database.look_up(queries.visible_threads, (actor, thread_id))
    read = await looked_up
    if thread is None:
        raise NotFound
    wanted = queries.ReplyQuery(order, cursor, limit, under, top)
    if start == "unread":
        wanted = wanted.after(read)
    make = partial(queries.page_of_replies, thread_id=thread_id, wanted=wanted)
    page = await cached(database, ("thread", thread_id, wanted), thread.version, make)
    reader = await database.look_up(visibility.standing, (actor, thread.subject)) if actor.limited else actor
    body = page.body(reader or actor.outside(), reply_count=thread.reply_count, last_read_id=read or 0)
    return json_response(body, etag=_etag(actor, thread))


@router.get("/threads/{thread_id}/readers", operation_id="threads_list_readers", response_model=Page[SeatOut])
def list_readers(
    thread_id: Id64,
    actor: CircleReader,
    reads: Reads,
    q: Named = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Members whom a reply may name: they hold their seat and may see the thread."""
    with reads.connect() as conn:
        return json_response(mentions.page_of_readers(conn, actor, thread_id, q, cursor, limit))


@router.post(
    "/threads/{thread_id}/replies",
    operation_id="threads_post_reply",
    status_code=201,
    response_model=ReplyOut,
    responses=problems(409, 429),
)
async def post_reply(
    request: Request, thread_id: Id64, body: ReplyIn, actor: Replier, once: OnceKey
) -> Response:
    """Reply to the thread's subject or to one of its replies."""

    def do(db: Db) -> Response:
        return once.answer(db, actor.account_id, body, lambda: service.reply(db, actor, thread_id, body))

    database: Database = request.app.state.database
    return await database.act(do, order=thread_id)


@router.get("/threads/{thread_id}", operation_id="threads_get_thread", response_model=ThreadOut)
def get_thread(thread_id: Id64, actor: DutyReader, reads: Reads) -> Response:
    """What a thread hangs on, and whether I may reply in it."""
    with reads.connect() as conn:
        return json_response(reply_queries.thread_row(conn, actor, thread_id))


@router.put("/threads/{thread_id}/read", operation_id="threads_mark_read", status_code=204)
def mark_read(thread_id: Id64, body: ThreadReadIn, actor: DutyReader, db: Db) -> None:
    """Remember up to which reply I have read."""
    service.mark_read(db, actor, thread_id, body.last_reply_id)


@router.get("/replies/{reply_id}", operation_id="threads_get_reply", response_model=PlacedReply)
def get_reply(reply_id: Id64, actor: DutyReader, reads: Reads) -> Response:
    """One reply with its thread; a hidden one for its author and for staff only."""
    with reads.connect() as conn:
        return json_response(reply_queries.placed_reply(conn, actor, reply_id))


@router.delete("/replies/{reply_id}", operation_id="threads_delete_reply", status_code=204)
def delete_reply(reply_id: Id64, actor: Replier, db: Db) -> None:
    """Delete my own reply; its duty record is voided."""
    removal.delete(db, actor, reply_id)


@router.put(
    "/replies/{reply_id}/support",
    operation_id="threads_support_reply",
    responses=problems(409, 429),
)
def support_reply(reply_id: Id64, actor: Supporting, db: Db) -> SupportOut:
    """Support a reply (赞同); repeating changes nothing."""
    return support.set_reply_support(db, actor, reply_id, on=True)


@router.delete("/replies/{reply_id}/support", operation_id="threads_withdraw_reply_support")
def withdraw_reply_support(reply_id: Id64, actor: Supporting, db: Db) -> SupportOut:
    """Take my support for a reply back."""
    return support.set_reply_support(db, actor, reply_id, on=False)


@router.get(
    "/replies/{reply_id}/supporters", operation_id="threads_list_supporters", response_model=Page[Supporter]
)
def list_supporters(
    reply_id: Id64, actor: CircleReader, reads: Reads, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Who supports a reply."""
    with reads.connect() as conn:
        require(conn, actor, "reply", reply_id)
        return json_response(queries.page_of_supporters(conn, ("reply", reply_id), cursor, limit))


@router.put("/replies/{reply_id}/hidden", operation_id="threads_hide_reply", status_code=204)
def hide_reply(reply_id: Id64, body: HideIn, actor: Hider, db: Db) -> None:
    """Hide a reply with a reason."""
    removal.hide(db, actor, reply_id, body.reason)


@router.delete("/replies/{reply_id}/hidden", operation_id="threads_unhide_reply", status_code=204)
def unhide_reply(reply_id: Id64, actor: Hider, db: Db) -> None:
    """Show a hidden reply again."""
    removal.unhide(db, actor, reply_id)
