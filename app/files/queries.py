"""Reads of files, by the right on what they hang on."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, tuple_

from app.auth import subjects
from app.auth.actor import Actor
from app.core.errors import NotFound
from app.core.sql import table
from app.files.models import File, FileDamage, FileRound
from app.files.store import DAMAGE_LABELS, Damage

_f = table(File)

#: The columns of `FileOut`.
SHOWN = (_f.c.key, _f.c.name, _f.c.media_type, _f.c.size, _f.c.width, _f.c.height)


_ATTACHED = (
    select(_f.c.subject_id, *SHOWN)
    .where(_f.c.subject_type == bindparam("kind"), _f.c.subject_id.in_(bindparam("ids", expanding=True)))
    .order_by(_f.c.id)
)


def readable(conn: Connection, actor: Actor, key: str) -> dict[str, Any]:
    """A file that the actor may read now; unattached ones are their owner's alone. `NotFound` for all else."""
    found = select(*SHOWN, _f.c.sha256, _f.c.owner_id, _f.c.subject_type, _f.c.subject_id).where(
        _f.c.key == key
    )
    row = conn.execute(found).mappings().first()
    if row is None:
        raise NotFound
    if row["subject_type"] is not None:
        subjects.require(conn, actor, row["subject_type"], row["subject_id"])
    elif row["owner_id"] != actor.account_id:
        raise NotFound
    return dict(row)


def attached(conn: Connection, kind: str, ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """The files that hang on each of some subjects of a kind, oldest first; the caller has asked the subject's rule."""
    found: dict[int, list[dict[str, Any]]] = {subject_id: [] for subject_id in ids}
    for row in conn.execute(_ATTACHED, {"kind": kind, "ids": list(found)}).mappings() if found else ():
        file = dict(row)
        found[file.pop("subject_id")].append(file)
    return found


def count_pictures(conn: Connection, places: Collection[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """How many pictures hang on each of some subjects that have any; the caller has asked the subjects' rules."""
    if not places:
        return {}
    subject = (_f.c.subject_type, _f.c.subject_id)
    pictures = select(*subject, func.count()).where(
        tuple_(*subject).in_(list(places)), _f.c.media_type.startswith("image/")
    )
    return {(kind, subject_id): n for kind, subject_id, n in conn.execute(pictures.group_by(*subject))}


def stored_bytes(conn: Connection, account_id: int) -> int:
    """What an account's files take of its quota, in bytes."""
    return int(
        conn.scalar(select(func.coalesce(func.sum(_f.c.size), 0)).where(_f.c.owner_id == account_id)) or 0
    )


def verification(conn: Connection, actor: Actor) -> dict[str, Any]:
    """The last whole round, and what is damaged of the actor's organization."""
    last = table(FileRound)
    ended = conn.execute(select(last.c.ended_at, last.c.ended_checked)).first()
    d = table(FileDamage)
    columns = (
        _f.c.key,
        _f.c.name,
        _f.c.owner_id,
        _f.c.subject_type,
        _f.c.subject_id,
        d.c.damage,
        d.c.found_at,
    )
    rows = select(*columns).join(d, d.c.sha256 == _f.c.sha256).order_by(_f.c.id)
    damaged = [
        dict(row)
        for row in conn.execute(rows.where(_f.c.organization_id == actor.organization_id)).mappings()
    ]
    for row in damaged:
        row["damage_label"] = DAMAGE_LABELS[Damage(row["damage"])]
        row["subject_label"] = subjects.label(row["subject_type"]) if row["subject_type"] else None
    return {
        "ended_at": ended.ended_at if ended else None,
        "checked": ended.ended_checked if ended else 0,
        "damaged": damaged,
    }
