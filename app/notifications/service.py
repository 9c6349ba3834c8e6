"""Writes notifications in the transaction of what they tell of."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update
from sqlmodel import Session

from app.auth.actor import Actor
from app.core import clock, live, outbox
from app.core.errors import Invalid, NotFound
from app.core.hot.prepared import Prepared
from app.core.jobs.short_transactions import parts
from app.core.organization_settings import any_of
from app.core.sql import delete_some, table
from app.core.sql import insert as upsert
from app.notifications import everywhere
from app.notifications.hearing import hearers, switched_off
from app.notifications.kinds import NoticeKind
from app.notifications.models import Notification, NotificationSetting
from app.notifications.push import service
from app.notifications.queries import asking, title_of
from app.notifications.schemas import Setting
from app.people.queries import accounts_of

#: Accounts that one transaction tells of the same.
_AT_ONCE = 100
_n, _o = table(Notification), table(NotificationSetting)
_COLUMNS = (
    "organization_id",
    "account_id",
    "kind",
    "title",
    "subject_type",
    "subject_id",
    "at",
    "by_id",
    "place_type",
    "place_id",
)
_ADD = Prepared(insert(_n).values({name: bindparam(name) for name in _COLUMNS}))


def notify(
    db: Session,
    organization_id: int,
    account_ids: Iterable[int],
    kind: NoticeKind,
    title: str,
    subject: tuple[str, int],
    *,
    by: Actor | None = None,
    place: tuple[str, int] | None = None,
) -> None:
    """Tell each of some accounts that may see the subject, with one Chinese line; the worker tells all but the first.

    In the line `{who}` stands for the name of `by`, and what is told about one `place` is one entry of the list.
    """
    row: dict[str, Any] = {
        "organization_id": organization_id,
        "kind": kind.value,
        "title": title[:200],
        "subject_type": subject[0],
        "subject_id": subject[1],
        "by_id": by.account_id if by else None,
        "place_type": place[0] if place else None,
        "place_id": place[1] if place else None,
    }
    accounts, *rest = list(parts(sorted(set(account_ids)), _AT_ONCE)) or [()]
    for some in rest:
        job = {name: value for name, value in row.items() if name != "kind" and value is not None}
        job |= {"news": row["kind"], "accounts": " ".join(map(str, some)), "who": by.name if by else ""}
        outbox.enqueue(db, "notification.told", token_hex(16), **job)
    _tell(db, accounts, row, who=by.name if by else "")


def notify_seats(
    db: Session,
    organization_id: int,
    seat_ids: Collection[int],
    kind: NoticeKind,
    title: str,
    subject: tuple[str, int],
    *,
    by: Actor | None = None,
    place: tuple[str, int] | None = None,
) -> None:
    """Tell those who hold some seats, as `notify` does their accounts; seats without an account hear nothing."""
    if seat_ids:
        accounts = accounts_of(db.connection(), seat_ids).values()
        notify(db, organization_id, accounts, kind, title, subject, by=by, place=place)


def _tell(db: Session, accounts: Collection[int], row: dict[str, Any], *, who: str) -> None:
    if not accounts:
        return
    conn, kind, organization_id = db.connection(), NoticeKind.of(row["kind"]), row["organization_id"]
    subject = row["subject_type"], row["subject_id"]
    told = hearers(conn, organization_id, accounts, kind, subject)
    told -= switched_off(conn, organization_id, told, kind, "in_app")
    if not told:
        return
    now = clock.now()
    _ADD.each(conn, [row | {"account_id": a, "at": now} for a in sorted(told)])
    loud = told - switched_off(conn, organization_id, told, kind, "push")
    service.announce(db, organization_id, sorted(loud), kind, title_of(row["title"], [who]), subject)
    for account_id in sorted(told):
        live.emit(db, organization_id, f"bell:{account_id}", "notification.added", account_id=account_id)
    for other, account_id in everywhere.elsewhere(conn, organization_id, told):
        live.emit(db, other, f"bell:{account_id}", "notification.added", account_id=account_id)


@outbox.handles("notification.told")
def _tell_some(db: Session, job: dict[str, Any]) -> None:
    row = {name: job.get(name) for name in _COLUMNS} | {"kind": job["news"]}
    _tell(db, list(map(int, job["accounts"].split())), row, who=job.get("who", ""))


def settle(db: Session, subject: tuple[str, int], *, only: Collection[NoticeKind] = ()) -> None:
    """Nothing is asked any more about a subject (by some kinds only): what asked for something is read."""
    asked = asking(subject[0], only).where(_n.c.subject_id == subject[1])
    _read(db, asked.with_only_columns(_n.c.id))


def forget_old(db: Session, days: Mapping[int, int]) -> int:
    """Drop some of the notifications that are older than the `days` of their organization; how many."""
    old = {of: _n.c.at < clock.now() - timedelta(days=kept) for of, kept in days.items()}
    return delete_some(db.connection(), _n, any_of(_n.c.organization_id, old))


def mark_read(db: Session, actor: Actor, up_to: int) -> None:
    """Mark the actor's notifications of all organizations as read up to an id."""
    mine = everywhere.mine(everywhere.actors(db.connection(), actor))
    _read(db, select(_n.c.id).where(mine, _n.c.id <= up_to, _n.c.read_at.is_(None)))


def mark_entry_read(db: Session, actor: Actor, notification_id: int) -> None:
    """Mark an entry of the list as read: a notification, and all older ones that are gathered with it."""
    conn = db.connection()
    mine = everywhere.mine(everywhere.actors(conn, actor))
    row = conn.execute(select(_n).where(mine, _n.c.id == notification_id)).one_or_none()
    if row is None:
        raise NotFound
    same = (_n.c.place_type == row.place_type) & (_n.c.place_id == row.place_id) & (_n.c.kind == row.kind)
    gathered = (_n.c.id <= notification_id) & same
    entry = select(_n.c.id).where(mine, _n.c.read_at.is_(None), or_(_n.c.id == notification_id, gathered))
    _read(db, entry)


def _read(db: Session, ids: Any) -> None:
    db.connection().execute(update(_n).where(_n.c.id.in_(ids)).values(read_at=clock.now()))


def set_up(db: Session, actor: Actor, wanted: Collection[Setting]) -> None:
    """Switch kinds on or off for the actor; duties may not be switched off."""
    conn = db.connection()
    for one in wanted:
        kind = NoticeKind.known(one.kind)
        if kind is None or not kind.optional:
            named = f"“{kind.label}”" if kind else "这类通知"
            raise Invalid(f"{named}关系到您要办的事或结果，不能关闭。", code="not_optional")
        key = {
            "account_id": actor.account_id,
            "organization_id": actor.organization_id,
            "kind": kind.value,
        }
        values = {"in_app": one.in_app, "push": one.push and one.in_app}
        statement = upsert(conn, _o).values(**key, **values)
        conn.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
