"""The end of sessions: written down, and told to the live streams that hang on them."""

from sqlalchemy import ColumnElement, update
from sqlmodel import Session

from app.auth.models import LoginSession
from app.core import clock, live
from app.core.sql import table

_s = table(LoginSession)


def revoke(db: Session, which: ColumnElement[bool], reason: str) -> int:
    """Revoke those of some sessions that live; how many."""
    ended = db.execute(
        update(_s)
        .where(which, _s.c.revoked_at.is_(None))
        .values(revoked_at=clock.now(), revoke_reason=reason)
        .returning(_s.c.account_id, _s.c.organization_id)
    ).all()
    for account_id, organization_id in {(row.account_id, row.organization_id) for row in ended}:
        live.emit(db, organization_id, f"account:{account_id}", "session.revoked", account_id=account_id)
    return len(ended)
