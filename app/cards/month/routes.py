"""Words of the month (近一个月热词), for those who see the overview."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.cards.month import queries
from app.cards.month.schemas import MonthWords, WordText
from app.core import clock
from app.core.db import Database, Store
from app.core.errors import problems
from app.core.hot.response_cache import cached, compute
from app.core.paging import json_response

Inspector = Annotated[Actor, Depends(allow(Permission.PROPOSAL_INSPECT))]
Word = Annotated[str, Query(min_length=1, max_length=20, description="A word of the month.")]

router = APIRouter(prefix="/api/v1/statistics/words", tags=["统计"], responses=problems(401, 403, 422))


async def _month(store: Database, actor: Actor) -> queries.Month:
    """Computed at most once a minute for an organization."""
    today = clock.local_day(clock.now(), actor.zone)
    make = partial(queries.month, organization_id=actor.organization_id, today=today)
    return await cached(store, ("words", actor.organization_id), today, make)


@router.get("", operation_id="statistics_list_words", response_model=MonthWords)
async def list_words(actor: Inspector, store: Store) -> Response:
    """What members wrote about in the last thirty days, of what all may read."""
    return json_response(queries.summary(await _month(store, actor)))


@router.get(
    "/texts",
    operation_id="statistics_list_word_texts",
    response_model=list[WordText],
    responses=problems(404),
)
async def list_word_texts(actor: Inspector, store: Store, word: Word) -> Response:
    """The texts that a word of the month stands in."""
    month = await _month(store, actor)
    return json_response(await compute(store, lambda conn: queries.texts(conn, actor, month, word)))
