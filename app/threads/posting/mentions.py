"""Whom a reply may name: members who hold their seat today and may see what is talked about."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from app.auth.actor import Actor, holders
from app.auth.models import AccountRole
from app.auth.permissions import Role
from app.core import clock
from app.core.errors import Invalid
from app.core.paging import PageRows
from app.core.sql import table
from app.notifications.hearing import who_sees
from app.people.models import Person, Seat
from app.people.queries import SeatFilter, accounts_of, page_of_seats
from app.threads.queries import visible_thread
from app.threads.rules import rule_of

_s, _p, _r = table(Seat), table(Person), table(AccountRole)


def check(
    conn: Connection, actor: Actor, subject: tuple[str, int], seat_ids: Collection[int]
) -> dict[int, str]:
    """The names of the seats that are named in a reply, by id; `Invalid` names those who could not read it."""
    wanted = set(seat_ids)
    if not wanted:
        return {}
    found = conn.execute(
        select(_s.c.id, _p.c.name, _s.c.starts_on, _s.c.ends_on)
        .join(_p, _p.c.id == _s.c.person_id)
        .where(_s.c.id.in_(wanted), _s.c.organization_id == actor.organization_id)
    ).all()
    if len(found) != len(wanted):
        raise Invalid("提到的委员不存在。", code="unknown_mention")
    today, accounts = clock.local_day(clock.now(), actor.zone), accounts_of(conn, wanted)
    actors = holders(conn, actor.organization_id, accounts.values()).values()
    sees = who_sees(conn, (one for one in actors if one.seat_id in wanted), subject)
    left = [row.name for row in found if not row.starts_on <= today <= row.ends_on]
    blind = [row.name for row in found if row.name not in left and accounts.get(row.id) not in sees]
    if left or blind:
        raise Invalid(_refusal(left, blind), code="cannot_read_mention")
    return {row.id: row.name for row in found}


def _refusal(left: list[str], blind: list[str]) -> str:
    said = []
    if left:
        said.append(f"{'、'.join(left)}现在不在任")
    if blind:
        said.append(f"{'、'.join(blind)}看不到这里的讨论")
    calls = "".join(f"“@{name}”" for name in left + blind)
    return f"{'，'.join(said)}，收不到您的话。请删去{calls}后再发送，您写的内容还在。"


def page_of_readers(
    conn: Connection, actor: Actor, thread_id: int, q: str | None, cursor: str | None, limit: int
) -> PageRows:
    """The members whom a reply in a thread may name, in the order of the roster."""
    kind, subject_id = visible_thread(conn, actor, thread_id).subject
    with_account = select(_r.c.seat_id).where(
        _r.c.role == Role.MEMBER, _r.c.organization_id == actor.organization_id
    )
    guests = rule_of(kind).guests(conn, subject_id)
    among = with_account if guests is None else with_account.where(_r.c.seat_id.in_(guests))
    return page_of_seats(conn, actor, SeatFilter(q=q, among=among), cursor, limit)
