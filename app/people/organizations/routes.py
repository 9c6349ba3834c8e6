"""The tree of organizations: read by everybody in it, built by system administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.auth.actor import Actor, AnyActor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Id64, json_response
from app.core.web.idempotency import OnceKey
from app.people.organizations import queries, staff
from app.people.organizations.schemas import OrganizationIn, OrganizationOut, OrganizationPatch

Administrator = Annotated[Actor, Depends(allow(Permission.SETTINGS_MANAGE))]

router = APIRouter(prefix="/api/v1/organizations", tags=["组织与委员"], responses=problems(401, 403, 422))


@router.get("", operation_id="people_list_organizations", response_model=list[OrganizationOut])
def list_organizations(actor: AnyActor, reads: Reads) -> Response:
    """My organization with all above and below it, top first; of the others names and levels only."""
    with reads.connect() as conn:
        return json_response(queries.organizations(conn, actor))


@router.post(
    "",
    operation_id="people_add_organization",
    status_code=201,
    response_model=OrganizationOut,
    responses=problems(404, 409),
)
def add_organization(body: OrganizationIn, actor: Administrator, db: Db, once: OnceKey) -> Response:
    """Add an organization below mine, with its first term.

    It keeps its own people, settings and years; nobody of mine may act in it. Its first administrators are made by
    `lvyi create-account --organization`.
    """
    return once(db, actor.account_id, body, lambda: staff.add_organization(db, actor, body))


@router.patch("/{organization_id}", operation_id="people_edit_organization", responses=problems(404, 409))
def edit_organization(
    organization_id: Id64, body: OrganizationPatch, actor: Administrator, db: Db
) -> OrganizationOut:
    """Change name, level or time zone of my organization, or put one below mine under another below mine."""
    return staff.edit_organization(db, actor, organization_id, body)
