"""Members of bodies, from which day until which."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core import clock
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Id64, json_response
from app.people.bodies import queries as bodies
from app.people.bodies.members import queries, service
from app.people.bodies.members.schemas import BodyJoined, BodyMemberOut, BodyMembersIn, BodyStay

router = APIRouter(
    prefix="/api/v1/bodies/{body_id}/members", tags=["组织与委员"], responses=problems(401, 403, 404, 422)
)

Reader = Annotated[Actor, Depends(allow(Permission.PEOPLE_READ))]
Staff = Annotated[Actor, Depends(allow(Permission.PEOPLE_MANAGE))]
Everybody = Annotated[bool, Query(description="With those who left, or have not come yet, at the end.")]
OnDay = Annotated[date | None, Query(description="A local day; by default today.")]


@router.get("", operation_id="body_members_list", response_model=list[BodyMemberOut])
def list_members(
    body_id: Id64, actor: Reader, reads: Reads, *, on: OnDay = None, everybody: Everybody = False
) -> Response:
    """Who belongs to a body on a day: its head, its spokespersons, then all others."""
    with reads.connect() as conn:
        bodies.body(conn, actor, body_id)
        day = on or clock.local_day(clock.now(), actor.zone)
        present = queries.members(conn, actor, body_id, day)
        rest = queries.others(conn, body_id, present) if everybody else []
        return json_response(present + rest)


@router.post("", operation_id="body_members_join", responses=problems(409))
def join(body_id: Id64, body: BodyMembersIn, actor: Staff, db: Db) -> BodyJoined:
    """Let members join; repeated, it changes nothing."""
    return service.join(db, actor, body_id, body)


@router.put("/{seat_id}", operation_id="body_members_set", status_code=204, responses=problems(409))
def set_stay(body_id: Id64, seat_id: Id64, body: BodyStay, actor: Staff, db: Db) -> None:
    """Set from when until when a member belongs to it; whoever leaves gets a last day."""
    service.set_stay(db, actor, body_id, seat_id, body)


@router.delete("/{seat_id}", operation_id="body_members_remove", status_code=204, responses=problems(409))
def remove(body_id: Id64, seat_id: Id64, actor: Staff, db: Db) -> None:
    """Take back the last stay of a member who was listed by mistake."""
    service.remove(db, actor, body_id, seat_id)
