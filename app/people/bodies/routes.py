"""Bodies (参加单位): parties, people's organizations, sectors and committees that act as one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core import clock
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Id64, IfMatch, json_response
from app.core.web.idempotency import OnceKey
from app.people.bodies import queries, service
from app.people.bodies.schemas import BodyIn, BodyOut, BodyPatch, BrandIn, BrandOut
from app.people.name_lists.queries import matches
from app.people.name_lists.schemas import NameList, NameMatch

router = APIRouter(prefix="/api/v1/bodies", tags=["组织与委员"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.PEOPLE_READ))]
Staff = Annotated[Actor, Depends(allow(Permission.PEOPLE_MANAGE))]
OfTerm = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="By default the present term.")]
Mine = Annotated[bool, Query(description="Only those for which I may act.")]
Into = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="The body that takes over what it did.")]


@router.get("", operation_id="bodies_list", response_model=list[BodyOut], responses=problems(404))
def list_bodies(actor: Reader, reads: Reads, *, term_id: OfTerm = None, mine: Mine = False) -> Response:
    """The bodies (参加单位) of a term with their heads, contact persons and spokespersons."""
    with reads.connect() as conn:
        return json_response(queries.bodies(conn, actor, term_id, mine=mine))


@router.post(
    "", operation_id="bodies_add", status_code=201, response_model=BodyOut, responses=problems(404, 409)
)
def add_body(body: BodyIn, actor: Staff, db: Db, once: OnceKey) -> Response:
    """Add a body; a sector or committee by its id, everything else by name."""
    return once(db, actor.account_id, body, lambda: service.add_body(db, actor, body))


@router.post("/name-matches", operation_id="bodies_match_names", response_model=list[NameMatch])
def match_names(body: NameList, actor: Staff, reads: Reads) -> Response:
    """Whom a pasted list of names means, before they join: namesakes are asked about, unknown ones named."""
    with reads.connect() as conn:
        today = clock.local_day(clock.now(), actor.zone)
        return json_response(matches(conn, actor.organization_id, body.text, today))


@router.get("/{body_id}", operation_id="bodies_get", response_model=BodyOut, responses=problems(404))
def get_body(body_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One body of my organization, of any term."""
    with reads.connect() as conn:
        return json_response(queries.body(conn, actor, body_id))


@router.patch("/{body_id}", operation_id="bodies_edit", responses=problems(404, 409))
def edit_body(body_id: Id64, body: BodyPatch, actor: Staff, db: Db) -> BodyOut:
    """Change a body's name, head, contact person or spokespersons."""
    return service.edit_body(db, actor, body_id, body)


@router.put("/{body_id}/brand", operation_id="bodies_edit_brand", responses=problems(404, 412))
def edit_brand(body_id: Id64, body: BrandIn, actor: Reader, version: IfMatch, db: Db) -> BrandOut:
    """Write what a body is known for (一委一品牌), as its head or staff."""
    return service.edit_brand(db, actor, body_id, version, body)


@router.delete("/{body_id}", operation_id="bodies_remove", status_code=204, responses=problems(404, 409))
def remove_body(body_id: Id64, actor: Staff, db: Db, into_id: Into = None) -> None:
    """Delete a body; with `into_id` its proposals and reports go over to another one of the term."""
    service.remove_body(db, actor, body_id, into_id)
