"""Reads of the audit log."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from app.audit.models import AuditEntry
from app.audit.schemas import Filters
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Permission
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table

_e, _a = table(AuditEntry), table(Account)


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


def was_done(conn: Connection, actor: Actor, action: str, subject: tuple[str, int], since: datetime) -> bool:
    """Whether it is written that the actor did this with a subject since then."""
    same = (_e.c.action == action) & (_e.c.subject_type == subject[0]) & (_e.c.subject_id == subject[1])
    recent = select(_e.c.id).where(_e.c.account_id == actor.account_id, _e.c.at > since, same)
    return conn.scalar(recent.limit(1)) is not None


def was_denied(conn: Connection, account_id: int, permission: Permission, since: datetime) -> bool:
    """Whether a denial of this permission to this account was written since then."""
    recent = conn.execute(
        select(_e.c.detail).where(
            _e.c.account_id == account_id, _e.c.at > since, _e.c.action == "access.denied"
        )
    )
    return any(row.detail.get("permission") == permission for row in recent)
