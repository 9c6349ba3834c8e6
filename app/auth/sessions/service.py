"""Sessions: opened by a login, kept alive by rotating refresh tokens, ended by their owner or by an event."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, insert, or_, select, update
from sqlmodel import Session

from app.auth import queries, watch
from app.auth.accounts.revocation import revoke
from app.auth.actor import Actor
from app.auth.keys.tokens import Tokens
from app.auth.models import Account, LoginSession, SpentRefresh
from app.core import clock
from app.core.config import Settings
from app.core.db import Database
from app.core.errors import NotFound, Unauthenticated
from app.core.sql import table

#: A spent refresh token gets the same answer again for so long: the first one may have been lost.
GRACE = timedelta(seconds=10)

_a, _s, _spent = table(Account), table(LoginSession), table(SpentRefresh)


@dataclass(frozen=True)
class Opened:
    """A session and the refresh token that keeps it alive."""

    account_id: int
    session_id: int
    refresh_token: str
    expires_at: datetime


def open_session(
    db: Session, config: Settings, account_id: int, organization_id: int, address: str = "", device: str = ""
) -> Opened:
    """A new session of an account in an organization."""
    now, token = clock.now(), secrets.token_urlsafe(32)
    session = LoginSession(
        account_id=account_id,
        organization_id=organization_id,
        refresh_hash=_hash(token),
        device=device,
        address=address,
        created_at=now,
        last_used_at=now,
        expires_at=_expiry(config, now),
    )
    db.add(session)
    db.flush()
    assert session.id is not None  # noqa: S101 - flushed
    return Opened(account_id, session.id, token, session.expires_at)


def refresh(database: Database, tokens: Tokens, config: Settings, token: str, address: str = "") -> Opened:
    """The next refresh token of a session; `Unauthenticated` when it is over.

    A spent token that comes again ends the session: reuse means the token was stolen. Within `GRACE`, and while the
    token that followed it is unused, it gets that same one again: the answer was lost. The end of the session must
    outlive the refusal, so this verb commits by itself.
    """
    with database.transaction() as db:
        opened = _rotate(db, tokens, config, token, address)
    if opened is None:
        raise Unauthenticated("登录已失效，请重新登录。", code="session_over")
    return opened


def _rotate(db: Session, tokens: Tokens, config: Settings, token: str, address: str) -> Opened | None:
    given, successors, now = _hash(token), tokens.successors(token), clock.now()
    session = _holding(db, given)
    if session is None:
        return None
    following = next((one for one in successors if _hash(one) == session.refresh_hash), successors[0])
    opened = Opened(session.account_id, session.id, following, _expiry(config, session.created_at))
    if session.refresh_hash == given:
        values = {"refresh_hash": _hash(following), "last_used_at": now, "expires_at": opened.expires_at}
        db.execute(update(_s).where(_s.c.id == session.id).values(values))
        db.execute(insert(_spent).values(refresh_hash=given, session_id=session.id, spent_at=now))
        return opened
    spent_at = db.scalar(select(_spent.c.spent_at).where(_spent.c.refresh_hash == given))
    if session.refresh_hash == _hash(following) and spent_at is not None and now - spent_at <= GRACE:
        return opened
    _end(db, session.id, "refresh_reused")
    watch.tell(
        db,
        "session.reused",
        account_id=session.account_id,
        organization_id=session.organization_id,
        address=address,
        result="denied",
        session=session.id,
    )
    return None


def _holding(db: Session, given: bytes) -> Row[Any] | None:
    """The live session that a refresh token belongs or belonged to; nobody else rotates it until the commit."""
    spent_by = select(_spent.c.session_id).where(_spent.c.refresh_hash == given)
    found = db.scalar(select(_s.c.id).where(or_(_s.c.refresh_hash == given, _s.c.id.in_(spent_by))))
    return db.execute(
        select(_s)
        .join(_a, _a.c.id == _s.c.account_id)
        .where(
            _s.c.id == found,
            _s.c.revoked_at.is_(None),
            _s.c.expires_at > clock.now(),
            _a.c.disabled_at.is_(None),
        )
        .with_for_update(of=_s)
    ).one_or_none()


def log_out(db: Session, actor: Actor) -> None:
    """End the session that the actor uses."""
    _end(db, actor.session_id, "logout")
    _tell(db, actor, "logout", actor.session_id)


def end_one(db: Session, actor: Actor, session_id: int) -> None:
    """End one of the actor's sessions; `NotFound` for others' and dead ones."""
    if session_id not in {s["id"] for s in queries.sessions(db.connection(), actor)}:
        raise NotFound
    _end(db, session_id, "ended_by_owner")
    _tell(db, actor, "session.ended", session_id)


def switch_organization(db: Session, actor: Actor, organization_id: int) -> None:
    """Let the actor's session work in another organization where the account holds a role; `NotFound` elsewhere."""
    if organization_id not in queries.organizations_of(db.connection(), actor.account_id):
        raise NotFound
    db.execute(update(_s).where(_s.c.id == actor.session_id).values(organization_id=organization_id))
    _tell(db, actor, "organization.switched", actor.session_id, to=organization_id)


def _end(db: Session, session_id: int, reason: str) -> None:
    revoke(db, _s.c.id == session_id, reason)


def _expiry(config: Settings, created_at: datetime) -> datetime:
    """A session dies when it is idle for long, and at its absolute limit in any case."""
    idle = clock.now() + timedelta(days=config.session_idle_days)
    return min(idle, created_at + timedelta(days=config.session_absolute_days))


def _hash(token: str) -> bytes:
    return sha256(token.encode("utf-8", "replace")).digest()


def _tell(db: Session, actor: Actor, action: str, session_id: int, **detail: Any) -> None:
    watch.tell(
        db,
        action,
        account_id=actor.account_id,
        organization_id=actor.organization_id,
        address=actor.address,
        session=session_id,
        **detail,
    )
