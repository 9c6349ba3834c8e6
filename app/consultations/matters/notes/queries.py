"""Reads of notes: who sees a matter sees its notes."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.consultations.matters import rights
from app.consultations.matters.models import Matter, MatterNote
from app.consultations.matters.notes.schemas import NOTE_LABELS, NoteKind
from app.core.sql import table
from app.files.queries import attached

_n, _m, _a = table(MatterNote), table(Matter), table(Account)


def _shown(actor: Actor) -> ColumnElement[bool]:
    return _n.c.withdrawn_at.is_(None) | (_n.c.account_id == actor.account_id)


def visible_notes(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of `ids` the actor may see."""
    found = select(_n.c.id).join(_m, _m.c.id == _n.c.matter_id)
    return set(conn.scalars(found.where(_n.c.id.in_(ids), _shown(actor), rights.visible_to(actor))))


subjects.register(
    subjects.Subject("matter_note", "议题的走访调研", visible_notes, "/api/v1/matters/notes/{id}")
)


def of_matter(conn: Connection, actor: Actor, matter_id: int) -> list[dict[str, Any]]:
    """The notes of a matter that the actor sees, oldest day first."""
    rows = conn.execute(
        select(_n, _a.c.name.label("author"))
        .join(_a, _a.c.id == _n.c.account_id)
        .where(_n.c.matter_id == matter_id, _shown(actor))
        .order_by(_n.c.noted_on, _n.c.id)
    ).all()
    pictures = attached(conn, "matter_note", [row.id for row in rows])
    return [_out(actor, row, pictures[row.id]) for row in rows]


def _out(actor: Actor, row: Any, pictures: list[dict[str, Any]]) -> dict[str, Any]:
    own, withdrawn = row.account_id == actor.account_id, row.withdrawn_at is not None
    return {
        **{name: getattr(row, name) for name in ("id", "kind", "author", "noted_on", "body")},
        "kind_label": NOTE_LABELS[NoteKind(row.kind)],
        "pictures": [{key: one[key] for key in ("key", "width", "height")} for one in pictures],
        "withdrawn": withdrawn,
        "actions": (["restore"] if withdrawn else ["withdraw"]) if own else [],
    }
