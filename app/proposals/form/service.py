"""What may stand in the form of a proposal."""

from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from app.auth.actor import Actor
from app.core.errors import FieldError, Forbidden, Invalid
from app.core.sql import table
from app.people.bodies import queries as bodies
from app.people.bodies import service as people_bodies
from app.proposals.form import queries
from app.proposals.models import Proposal
from app.proposals.rules import ProposalKind
from app.proposals.schemas import ProposalIn

people_bodies.referring.append(table(Proposal).c.body_id)


def columns(text: ProposalIn) -> dict[str, Any]:
    """The columns of a proposal as they were sent; only collective ones belong to a body."""
    values = text.model_dump()
    return values if text.kind is ProposalKind.COLLECTIVE else values | {"body_id": None}


def check(
    db: Session, actor: Actor, text: ProposalIn, before: Row[Any] | None = None, *, speaks: bool = True
) -> None:
    """Refuse units, activities and bodies that the actor may not name; what stood there `before` may stay.

    Staff who enter a paper speak for no body: `speaks` is false.
    """
    conn = db.connection()
    if (
        speaks
        and text.kind is ProposalKind.COLLECTIVE
        and text.body_id not in {None, before and before.body_id}
    ):
        require_speaker(db, actor, text.body_id)
    known = {unit["id"] for unit in queries.units(conn, actor.organization_id, text.suggested_unit_ids)}
    if set(text.suggested_unit_ids) - known:
        detail = "建议的承办单位不存在，请重新选择。"
        raise Invalid(errors=[FieldError(field="suggested_unit_ids", code="unknown_unit", detail=detail)])
    added = set(text.activity_ids) - set(before.activity_ids if before else ())
    if added - {one["id"] for one in queries.activities(conn, actor, sorted(added))}:
        detail = "所选的调研、视察不存在，请重新选择。"
        raise Invalid(errors=[FieldError(field="activity_ids", code="unknown_activity", detail=detail)])


def require_speaker(db: Session, actor: Actor, body_id: int | None) -> None:
    """`Forbidden` unless the actor may act for a body."""
    if not bodies.speaks_for(db.connection(), actor, body_id):
        raise Forbidden(
            "您还不能代表这个单位提出提案。请联系政协机关，把您登记为它的代表。", code="not_spokesperson"
        )
