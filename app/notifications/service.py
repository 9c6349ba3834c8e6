"""Writes notifications in the transaction of what they tell of."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import bindparam, delete, insert, select, update
from sqlmodel import Session

from app.auth.actor import Actor
from app.core import clock, live
from app.core.prepared import Prepared
from app.core.sql import table
from app.notifications import push
from app.notifications.models import Notification

_n = table(Notification)
_COLUMNS = ("organization_id", "account_id", "kind", "title", "subject_type", "subject_id", "at")
_ADD = Prepared(insert(_n).values({name: bindparam(name) for name in _COLUMNS}))


def notify(
    db: Session,
    organization_id: int,
    account_ids: Iterable[int],
    kind: str,
    title: str,
    subject: tuple[str, int],
) -> None:
    """Tell each of some accounts of a subject, with one Chinese line."""
    accounts = sorted(set(account_ids))
    if not accounts:
        return
    row = {
        "organization_id": organization_id,
        "kind": kind,
        "title": (title := title[:200]),
        "subject_type": subject[0],
        "subject_id": subject[1],
        "at": clock.now(),
    }
    _ADD.each(db.connection(), [row | {"account_id": a} for a in accounts])
    push.announce(db, organization_id, accounts, title, subject)
    for account_id in accounts:
        live.emit(db, organization_id, f"bell:{account_id}", "notification.added", account_id=account_id)


def forget_old(db: Session, days: int) -> int:
    """Drop the notifications that are older than `days`; how many."""
    old = delete(_n).where(_n.c.at < clock.now() - timedelta(days=days))
    return db.connection().execute(old).rowcount


def mark_read(db: Session, actor: Actor, up_to: int) -> None:
    """Mark the actor's notifications as read up to an id."""
    n = table(Notification)
    newest = select(n.c.id).where(
        n.c.account_id == actor.account_id,
        n.c.organization_id == actor.organization_id,
        n.c.id <= up_to,
        n.c.read_at.is_(None),
    )
    db.connection().execute(update(n).where(n.c.id.in_(newest)).values(read_at=clock.now()))
