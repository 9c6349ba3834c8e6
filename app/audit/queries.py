"""Reads of the audit log, and the proof of its chain."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Connection, select

from app.audit.chain import COVERED, entry_hash
from app.audit.models import AuditEntry, AuditHead
from app.audit.schemas import Filters
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Permission
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table

_BATCH = 1000

_e, _h, _a = table(AuditEntry), table(AuditHead), table(Account)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """An auditor sees the organization's entries; those of none (unknown phones) are for the shell."""
    return _e.c.organization_id == actor.organization_id


def page_of_entries(conn: Connection, actor: Actor, asked: Filters) -> PageRows:
    """Entries that the auditor may see, newest first, with the name of who did it."""
    rows = (
        select(_e, _a.c.name.label("account_name"))
        .outerjoin(_a, _a.c.id == _e.c.account_id)
        .where(visible_to(actor))
    )
    for name in ("account_id", "action", "subject_type", "subject_id", "result"):
        if (wanted := getattr(asked, name)) is not None:
            rows = rows.where(_e.c[name] == wanted)
    if asked.since:
        rows = rows.where(_e.c.at >= asked.since)
    if asked.until:
        rows = rows.where(_e.c.at < asked.until)
    if asked.cursor:
        rows = rows.where(before([_e.c.id], decode_cursor(asked.cursor, int)))
    found = conn.execute(rows.order_by(_e.c.id.desc()).limit(asked.limit + 1)).mappings()
    return page([dict(r) for r in found], asked.limit, ["id"])


def was_denied(conn: Connection, account_id: int, permission: Permission, since: datetime) -> bool:
    """Whether a denial of this permission to this account was written since then."""
    recent = conn.execute(
        select(_e.c.detail).where(
            _e.c.account_id == account_id, _e.c.at > since, _e.c.action == "access.denied"
        )
    )
    return any(row.detail.get("permission") == permission for row in recent)


class Proof(TypedDict):
    """How far the chain was proven: `broken` is the first entry that is not what was written, `next` where to go on."""

    checked: int
    broken: int | None
    next: int | None


def prove(conn: Connection, after: int = 0, limit: int | None = None) -> Proof:
    """Recompute the hashes of up to `limit` entries after entry `after`.

    The walk to the end must pass the hash that the head had at its beginning: when entries were cut off at the
    end of the log, `broken` is the first id that is missing.
    """
    head = conn.scalar(select(_h.c.hash)) or ""
    anchor = select(_e.c.hash).where(_e.c.id <= after).order_by(_e.c.id.desc()).limit(1)
    previous, last, checked = conn.scalar(anchor) or "", after, 0
    met_head = previous == head
    for entry in _entries(conn, after):
        if checked == limit:
            return {"checked": checked, "broken": None, "next": last}
        if entry["previous_hash"] != previous or entry["hash"] != entry_hash(previous, entry):
            return {"checked": checked, "broken": entry["id"], "next": None}
        previous, last, checked = entry["hash"], entry["id"], checked + 1
        met_head = met_head or previous == head
    return {"checked": checked, "broken": None if met_head else last + 1, "next": None}


def _entries(conn: Connection, after: int) -> Iterator[dict[str, Any]]:
    columns = [_e.c[name] for name in ("id", *COVERED, "previous_hash", "hash")]
    batch = select(*columns).order_by(_e.c.id).limit(_BATCH)
    while rows := conn.execute(batch.where(_e.c.id > after)).mappings().all():
        yield from (dict(row) for row in rows)
        after = rows[-1]["id"]


def verify_chain(conn: Connection) -> int | None:
    """The first entry that is not what was written, None when the whole log is."""
    return prove(conn)["broken"]
