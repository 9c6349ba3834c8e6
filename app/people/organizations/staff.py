"""What administrators change about the tree: their own organization, and where those below it stand."""

from sqlmodel import Session

from app.auth.actor import Actor
from app.core.errors import Forbidden
from app.people.organizations import queries, service
from app.people.organizations.schemas import OrganizationIn, OrganizationOut, OrganizationPatch
from app.people.service import create_term, id_of


def add_organization(db: Session, actor: Actor, new: OrganizationIn) -> OrganizationOut:
    """A new organization below the actor's, with its first term; its first accounts are made at the shell."""
    conn = db.connection()
    parent_id = new.parent_id or actor.organization_id
    if parent_id != actor.organization_id:
        queries.require_below(conn, actor, parent_id)
    columns = new.model_dump(exclude={"term", "parent_id"})
    made = id_of(service.create_organization(db, **columns, parent_id=parent_id, by=actor))
    create_term(db, made, new.term.ordinal, new.term.starts_on, new.term.ends_on)
    return OrganizationOut.model_validate(queries.one(conn, actor, made))


def edit_organization(
    db: Session, actor: Actor, organization_id: int, patch: OrganizationPatch
) -> OrganizationOut:
    """Change the actor's own organization, or move one that stands below it."""
    conn, changes = db.connection(), patch.model_dump(exclude_unset=True, exclude_none=True)
    if organization_id == actor.organization_id:
        if "parent_id" in changes:
            raise Forbidden("上级由上级政协的系统管理员调整。", code="parent_decides")
    else:
        queries.require_below(conn, actor, organization_id)
        if changes.keys() - {"parent_id"}:
            raise Forbidden("名称、层级和时区由它自己的系统管理员修改。", code="own_only")
        if (parent_id := changes.get("parent_id")) not in {None, actor.organization_id}:
            queries.require_below(conn, actor, parent_id)
    service.edit_organization(db, organization_id, by=actor, **changes)
    return OrganizationOut.model_validate(queries.one(conn, actor, organization_id))
