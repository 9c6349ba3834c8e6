"""Persons who may be one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import json_response
from app.people import administration
from app.people.duplicates import queries
from app.people.duplicates.schemas import PairsOut

Keeper = Annotated[Actor, Depends(allow(Permission.PEOPLE_MANAGE))]

router = APIRouter(prefix="/api/v1/people", tags=["组织与委员"], responses=problems(401, 403))


@router.get("/duplicates", operation_id="people_list_duplicates", response_model=PairsOut)
def list_duplicates(actor: Keeper, reads: Reads, db: Db) -> Response:
    """Pairs of one name in my organization that may be one person; the audit log says who read them."""
    with reads.connect() as conn:
        pairs = queries.pairs(conn, actor)
    seats = [seat["seat_id"] for pair in pairs for one in ("first", "second") for seat in pair[one]["seats"]]
    administration.tell_read(db, actor, seats)
    return json_response({"items": pairs})
