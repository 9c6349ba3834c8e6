"""The end of sessions: written down, and told to the live streams that hang on them."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update
from sqlmodel import Session

from app.auth.models import Account, LoginSession, SpentRefresh
from app.core import clock, live
from app.core.organization_settings import any_of
from app.core.sql import AT_ONCE, delete_some, table

_s = table(LoginSession)


def revoke(db: Session, which: ColumnElement[bool], reason: str) -> int:
    """Revoke those of some sessions that live; how many."""
    live_ones = select(_s.c.id).where(which, _s.c.revoked_at.is_(None)).order_by(_s.c.id).with_for_update()
    ended = db.execute(
        update(_s)
        .where(_s.c.id.in_(live_ones))
        .values(revoked_at=clock.now(), revoke_reason=reason)
        .returning(_s.c.account_id, _s.c.organization_id)
    ).all()
    for account_id, organization_id in {(row.account_id, row.organization_id) for row in ended}:
        live.emit(db, organization_id, f"account:{account_id}", "session.revoked", account_id=account_id)
    return len(ended)


def end_sessions(
    db: Session,
    account_id: int,
    reason: str,
    *,
    organization_id: int | None = None,
    except_session: int | None = None,
) -> int:
    """Revoke the live sessions of an account, in one organization if it is named, but one if it is named; how many."""
    which = _s.c.account_id == account_id
    if organization_id is not None:
        which &= _s.c.organization_id == organization_id
    if except_session is not None:
        which &= _s.c.id != except_session
    return revoke(db, which, reason)


def forget_sessions(db: Session, days: Mapping[int, int]) -> int:
    """Drop some of the sessions that ended too long ago, after their refresh tokens; how many rows.

    `days` are those of the organization that opened the account.

    Dead ones are kept for their owner to see and for the auditor to ask about.
    """
    conn, now = db.connection(), clock.now()
    account, spent = table(Account), table(SpentRefresh)
    dead = select(_s.c.id).where(_s.c.revoked_at.is_not(None) | (_s.c.expires_at < now))
    tokens = delete_some(conn, spent, spent.c.session_id.in_(dead))
    if tokens == AT_ONCE:  # there may be more, and sessions go after their tokens
        return tokens
    over = {of: now - timedelta(days=kept) for of, kept in days.items()}
    old = {of: (_s.c.revoked_at < day) | (_s.c.expires_at < day) for of, day in over.items()}
    home = select(account.c.organization_id).where(account.c.id == _s.c.account_id).scalar_subquery()
    return tokens + delete_some(conn, _s, any_of(home, old))
