"""Reads of accounts, roles and sessions."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Row,
    TableClause,
    column,
    exists,
    func,
    select,
    true,
)
from sqlalchemy import table as named

from app.auth.actor import Actor
from app.auth.areas import granted
from app.auth.models import Account, AccountRole, LoginSession
from app.auth.passwords.hashing import PasswordOwner
from app.auth.passwords.settings import PasswordRules
from app.auth.permissions import APART, GRANTS, Permission, Role
from app.auth.phones import national
from app.core import clock
from app.core.config import Settings
from app.core.errors import NotFound
from app.core.organization_settings import all_stored
from app.core.sql import Json, table

_a, _r, _s = table(Account), table(AccountRole), table(LoginSession)


def _named(name: str, *columns: str) -> TableClause:
    return named(name, *(column(c) for c in columns))


# The package `people` stands above this one: its tables are named here, not imported.
_organization = _named("organization", "id", "name")
_person = named("person", column("account_id"), column("born_on", Date))
_seat, _unit = _named("seat", "id", "organization_id"), _named("unit", "id", "organization_id")
_office = named(
    "office",
    column("areas", Json),
    *(column(c) for c in ("id", "organization_id", "name", "committee_id", "closed_at")),
)


def accounts_by_phone(conn: Connection, phone: str) -> list[Row[Any]]:
    """The accounts with an E.164 phone, at most one of each organization, the one last logged in to first."""
    used = select(func.max(_s.c.id)).where(_s.c.account_id == _a.c.id).scalar_subquery()
    found = select(_a).where(_a.c.phone == phone)
    return list(conn.execute(found.order_by(func.coalesce(used, 0).desc(), _a.c.id)))


def account_of(conn: Connection, organization_id: int, phone: str) -> Row[Any] | None:
    """The account that an organization has opened for an E.164 phone."""
    return conn.execute(
        select(_a).where(_a.c.organization_id == organization_id, _a.c.phone == phone)
    ).one_or_none()


def account(conn: Connection, account_id: int) -> Row[Any]:
    """One account; `NotFound` when there is none."""
    row = conn.execute(select(_a).where(_a.c.id == account_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


def owner_of(conn: Connection, row: Row[Any]) -> PasswordOwner:
    """What everybody knows of the owner of an account."""
    born_on = conn.scalar(select(_person.c.born_on).where(_person.c.account_id == row.id))
    names = select(_organization.c.name).where(_organization.c.id.in_(organizations_of(conn, row.id)))
    days = [f"{born_on:%Y%m%d}", f"{born_on:%y%m%d}"] if born_on else []
    return PasswordOwner((row.name, national(row.phone), *days), tuple(conn.scalars(names)))


def password_rules(conn: Connection, account_id: int, config: Settings) -> PasswordRules:
    """What a new password of an account must be: the strictest of where it holds a role."""
    places = all_stored(conn, organizations_of(conn, account_id)).values()
    return PasswordRules.strictest(PasswordRules.read(stored, config) for stored in [*places] or [{}])


def organizations_of(conn: Connection, account_id: int) -> set[int]:
    """Where an account holds a role that has not ended, or was a member."""
    today = clock.local_day(clock.now())
    held = _r.c.ends_on.is_(None) | (_r.c.ends_on >= today) | (_r.c.role == Role.MEMBER)
    rows = conn.execute(select(_r.c.organization_id).where(_r.c.account_id == account_id, held))
    return {row.organization_id for row in rows}


def accounts_in_role(
    conn: Connection, organization_id: int, role: Role, unit_ids: Collection[int] | None = None
) -> list[int]:
    """The accounts that hold a role today, in an organization or only for some of its units."""
    today = clock.local_day(clock.now())
    held = select(_r.c.account_id).where(
        _r.c.organization_id == organization_id,
        _r.c.role == role,
        _r.c.ends_on.is_(None) | (_r.c.ends_on >= today),
    )
    if unit_ids is not None:
        held = held.where(_r.c.unit_id.in_(unit_ids))
    return list(conn.scalars(held))


def in_office(
    account_id: ColumnElement[int],
    organization_id: ColumnElement[int] | int,
    role: Role,
    today: date,
    unit_id: int | None = None,
) -> ColumnElement[bool]:
    """An account that is not closed holds a role on a day, of a unit on demand."""
    held, holder = _r.alias("held"), _a.alias("holder")
    return exists().where(
        held.c.account_id == account_id,
        held.c.organization_id == organization_id,
        held.c.role == role,
        held.c.ends_on.is_(None) | (held.c.ends_on >= today),
        *(() if unit_id is None else (held.c.unit_id == unit_id,)),
        holder.c.id == held.c.account_id,
        holder.c.disabled_at.is_(None),
    )


def where_somebody_may(conn: Connection, permission: Permission) -> set[int]:
    """The organizations in which somebody who is not locked out holds a permission today, also by an office."""
    roles = [role for role, permissions in GRANTS.items() if permission in permissions]
    today = clock.local_day(clock.now())
    held = (
        select(_r.c.organization_id, _office.c.areas)
        .distinct()
        .join(_a, _a.c.id == _r.c.account_id)
        .outerjoin(_office, _office.c.id == _r.c.office_id)
        .where(
            _r.c.role.in_(roles), _r.c.ends_on.is_(None) | (_r.c.ends_on >= today), _a.c.disabled_at.is_(None)
        )
    )
    return {
        place for place, areas in conn.execute(held) if areas is None or permission in granted(tuple(areas))
    }


def staff_who_may(conn: Connection, organization_id: int, permission: Permission) -> list[int]:
    """The accounts of the secretariat that hold a permission today, those of one committee's office left out."""
    today = clock.local_day(clock.now())
    held = (
        select(_r.c.account_id, _office.c.areas)
        .outerjoin(_office, _office.c.id == _r.c.office_id)
        .where(
            _r.c.organization_id == organization_id,
            _r.c.role == Role.SECRETARIAT,
            _r.c.ends_on.is_(None) | (_r.c.ends_on >= today),
            _office.c.committee_id.is_(None),
        )
    )
    return sorted(
        {
            account_id
            for account_id, areas in conn.execute(held)
            if permission in (GRANTS[Role.SECRETARIAT] if areas is None else granted(tuple(areas)))
        }
    )


def last_organization(conn: Connection, account_id: int) -> int | None:
    """Where the newest session of an account worked."""
    newest = select(_s.c.organization_id).where(_s.c.account_id == account_id)
    return conn.scalar(newest.order_by(_s.c.id.desc()).limit(1))


def sessions(conn: Connection, actor: Actor) -> list[dict[str, Any]]:
    """The actor's live sessions, newest first; those of one account are few."""
    return live_sessions(conn, _s.c.account_id == actor.account_id, actor.session_id)


def sessions_of(conn: Connection, actor: Actor, account_id: int) -> list[dict[str, Any]]:
    """The live sessions of an account that the actor looks after; of an account of others those that work here."""
    require_account(conn, actor, account_id)
    which = _s.c.account_id == account_id
    if account(conn, account_id).organization_id != actor.organization_id:
        which &= _s.c.organization_id == actor.organization_id
    return live_sessions(conn, which, actor.session_id)


def live_sessions(conn: Connection, which: ColumnElement[bool], current: int) -> list[dict[str, Any]]:
    """Those of some sessions that live, newest first."""
    names = ("id", "device", "address", "created_at", "last_used_at", "expires_at")
    rows = conn.execute(
        select(*(_s.c[name] for name in names), (_s.c.id == current).label("is_current"))
        .where(which, _s.c.revoked_at.is_(None), _s.c.expires_at > clock.now())
        .order_by(_s.c.id.desc())
        .limit(100)
    )
    return [dict(r) | {"is_current": bool(r["is_current"])} for r in rows.mappings()]


def role_here(actor: Actor, *also: ColumnElement[bool]) -> ColumnElement[bool]:
    """Accounts with a role in the actor's organization of which all of `also` holds."""
    return exists().where(_r.c.account_id == _a.c.id, _r.c.organization_id == actor.organization_id, *also)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Accounts that an administrator sees: with a role in its organization, or looked after by it."""
    return (_a.c.organization_id == actor.organization_id) | role_here(actor)


def require_account(conn: Connection, actor: Actor, account_id: int) -> None:
    """`NotFound` unless the administrator sees this account."""
    if conn.scalar(select(_a.c.id).where(_a.c.id == account_id, visible_to(actor))) is None:
        raise NotFound


def holding_apart(conn: Connection) -> list[tuple[int, str, list[Role]]]:
    """Accounts with roles that no account may hold together any more: id, name, those roles."""
    held: dict[tuple[int, str], set[Role]] = {}
    rows = select(_a.c.id, _a.c.name, _r.c.role).join(_r, _r.c.account_id == _a.c.id)
    for account_id, name, role in conn.execute(rows.order_by(_a.c.id)):
        held.setdefault((account_id, name), set()).add(Role(role))
    together = {who: [pair for pair in APART if pair <= roles] for who, roles in held.items()}
    return [(*who, sorted(frozenset().union(*pairs))) for who, pairs in together.items() if pairs]


def belongs(
    conn: Connection,
    organization_id: int,
    *,
    seat_id: int | None = None,
    unit_id: int | None = None,
    office_id: int | None = None,
) -> bool:
    """Whether a seat, a unit and an office that is not closed, where named, are of an organization."""
    for of, wanted in ((_seat, seat_id), (_unit, unit_id), (_office, office_id)):
        here = (of.c.id == wanted) & (of.c.organization_id == organization_id)
        is_open = _office.c.closed_at.is_(None) if of is _office else true()
        if wanted is not None and conn.scalar(select(of.c.id).where(here, is_open)) is None:
            return False
    return True
