"""Lineage (来龙去脉): the chain from a remark to a result, and beginning from a seed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Id64, json_response
from app.core.web.idempotency import OnceKey
from app.lineage import conversion, queries, service  # noqa: F401 - conversion: it listens
from app.lineage.rules import ThingType
from app.lineage.schemas import BeginIn, BegunOut, Chain, LinkIn, LinkOut, Outcomes

router = APIRouter(prefix="/api/v1/lineage", tags=["来龙去脉"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.CIRCLE_READ))]
Linker = Annotated[Actor, Depends(allow(Permission.LINEAGE_LINK))]
OfType = Annotated[ThingType, Path(description="What it is.")]


@router.post(
    "",
    operation_id="lineage_link",
    status_code=201,
    response_model=LinkOut,
    responses=problems(404, 409),
)
def link(body: LinkIn, actor: Linker, db: Db, once: OnceKey) -> Response:
    """Say that my text came of a seed; staff say it of texts that they deal with. Repeating changes nothing."""
    return once(db, actor.account_id, body, lambda: service.link(db, actor, body))


@router.post(
    "/begin",
    operation_id="lineage_begin",
    status_code=201,
    response_model=BegunOut,
    responses=problems(404, 409),
)
def begin(body: BeginIn, actor: Linker, db: Db, once: OnceKey) -> Response:
    """Begin a draft that quotes a seed; where I have begun one from it already, that draft is the answer."""
    return once(db, actor.account_id, body, lambda: service.begin(db, actor, body))


@router.delete(
    "/links/{link_id}", operation_id="lineage_unlink", status_code=204, responses=problems(404, 409)
)
def unlink(link_id: Id64, actor: Linker, db: Db) -> None:
    """Take a link back; the credit that stood on it alone is voided."""
    service.unlink(db, actor, link_id)


@router.get(
    "/threads/{thread_id}",
    operation_id="lineage_list_outcomes",
    response_model=Outcomes,
    responses=problems(404),
)
def list_outcomes(thread_id: Id64, actor: Reader, reads: Reads) -> Response:
    """What came of the replies in a thread."""
    with reads.connect() as conn:
        return json_response({"items": queries.outcomes(conn, actor, thread_id)})


@router.get("/{type}/{id}", operation_id="lineage_get_chain", response_model=Chain, responses=problems(404))
def get_chain(type: OfType, id: Id64, actor: Reader, reads: Reads) -> Response:
    """What something came of and what came of it."""
    with reads.connect() as conn:
        return json_response(queries.chain(conn, actor, (type, id)))
