"""Reads of internal notes: by those who work on what they are about, and nobody else."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, select

from app.auth import desks, subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.subjects import Subject
from app.core.errors import NotFound
from app.core.sql import table
from app.notes.models import InternalNote

_n, _a = table(InternalNote), table(Account)
_TITLE_LENGTH = 80


def _visible(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Notes that stand, on what the actor works on."""
    stands = (_n.c.organization_id == actor.organization_id) & _n.c.deleted_at.is_(None)
    rows = conn.execute(
        select(_n.c.id, _n.c.subject_type, _n.c.subject_id).where(_n.c.id.in_(ids), stands)
    ).all()
    by_kind: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        by_kind[row.subject_type].add(row.subject_id)
    works = {kind: desks.desk(kind).works(conn, actor, of) for kind, of in by_kind.items()}
    return {row.id for row in rows if row.subject_id in works[row.subject_type]}


subjects.register(
    Subject(
        "internal_note",
        "内部备注",
        _visible,
        "/api/v1/notes/{id}",
        desks.circle,
        subjects.excerpted(_n.c.id, _n.c.body, _TITLE_LENGTH),
    )
)


def _rows() -> Select[Any]:
    return select(_n, _a.c.name.label("author")).join(_a, _a.c.id == _n.c.account_id).order_by(_n.c.id)


def of_subject(conn: Connection, actor: Actor, subject: tuple[str, int]) -> list[dict[str, Any]]:
    """All notes on a thing with their replies, oldest first; `NotFound` for who does not work on it."""
    desks.require(conn, actor, subject)
    about = (_n.c.subject_type == subject[0]) & (_n.c.subject_id == subject[1])
    notes = _out(conn, actor, _rows().where(about))
    tops = {row["id"]: row | {"replies": []} for row in notes if row["parent_id"] is None}
    for row in notes:
        if row["parent_id"] is not None:
            tops[row["parent_id"]]["replies"].append(row)
    return list(tops.values())


def one(conn: Connection, actor: Actor, note_id: int) -> dict[str, Any]:
    """One note, as it is in the list but without its replies; `NotFound` for who does not work on its subject."""
    notes = _out(
        conn, actor, _rows().where(_n.c.id == note_id, _n.c.organization_id == actor.organization_id)
    )
    if not notes:
        raise NotFound
    desks.require(conn, actor, desks.parse(notes[0]["subject"]))
    return notes[0]


def _out(conn: Connection, actor: Actor, query: Select[Any]) -> list[dict[str, Any]]:
    rows = conn.execute(query).all()
    called = {account_id for row in rows for account_id in row.mentions}
    names: dict[int, str] = {}  # without accounts that were linked with another one since
    if called:
        colleagues = conn.execute(select(_a.c.id, _a.c.name).where(_a.c.id.in_(called)))
        names = {row.id: row.name for row in colleagues}
    return [
        {
            "id": row.id,
            "subject": f"{row.subject_type}:{row.subject_id}",
            "parent_id": row.parent_id,
            "author": {"account_id": row.account_id, "name": row.author},
            "body": row.body,
            "mentions": [{"account_id": i, "name": names[i]} for i in row.mentions if i in names],
            "version": row.version,
            "created_at": row.created_at,
            "edited_at": row.edited_at,
            "deleted_at": row.deleted_at,
            "may": _may(actor, row),
        }
        for row in rows
    ]


def _may(actor: Actor, row: Any) -> list[str]:
    own, stands = row.account_id == actor.account_id, row.deleted_at is None
    verbs = {"reply": stands and row.parent_id is None, "edit": own and stands, "delete": own and stands}
    return [verb for verb, allowed in verbs.items() if allowed]
