"""Who may hear of a subject: asked when a notification is written, and once more before it is pushed."""

from collections.abc import Collection, Hashable, Iterable
from typing import Literal

from sqlalchemy import Connection, bindparam, select

from app.auth import subjects
from app.auth.actor import Actor, holders
from app.core.hot.prepared import Prepared
from app.core.sql import table
from app.notifications.kinds import NoticeKind
from app.notifications.models import NotificationSetting

Way = Literal["in_app", "push"]
_o = table(NotificationSetting)


def who_sees(conn: Connection, actors: Iterable[Actor], subject: tuple[str, int]) -> set[int]:
    """The accounts of those actors who may see a subject; its rule is asked once for all who are alike in it."""
    kind, subject_id = subject
    circles: dict[Hashable, list[Actor]] = {}
    for actor in actors:
        circles.setdefault(subjects.subject(kind).circle(actor), []).append(actor)
    return {
        actor.account_id
        for alike in circles.values()
        if subjects.visible(conn, alike[0], kind, [subject_id])
        for actor in alike
    }


def hearers(
    conn: Connection,
    organization_id: int,
    account_ids: Collection[int],
    kind: NoticeKind,
    subject: tuple[str, int],
) -> set[int]:
    """Those of some accounts that hold a role today and may see the subject, unless the news is blind."""
    actors = holders(conn, organization_id, account_ids)
    return set(actors) if kind.blind else who_sees(conn, actors.values(), subject)


_OFF = {
    way: Prepared(
        select(_o.c.account_id).where(
            _o.c.organization_id == bindparam("organization_id"),
            _o.c.kind == bindparam("kind"),
            _o.c.account_id.in_(bindparam("account_ids", expanding=True)),
            column.is_(False),
        )
    )
    for way, column in (("in_app", _o.c.in_app), ("push", _o.c.push))
}


def switched_off(
    conn: Connection, organization_id: int, account_ids: Collection[int], kind: NoticeKind, way: Way
) -> set[int]:
    """Those of some accounts that do not want this kind of news this way."""
    if not kind.optional:
        return set()
    given = {"organization_id": organization_id, "account_ids": list(account_ids), "kind": kind.value}
    return {row[0] for row in _OFF[way].tuples(conn, **given)}
