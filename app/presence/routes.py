"""Presence: who else has this open just now."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.desks import SubjectName, parse
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import json_response
from app.presence import queries, service
from app.presence.schemas import PresenceIn, PresentList

router = APIRouter(prefix="/api/v1/presence", tags=["同事在看"], responses=problems(401, 403, 404, 422))

Visitor = Annotated[Actor, Depends(allow(Permission.PRESENCE_SHOW))]
About = Annotated[SubjectName, Query(description="What I have closed: `kind:id`.", examples=["proposal:12"])]
OfKind = Annotated[
    str, Query(max_length=40, pattern="^[a-z_]+$", description="Kind of things.", examples=["proposal"])
]


@router.get("", operation_id="presence_list", response_model=PresentList)
def list_present(kind: OfKind, actor: Visitor, reads: Reads) -> Response:
    """Who else has which things of a kind open, for the rows of a list. Watch `desk/presence.changed`."""
    with reads.connect() as conn:
        return json_response({"items": queries.of_kind(conn, actor, kind)})


@router.put("", operation_id="presence_show", response_model=PresentList)
def show_presence(body: PresenceIn, actor: Visitor, reads: Reads, db: Db) -> Response:
    """Say every 20 seconds that I have something open; the answer is who else has.

    Staff see staff who work on it, officers of a unit those of their unit. Who is silent for 45 seconds has gone.
    `presence.changed` on `proposal_desk:12` (`<kind>_desk:<id>`) says that somebody came, went or began to write.
    """
    with reads.connect() as conn:
        room = queries.room(conn, actor, parse(body.subject))
    return json_response({"items": service.show(db, actor, room, editing=body.editing)})


@router.delete("", operation_id="presence_leave", status_code=204)
def leave(subject: About, actor: Visitor, reads: Reads, db: Db) -> None:
    """Say that I have closed it."""
    with reads.connect() as conn:
        room = queries.room(conn, actor, parse(subject))
    service.leave(db, actor, room)
