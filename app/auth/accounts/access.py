"""What administrators do about the access of an account: its sessions, its lock-out, first passwords."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, String, cast, column, delete, exists, select, update
from sqlalchemy import table as named
from sqlmodel import Session

from app.auth import queries, watch
from app.auth.accounts.concerned import tell, tell_everywhere
from app.auth.accounts.revocation import revoke
from app.auth.accounts.schemas import Slip, SlipsIn, SlipsOut
from app.auth.accounts.service import reach
from app.auth.actor import Actor
from app.auth.models import Account, AccountRole, LoginAttempt, LoginSession
from app.auth.passwords import hashing
from app.auth.permissions import SEPARATE
from app.auth.phones import national
from app.auth.queries import role_here
from app.core import clock
from app.core.db import Database
from app.core.errors import NotFound
from app.core.sql import AnyRow, table

#: Passwords of one answer: each takes some hundredths of a second to hash.
SLIPS_AT_ONCE = 20

_a, _r, _s, _t = table(Account), table(AccountRole), table(LoginSession), table(LoginAttempt)
# The package `people` stands above this one: its tables are named here, not imported.
_seat = named("seat", column("id"), column("sector_id"))
_sector = named("sector", column("id"), column("name"))


def sessions_read(db: Session, actor: Actor, account_id: int) -> list[dict[str, Any]]:
    """The live sessions of an account; the audit log says who read them."""
    sessions = queries.sessions_of(db.connection(), actor, account_id)
    watch.tell(
        db,
        "session.read",
        account_id=actor.account_id,
        organization_id=actor.organization_id,
        address=actor.address,
        subject=("account", account_id),
        sessions=len(sessions),
    )
    return sessions


def end_session(db: Session, actor: Actor, account_id: int, session_id: int) -> None:
    """End a session of somebody else's, who is told; `NotFound` for one that is not theirs, or over."""
    reach(db, account_id, actor)
    if session_id not in {one["id"] for one in queries.sessions_of(db.connection(), actor, account_id)}:
        raise NotFound
    revoke(db, _s.c.id == session_id, "ended_by_administrator")
    tell(db, "session.closed", account_id, actor, session=session_id)


def unlock(db: Session, actor: Actor, account_id: int) -> None:
    """Forget the wrong passwords for an account, of strangers and of its known devices."""
    reach(db, account_id, actor, whole=True)
    phone = queries.account(db.connection(), account_id).phone
    known = select("session:" + cast(_s.c.id, String)).where(_s.c.account_id == account_id)
    db.execute(delete(_t).where((_t.c.key == f"phone:{phone}") | _t.c.key.in_(known)))
    tell(db, "account.unlocked", account_id, actor)


def first_passwords(database: Database, actor: Actor, request: SlipsIn) -> SlipsOut:
    """One-time passwords for accounts of the actor's organization that have none yet, some at a time.

    They are hashed before the transaction, and kept by nobody: who has lost the answer asks `again`, which also makes
    new ones for those who have never logged in with theirs. Administrators get theirs at the shell.
    """
    with database.read.connect() as conn:
        rows = _without_password(conn, actor, request)
    some = rows[:SLIPS_AT_ONCE]
    plain = {row.id: hashing.one_time_password() for row in some}
    hashes = {account_id: hashing.hash_password(secret) for account_id, secret in plain.items()}
    with database.transaction() as db:
        given = [row for row in some if _give(db, actor, row, hashes[row.id])]
    slips = [
        Slip(
            account_id=row.id,
            one_time_password=plain[row.id],
            name=row.name,
            sector=row.sector,
            phone=national(row.phone),
        )
        for row in given
    ]
    return SlipsOut(items=slips, next=some[-1].id if len(rows) > len(some) else None)


def _without_password(conn: Connection, actor: Actor, request: SlipsIn) -> list[AnyRow]:
    condition: ColumnElement[bool] = _a.c.password_hash == ""
    if request.again:
        condition |= _a.c.must_change_password & ~_ever()
    sector = (
        select(_sector.c.name)
        .join(_seat, _seat.c.sector_id == _sector.c.id)
        .join(_r, _r.c.seat_id == _seat.c.id)
        .where(_r.c.account_id == _a.c.id, _r.c.organization_id == actor.organization_id)
        .order_by(_seat.c.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("sector")
    )
    administers = exists().where(_r.c.account_id == _a.c.id, _r.c.role.in_(SEPARATE))
    statement = (
        select(_a.c.id, _a.c.name, _a.c.phone, _a.c.password_hash, sector)
        .where(
            _a.c.organization_id == actor.organization_id,
            _a.c.id > request.after,
            _a.c.id != actor.account_id,
            _a.c.disabled_at.is_(None),
            role_here(actor, _r.c.role == request.role),
            ~administers,
            condition,
        )
        .order_by(_a.c.id)
        .limit(SLIPS_AT_ONCE + 1)
    )
    return list(conn.execute(statement).all())


def _ever() -> ColumnElement[bool]:
    """Whether somebody logged in to an account."""
    return exists().where(_s.c.account_id == _a.c.id)


def _give(db: Session, actor: Actor, row: AnyRow, password_hash: str) -> bool:
    """Set a first password; False when somebody else has set one, or its owner has logged in, meanwhile."""
    unused = (_a.c.password_hash == "") | ~_ever()
    same = (_a.c.id == row.id) & (_a.c.password_hash == row.password_hash) & unused
    values = {"password_changed_at": clock.now(), "must_change_password": True}
    given = update(_a).where(same).values(password_hash=password_hash, **values).returning(_a.c.id)
    if db.scalar(given) is None:
        return False
    tell_everywhere(db, "password.issued", row.id, actor, way="slip")
    return True
