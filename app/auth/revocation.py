"""The end of sessions: written down, and told to the live streams that hang on them."""

from sqlalchemy import ColumnElement, select, update
from sqlmodel import Session

from app.auth.models import LoginSession
from app.core import clock, live
from app.core.sql import table

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
