"""Whom a note may call by @: staff of the same organization who work on the same thing."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, select

from app.auth import desks
from app.auth.actor import Actor, holders
from app.auth.models import Account, AccountRole
from app.auth.permissions import Role
from app.auth.queries import accounts_in_role
from app.core.errors import Invalid
from app.core.sql import table
from app.notifications.hearing import who_sees
from app.people.models_offices import Office

_r, _o, _a = table(AccountRole), table(Office), table(Account)


def _working(
    conn: Connection, actor: Actor, subject: tuple[str, int], account_ids: Collection[int]
) -> dict[int, Actor]:
    """Those of some accounts who work on a thing, the actor left out."""
    held = holders(conn, actor.organization_id, set(account_ids) - {actor.account_id})
    working = who_sees(conn, held.values(), (desks.subject_of(subject[0]), subject[1]))
    return {account_id: held[account_id] for account_id in working}


def colleagues(conn: Connection, actor: Actor, subject: tuple[str, int]) -> list[dict[str, Any]]:
    """Those who may be called, by name, with their offices."""
    desks.require(conn, actor, subject)
    staff = accounts_in_role(conn, actor.organization_id, Role.SECRETARIAT)
    working = _working(conn, actor, subject, staff)
    offices: dict[int, list[str]] = defaultdict(list)
    for row in conn.execute(
        select(_r.c.account_id, _o.c.name)
        .join(_o, _o.c.id == _r.c.office_id)
        .where(_r.c.account_id.in_(working), _r.c.organization_id == actor.organization_id)
        .where(_r.c.ends_on.is_(None) | (_r.c.ends_on >= actor.today))
        .order_by(_o.c.id)
    ):
        offices[row.account_id].append(row.name)
    found = [
        {"account_id": one.account_id, "name": one.name, "offices": offices[one.account_id]}
        for one in working.values()
    ]
    return sorted(found, key=lambda row: (row["name"], row["account_id"]))


def check(
    conn: Connection, actor: Actor, subject: tuple[str, int], account_ids: Collection[int]
) -> list[int]:
    """The accounts that a note calls, each once, oneself left out; `Invalid` names who could not read it."""
    called = [i for i in dict.fromkeys(account_ids) if i != actor.account_id]
    if not called:
        return []
    working = _working(conn, actor, subject, called)
    if left := set(called) - working.keys():
        here = (_r.c.account_id == _a.c.id) & (_r.c.organization_id == actor.organization_id)
        known = select(_a.c.name).where(_a.c.id.in_(left), select(_r.c.id).where(here).exists())
        names = conn.scalars(known.order_by(_a.c.id)).all()
        if len(names) < len(left):
            raise Invalid("提到的同事不存在。", code="unknown_mention")
        calls = "".join(f"“@{name}”" for name in names)
        raise Invalid(
            f"{'、'.join(names)}不办理这项工作，看不到这里的备注。请删去{calls}后再发送，您写的内容还在。",
            code="cannot_read_mention",
        )
    return called
