"""Offices of the secretariat, and what a role may stand for: for those who grant roles."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, Limit, Page, json_response
from app.core.web.idempotency import OnceKey
from app.people.offices import queries, service
from app.people.offices.schemas import GrantTarget, OfficeIn, OfficeOut, OfficePatch
from app.people.routes import NamePart

Administrator = Annotated[Actor, Depends(allow(Permission.ACCOUNT_READ))]
SecurityAdmin = Annotated[Actor, Depends(allow(Permission.ROLE_GRANT))]
OfKind = Annotated[queries.TargetKind, Path(description="What is listed.")]

router = APIRouter(prefix="/api/v1", tags=["账号"], responses=problems(401, 403, 422))


@router.get("/offices", operation_id="offices_list", response_model=list[OfficeOut])
def list_offices(actor: Administrator, reads: Reads) -> Response:
    """The offices (科室) of my organization with what they may do and who works in them, closed ones too."""
    with reads.connect() as conn:
        return json_response(queries.offices(conn, actor))


@router.post(
    "/offices",
    operation_id="offices_create",
    status_code=201,
    response_model=OfficeOut,
    responses=problems(409),
)
def create_office(body: OfficeIn, actor: SecurityAdmin, db: Db, once: OnceKey) -> Response:
    """Open an office; staff are put into it with their role (`accounts_grant_role`)."""
    return once(db, actor.account_id, body, lambda: service.open_office(db, actor, body))


@router.patch("/offices/{office_id}", operation_id="offices_change", responses=problems(404, 409))
def change_office(office_id: Id64, body: OfficePatch, actor: SecurityAdmin, db: Db) -> OfficeOut:
    """Change an office, close it or open it again; who works in it logs in again where its reach changes."""
    return service.change(db, actor, office_id, body)


@router.get(
    "/grant-targets/{kind}", operation_id="offices_list_grant_targets", response_model=Page[GrantTarget]
)
def list_grant_targets(
    kind: OfKind,
    actor: SecurityAdmin,
    reads: Reads,
    q: NamePart = "",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """What a role that I grant may stand for: seats, units, committees, by id and name."""
    with reads.connect() as conn:
        return json_response(queries.page_of_targets(conn, actor, kind, q, cursor, limit))
