"""The audit log's only verb: append an entry to the hash chain."""

from datetime import timedelta
from typing import Any

from fastapi import Request
from sqlalchemy import insert, update
from sqlmodel import Session

from app.audit import queries
from app.audit.chain import entry_hash
from app.audit.models import AuditEntry, AuditHead
from app.auth import actor as doors
from app.auth import watch
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock
from app.core.db import Database, hooks
from app.core.sql import insert_new, table

#: A denial of one account and permission is written once in this time, however often it happens.
DENIAL_EVERY = timedelta(minutes=1)
#: No phone, token or text goes into the log.
_REFUSED = frozenset({"phone", "token", "password", "text", "body", "title"})

_e, _h = table(AuditEntry), table(AuditHead)


def log(
    db: Session,
    actor: Actor | None,
    action: str,
    subject: tuple[str, int] | None = None,
    *,
    result: str = "ok",
    address: str = "",
    **detail: Any,
) -> None:
    """Write that `actor` did `action` (`noun.verb`), with the commit of `db`.

    `detail` holds ids, names of states and counts; ValueError for what may not stand in a log.
    """
    _append(
        db,
        {
            "account_id": actor.account_id if actor else None,
            "organization_id": actor.organization_id if actor else None,
            "address": address or (actor.address if actor else ""),
            "action": action,
            "subject": subject,
            "result": result,
            "detail": detail,
        },
    )


def _append(db: Session, entry: dict[str, Any]) -> None:
    if refused := _REFUSED & entry["detail"].keys():
        raise ValueError(f"not for the audit log: {sorted(refused)}")
    subject_type, subject_id = entry.pop("subject") or (None, None)
    entry |= {"subject_type": subject_type, "subject_id": subject_id, "at": clock.now()}
    pending: list[dict[str, Any]] | None = db.info.get("audit")
    if pending is None:
        pending = db.info["audit"] = []
        hooks(db).audit.append(_chain)
    pending.append(entry)


def _chain(db: Session) -> None:
    pending: list[dict[str, Any]] = db.info.pop("audit")
    previous = _locked_head(db)
    for entry in pending:
        entry["previous_hash"] = previous
        entry["hash"] = previous = entry_hash(previous, entry)
    db.connection().execute(insert(_e), pending)
    db.execute(update(_h).where(_h.c.id == 1).values(hash=previous))


def _locked_head(db: Session) -> str:
    """The hash of the newest entry; nobody else adds one until the commit."""
    head = update(_h).where(_h.c.id == 1).values(hash=_h.c.hash).returning(_h.c.hash)
    found: str | None = db.scalar(head)
    if found is None:
        insert_new(db.connection(), _h, {"id": 1, "hash": ""}, ["id"])
        found = db.execute(head).scalar_one()
    return found


def _on_happening(db: Session, happening: watch.Happening) -> None:
    _append(db, dict(vars(happening)))


def _on_denial(request: Request, actor: Actor, permission: Permission) -> None:
    """In a transaction of its own: the denied request has none."""
    database: Database = request.app.state.database
    since = clock.now() - DENIAL_EVERY
    with database.read.connect() as conn:
        if queries.was_denied(conn, actor.account_id, permission, since):
            return
    with database.transaction() as db:
        _locked_head(db)
        if not queries.was_denied(db.connection(), actor.account_id, permission, since):
            log(db, actor, "access.denied", result="denied", permission=permission)


watch.listeners.append(_on_happening)
doors.denials.append(_on_denial)
