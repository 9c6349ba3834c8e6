"""Signals: pairs, rings and bursts, with the acts that make them, for staff."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Reads
from app.core.errors import problems
from app.core.paging import Cursor, Limit, Page, json_response
from app.heat.signals import queries
from app.heat.signals.schemas import HeatSignal, SignalAct

Watcher = Annotated[Actor, Depends(allow(Permission.RULESET_MANAGE))]
Month = Annotated[
    str | None,
    Query(
        pattern=r"^2\d{3}-(0[1-9]|1[0-2])$", max_length=7, description="A month; the present one by default."
    ),
]
Key = Annotated[str, Query(max_length=400, description="`key` of a signal.", examples=["pair:3-5"])]

router = APIRouter(prefix=queries.PATH, tags=["热力榜"], responses=problems(401, 403, 404, 422))


@router.get("", operation_id="heat_list_signals", response_model=Page[HeatSignal])
def list_signals(
    actor: Watcher, reads: Reads, month: Month = None, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Pairs, rings and bursts of a month that are worth a look; nothing follows from them by itself."""
    with reads.connect() as conn:
        return json_response(queries.page_of_signals(conn, actor, month, cursor, limit))


@router.get("/acts", operation_id="heat_list_signal_acts", response_model=Page[SignalAct])
def list_acts(
    actor: Watcher, reads: Reads, key: Key, month: Month = None, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """The acts that make a signal, oldest first."""
    with reads.connect() as conn:
        return json_response(queries.page_of_deeds(conn, actor, month, key, cursor, limit))
