"""Reads of drafts: nobody but who writes them."""

from typing import Any

from sqlalchemy import Connection, String, cast, func, literal, null, select, union_all

from app.auth.actor import Actor
from app.core.errors import NotFound
from app.core.sql import table
from app.drafts.models import Draft
from app.opinions import lifecycle as opinions
from app.opinions.models import OpinionReport
from app.proposals import lifecycle as proposals
from app.proposals.models import Proposal

_d = table(Draft)
_ROW = ("kind", "key", "text_id", "version", "title", "path", "pictures", "device", "edited_at")


def mine(conn: Connection, actor: Actor) -> list[dict[str, Any]]:
    """Everything that the actor is writing, proposals and opinion reports among it; the last edited first."""
    drafts = select(*(_d.c[name] for name in _ROW)).where(_d.c.account_id == actor.account_id)
    others = [
        select(
            literal(kind).label("kind"),
            cast(of.c.id, String).label("key"),
            cast(null(), String).label("text_id"),
            of.c.version,
            of.c.title,
            cast(null(), String).label("path"),
            literal(0).label("pictures"),
            func.coalesce(of.c.edited_on, "").label("device"),
            of.c.edited_at,
        ).where(
            of.c.account_id == actor.account_id,
            of.c.organization_id == actor.organization_id,
            of.c.state == state,
        )
        for kind, of, state in (
            ("proposal", table(Proposal), proposals.ProposalState.DRAFT),
            ("opinion", table(OpinionReport), opinions.OpinionState.DRAFT),
        )
    ]
    rows = union_all(drafts, *others).subquery()
    return [dict(row) for row in conn.execute(select(rows).order_by(rows.c.edited_at.desc())).mappings()]


def find(conn: Connection, actor: Actor, kind: str, key: str) -> dict[str, Any] | None:
    """The actor's draft of this name with its words."""
    named = (_d.c.account_id == actor.account_id, _d.c.kind == kind, _d.c.key == key)
    row = (
        conn.execute(select(*(_d.c[name] for name in _ROW), _d.c.words).where(*named))
        .mappings()
        .one_or_none()
    )
    return dict(row) if row else None


def read(conn: Connection, actor: Actor, kind: str, key: str) -> dict[str, Any]:
    """As `find`; `NotFound` when there is none."""
    found = find(conn, actor, kind, key)
    if found is None:
        raise NotFound
    return found
