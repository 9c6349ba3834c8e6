"""Who tries to sign in, and from where: attempts are charged, passwords compared, refusals written.

What a refusal writes (a counter, an entry in the log) must outlive the refusal. So this takes the database and commits
by itself; passwords are hashed outside of its transactions.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Row, select
from sqlmodel import Session

from app.auth import queries, watch
from app.auth.keys.tokens import Tokens
from app.auth.models import Account
from app.auth.passwords import hashing
from app.auth.sessions import attempts
from app.auth.sessions.attempts import Guesser
from app.core.config import Settings
from app.core.db import Database
from app.core.errors import AppError, Forbidden, TooMany
from app.core.sql import table

_a = table(Account)
#: Passwords compared before a refusal at least: nobody sees by the time how many organizations know a phone.
_COMPARED = 2
T = TypeVar("T")


@dataclass(frozen=True)
class Entrance:
    """What signing in needs of the server, and from where it is tried."""

    database: Database
    tokens: Tokens
    config: Settings
    address: str
    device: str
    cookies: Mapping[str, str] = field(default_factory=dict)


def verified(
    at: Entrance, who: Guesser, known: Sequence[Row[Any]], password: str, by: Row[Any] | None = None
) -> Row[Any] | None:
    """Charge an attempt; which of the `known` accounts of a phone has this password: none costs and counts alike.

    A failure is one of these accounts, or of the account `by` that tries.
    """
    charged(at, who)
    for account in [*known, *[None] * (_COMPARED - len(known))]:
        if hashing.is_right(account.password_hash if account else None, password, at.config) and account:
            return account
    with at.database.transaction() as db:
        result = "locked" if attempts.is_locked(db, who) else "failed"
        for account in [by] if by else known:
            tell_failed(at, db, account, result=result)
        if not (by or known):  # of no organization: no auditor learns which phones are tried elsewhere
            tell(at, db, "login", None, result=result)
    return None


def tell_failed(
    at: Entrance, db: Session, account: Row[Any], *, result: str = "failed", **detail: Any
) -> None:
    """A failed login of an account belongs into the log of each organization that it works in."""
    for organization_id in queries.organizations_of(db.connection(), account.id) or {account.organization_id}:
        tell(at, db, "login", account.id, organization_id, result=result, **detail)


def charged(at: Entrance, who: Guesser) -> None:
    """Count an attempt; raise TooMany while the guesser is locked out."""
    with at.database.transaction() as db:
        wait = attempts.charge(db, who)
    if wait:
        minutes = -(-wait // 60)
        raise TooMany(f"尝试次数过多，请 {minutes} 分钟后再试。", code="locked_out", retry_after=wait)


def disabled(db: Session, account: Row[Any]) -> AppError | None:
    """Locks the account; disabled or with another password meanwhile, it opens nothing."""
    same = (
        (_a.c.id == account.id) & (_a.c.password_hash == account.password_hash) & _a.c.disabled_at.is_(None)
    )
    if db.scalar(select(_a.c.id).where(same).with_for_update(key_share=True)) is None:
        return Forbidden("该账号已停用，请联系管理员。", code="account_disabled")
    return None


def committed(at: Entrance, step: Callable[[Session], T | AppError]) -> T:
    """Run a step in a transaction; an error that it returns is raised after the commit."""
    with at.database.transaction() as db:
        outcome = step(db)
    if isinstance(outcome, AppError):
        raise outcome
    return outcome


def tell(
    at: Entrance,
    db: Session,
    action: str,
    account_id: int | None,
    organization_id: int | None = None,
    *,
    result: str = "ok",
    **detail: Any,
) -> None:
    """Write an entry about an account into the audit log."""
    watch.tell(
        db,
        action,
        account_id=account_id,
        organization_id=organization_id,
        address=at.address,
        result=result,
        **detail,
    )
