"""Reads of phrases."""

from typing import Any

from sqlalchemy import Connection, select

from app.auth.actor import Actor
from app.core.errors import NotFound
from app.core.sql import table
from app.phrases.kinds import PhraseKind
from app.phrases.models import PhraseList

_l = table(PhraseList)


def decides(actor: Actor, kind: PhraseKind) -> bool:
    """Whether the actor takes decisions of this kind, be it for one committee alone."""
    return not actor.permissions.isdisjoint(kind.permissions)


def may_change(actor: Actor, kind: PhraseKind) -> bool:
    """Whether the actor takes such decisions for the whole organization: its phrases are everybody's."""
    return decides(actor.outside(), kind)


def phrases(conn: Connection, actor: Actor) -> list[dict[str, Any]]:
    """The phrases of the actor's organization for each kind of decision that the actor takes."""
    rows = conn.execute(select(_l).where(_l.c.organization_id == actor.organization_id)).mappings()
    stored = {row["kind"]: row for row in rows}
    return [
        {
            "kind": kind,
            "kind_label": kind.label,
            "texts": stored[kind]["texts"] if kind in stored else list(kind.start),
            "version": stored[kind]["version"] if kind in stored else 0,
            "may_change": may_change(actor, kind),
        }
        for kind in PhraseKind
        if decides(actor, kind)
    ]


def of_kind(conn: Connection, actor: Actor, kind: PhraseKind) -> dict[str, Any]:
    """Those of one kind; `NotFound` when the actor takes no such decisions."""
    for row in phrases(conn, actor):
        if row["kind"] is kind:
            return row
    raise NotFound
