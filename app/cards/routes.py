"""Cards (履职数字纪念卡) and their posters."""

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import FileResponse

from app.auth import subjects
from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.cards import facts, queries, service
from app.cards.codes import Verifier
from app.cards.format import CardDict
from app.cards.posters.poster import Design
from app.cards.schemas import CardPeriod, ListEntry
from app.core import clock
from app.core.db import Reads, Store
from app.core.errors import NotFound, problems
from app.core.hot.conditional_get import ConditionalRoute, with_etag
from app.core.hot.response_cache import cached
from app.core.paging import (
    Cursor,
    Id64,
    Limit,
    Page,
    decode_cursor,
    encode_cursor,
    json_response,
)

#: As many digits as surely fit 64 bits.
_DIGITS = 18

CardReader = Annotated[Actor, Depends(allow(Permission.CARD_READ))]
PeriodName = Annotated[
    str, InPath(pattern="^(term|[12][0-9]{3})$", description="A duty year, or `term`.", examples=["2026"])
]


async def _verifier(request: Request) -> Verifier:
    return Verifier(request.app.state.settings.public_url, request.app.state.tokens)


async def _posters(request: Request) -> Path:
    folder: Path = request.app.state.settings.data_dir / "posters"
    return folder


ListKey = Annotated[
    Literal["opinions", "replies", "supports", "answers", "books", "keyword"],
    InPath(description="Which figure, as its `records` names it."),
]
Word = Annotated[str, Query(max_length=20, description="Which one, of `keyword`.", examples=["社区食堂"])]
OfDesign = Annotated[
    Design, Query(description="`standard`: that of a duty year or of a term; `elder`: very large type.")
]
Codes = Annotated[Verifier, Depends(_verifier)]
Posters = Annotated[Path, Depends(_posters)]

router = APIRouter(route_class=ConditionalRoute, tags=["履职数字纪念卡"], responses=problems(404, 422))


@router.get(
    "/api/v1/cards/{seat_id}",
    operation_id="cards_list_periods",
    response_model=list[CardPeriod],
    responses=problems(401, 403),
)
def list_periods(seat_id: Id64, actor: CardReader, reads: Reads, codes: Codes) -> Response:
    """The duty years and the term for which a member has a card, newest first."""
    with reads.connect() as conn:
        whose = service.owner(conn, actor, seat_id)
    today = clock.local_day(clock.now(), whose.zone)
    return json_response(
        [
            {
                "period": period.name,
                "label": period.long_label,
                "starts_on": period.first,
                "ends_on": period.last,
                "complete": period.complete(today),
                "verify_url": codes.url(seat_id, period.name),
            }
            for period in service.periods(whose)
        ]
    )


async def _tag(request: Request) -> str | None:
    seat_id, period = request.path_params["seat_id"], request.path_params["period"]
    if not seat_id.isascii() or not seat_id.isdigit() or len(seat_id) > _DIGITS:
        return None
    looked_up = request.app.state.database.look_up(queries.owners, int(seat_id))  # together with the session
    actor = await allow(Permission.CARD_READ)(request)
    whose = await looked_up
    if whose is None or whose.organization_id != actor.organization_id:
        return None
    return service.etag(whose, service.period_of(whose, period), service.view_of(actor, whose))


@router.get(
    "/api/v1/cards/{seat_id}/{period}",
    operation_id="cards_get",
    response_model=CardDict,
    responses=problems(401, 403),
)
@with_etag(_tag)
async def get_card(seat_id: Id64, period: PeriodName, actor: CardReader, store: Store) -> Response:
    """A member's card of a duty year or the term; for other members without what is private."""
    whose = await store.look_up(queries.owners, seat_id)
    if whose is None or whose.organization_id != actor.organization_id:
        raise NotFound
    of, view = service.period_of(whose, period), service.view_of(actor, whose)
    etag = service.etag(whose, of, view)
    make = partial(service.card, store, whose=whose, period=of, view=view)
    return json_response(await cached(store, ("card", seat_id, of.name, view), etag, make), etag=etag)


@router.get(
    "/api/v1/cards/{seat_id}/{period}/poster.png",
    operation_id="cards_get_poster",
    response_class=FileResponse,
    responses={**problems(401, 403), 200: {"content": {"image/png": {}}, "description": "1080 pixels wide."}},
)
def get_poster(
    seat_id: Id64,
    period: PeriodName,
    actor: CardReader,
    reads: Reads,
    store: Store,
    codes: Codes,
    posters: Posters,
    design: OfDesign = "standard",
) -> Response:
    """The poster of a card, without what is private, with a QR code that anybody may check."""
    with reads.connect() as conn:
        whose = service.owner(conn, actor, seat_id)
        of = service.period_of(whose, period)
        card = service.body(store, conn, whose, of)
    url = codes.url(seat_id, of.name)
    view = service.view_of(actor, whose)
    file = service.poster_file(posters, whose, of, card, url, view=view, design=design)
    return FileResponse(file, media_type="image/png", headers={"Cache-Control": "private, no-cache"})


@router.get(
    "/api/v1/cards/{seat_id}/{period}/lists/{key}",
    operation_id="cards_list_counted",
    response_model=Page[ListEntry],
    responses=problems(401, 403),
)
def list_counted(
    *,
    seat_id: Id64,
    period: PeriodName,
    key: ListKey,
    actor: CardReader,
    reads: Reads,
    word: Word = "",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """What a figure of the card counts, newest first, for the member and the secretariat."""
    with reads.connect() as conn:
        whose = service.owner(conn, actor, seat_id)
        of = service.period_of(whose, period)
        if service.view_of(actor, whose) == "shared":
            raise NotFound
        entries = facts.entries(service.facts(conn, whose, of), key, word)
        # counted from the end, a place stays the same while newer ones are added
        left = decode_cursor(cursor, int)[0] if cursor else len(entries)
        page = entries[len(entries) - left :][:limit]
        paths = subjects.paths(conn, actor, {entry.subject for entry in page if entry.subject})
    items = [
        {
            "on": entry.on,
            "title": entry.title if entry.subject is None or entry.subject in paths else "内容未向您开放",
            "times": entry.times,
            "path": paths.get(entry.subject) if entry.subject else None,
        }
        for entry in page
    ]
    return json_response({"items": items, "next": encode_cursor(left - limit) if left > limit else None})
