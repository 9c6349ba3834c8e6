"""The audit log's only verb: append an entry to the hash chain."""

from datetime import timedelta
from typing import Any

import structlog
from fastapi import Request
from sqlalchemy import Connection, insert, select, update
from sqlmodel import Session

from app.audit import anchors, queries
from app.audit.chain import entry_hash
from app.audit.keys import keys
from app.audit.models import AuditEntry, AuditHead
from app.auth import actor as doors
from app.auth import watch
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock
from app.core.db import Database, hooks
from app.core.sql import insert_new, may_rewrite, table
from app.core.web import health

#: A denial of one account and permission is written once in this time, however often it happens.
DENIAL_EVERY = timedelta(minutes=1)
#: No phone, token or text goes into the log.
_REFUSED = frozenset({"phone", "token", "password", "text", "body", "title"})

_e, _h = table(AuditEntry), table(AuditHead)
_log = structlog.get_logger()


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
    previous, head_seal = _locked_head(db)
    seals = db.info.pop("audit_seal_again", False) or _is_ours(previous, head_seal)
    for entry in pending:
        entry["previous_hash"] = previous
        entry["hash"] = previous = entry_hash(previous, entry)
        entry["seal"] = keys().seal("entry", previous) if seals else None
    db.connection().execute(insert(_e), pending)
    sealed = keys().seal("head", previous) if seals else None
    db.execute(update(_h).where(_h.c.id == 1).values(hash=previous, seal=sealed))


def _is_ours(head: str, seal: str | None) -> bool:
    """Whether the head is as this server left it, so that an entry may vouch for what is before it.

    A log that has no seals yet is taken as it is, once: its first anchor remains when its seals are taken away.
    """
    if keys().vouches("head", head, seal) or head == "":
        return True
    if seal is None and not anchors.exist(keys().data_dir):
        return True
    _log.error("audit head is not what this server wrote: run lvyi verify-audit")
    return False


def seal_again(db: Session, broken: int | None) -> None:
    """Take the log as it is and seal it from here on, with the present key; the entry says what was `broken`."""
    db.info["audit_seal_again"] = True
    log(db, None, "audit.sealed_again", broken=broken)


def anchor(database: Database) -> None:
    """Write down outside of the database where the log is now; a log from before there were seals gets its first."""
    with database.read.connect() as conn:
        head = conn.execute(select(_h.c.hash, _h.c.seal)).first()
    if head and head.hash and head.seal is None and not anchors.exist(keys().data_dir):
        with database.transaction() as db:
            log(db, None, "audit.sealed")
    try:
        anchors.take(database)
    except (OSError, anchors.AnchorChanged) as e:
        _log.error("no audit anchor", error=repr(e)[:300])


def _locked_head(db: Session) -> tuple[str, str | None]:
    """Hash and seal of the newest entry; nobody else adds one until the commit."""
    head = update(_h).where(_h.c.id == 1).values(hash=_h.c.hash).returning(_h.c.hash, _h.c.seal)
    found = db.execute(head).first()
    if found is None:
        insert_new(db.connection(), _h, {"id": 1, "hash": ""}, ["id"])
        found = db.execute(head).one()
    return found.hash, found.seal


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


def _noted(conn: Connection) -> dict[str, str]:
    """For `/readyz`: whether the database lets the application rewrite the log; nothing on SQLite."""
    rewritable = may_rewrite(conn, "audit_entry")
    return {} if rewritable is None else {"audit": "rewritable" if rewritable else "append_only"}


health.notes.append(_noted)
