"""Writes notifications in the transaction of what they tell of."""

from collections.abc import Iterable
from datetime import timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session

from app.auth.actor import Actor
from app.core import clock, live, outbox
from app.core.parts import parts
from app.core.prepared import Prepared
from app.core.sql import delete_some, table
from app.notifications import push
from app.notifications.models import Notification

#: Accounts that one transaction tells of the same.
_AT_ONCE = 100
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
    """Tell each of some accounts of a subject, with one Chinese line; of many the worker tells all but the first."""
    accounts, *rest = list(parts(sorted(set(account_ids)), _AT_ONCE)) or [()]
    for some in rest:
        outbox.enqueue(
            db,
            "notification.told",
            token_hex(16),
            organization_id=organization_id,
            accounts=" ".join(map(str, some)),
            news=kind,
            title=title[:200],
            subject_type=subject[0],
            subject_id=subject[1],
        )
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
    push.announce(db, organization_id, list(accounts), title, subject)
    for account_id in accounts:
        live.emit(db, organization_id, f"bell:{account_id}", "notification.added", account_id=account_id)


@outbox.handles("notification.told")
def _tell_some(db: Session, job: dict[str, Any]) -> None:
    accounts, subject = map(int, job["accounts"].split()), (job["subject_type"], job["subject_id"])
    notify(db, job["organization_id"], accounts, job["news"], job["title"], subject)


def forget_old(db: Session, days: int) -> int:
    """Drop some of the notifications that are older than `days`; how many."""
    return delete_some(db.connection(), _n, _n.c.at < clock.now() - timedelta(days=days))


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
