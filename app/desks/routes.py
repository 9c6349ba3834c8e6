"""Desks (工作台): everything that waits for the caller in one call."""

from fastapi import APIRouter, Response

from app.auth.actor import AnyActor
from app.core.db import Reads
from app.core.errors import problems
from app.core.paging import json_response
from app.desks import queries
from app.desks.schemas import Desks

router = APIRouter(prefix="/api/v1/desks", tags=["工作台"], responses=problems(401, 403))


@router.get("", operation_id="desks_list", response_model=Desks)
def list_desks(actor: AnyActor, reads: Reads) -> Response:
    """What waits for me by my roles, offices and unit: each queue with its count and the list that it counts."""
    with reads.connect() as conn:
        return json_response(queries.entries(conn, actor))
