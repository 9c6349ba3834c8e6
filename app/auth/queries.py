"""Reads of accounts, roles and sessions."""

from collections.abc import Collection, Sequence
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
from app.auth.password_rules import PasswordRules
from app.auth.passwords import Owner
from app.auth.permissions import APART, GRANTS, ROLE_LABELS, Permission, Role
from app.auth.phones import masked, national
from app.core import clock, names
from app.core.config import Settings
from app.core.errors import NotFound
from app.core.organization_settings import all_stored
from app.core.paging import PageRows, before, decode_cursor, page
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


def owner_of(conn: Connection, row: Row[Any]) -> Owner:
    """What everybody knows of the owner of an account."""
    born_on = conn.scalar(select(_person.c.born_on).where(_person.c.account_id == row.id))
    names = select(_organization.c.name).where(_organization.c.id.in_(organizations_of(conn, row.id)))
    days = [f"{born_on:%Y%m%d}", f"{born_on:%y%m%d}"] if born_on else []
    return Owner((row.name, national(row.phone), *days), tuple(conn.scalars(names)))


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
    rows = conn.execute(
        select(
            _s.c.id,
            _s.c.device,
            _s.c.address,
            _s.c.created_at,
            _s.c.last_used_at,
            _s.c.expires_at,
            (_s.c.id == actor.session_id).label("is_current"),
        )
        .where(_s.c.account_id == actor.account_id, _s.c.revoked_at.is_(None), _s.c.expires_at > clock.now())
        .order_by(_s.c.id.desc())
        .limit(100)
    )
    return [dict(r) | {"is_current": bool(r["is_current"])} for r in rows.mappings()]


def _role_here(actor: Actor, *also: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(_r.c.account_id == _a.c.id, _r.c.organization_id == actor.organization_id, *also)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Accounts that an administrator sees: with a role in its organization, or looked after by it."""
    return (_a.c.organization_id == actor.organization_id) | _role_here(actor)


def require_account(conn: Connection, actor: Actor, account_id: int) -> None:
    """`NotFound` unless the administrator sees this account."""
    if conn.scalar(select(_a.c.id).where(_a.c.id == account_id, visible_to(actor))) is None:
        raise NotFound


def page_of_accounts(
    conn: Connection, actor: Actor, name: str | None, role: Role | None, cursor: str | None, limit: int
) -> PageRows:
    """Accounts that the administrator sees, newest first."""
    wanted = [visible_to(actor)]
    if name:
        wanted.append(names.like(_a.c.name, name))
    if role:
        wanted.append(_role_here(actor, _r.c.role == role))
    if cursor:
        wanted.append(before([_a.c.id], decode_cursor(cursor, int)))
    return page(_accounts(conn, actor, wanted, limit + 1), limit, ["id"])


def one_account(conn: Connection, actor: Actor, account_id: int) -> dict[str, Any]:
    """One account as the list shows it; `NotFound` out of sight."""
    found = _accounts(conn, actor, [_a.c.id == account_id, visible_to(actor)], 1)
    if not found:
        raise NotFound
    return found[0]


def _accounts(
    conn: Connection, actor: Actor, wanted: Sequence[ColumnElement[bool]], limit: int
) -> list[dict[str, Any]]:
    """With masked phones and the roles in the administrator's organization."""
    columns = ("id", "phone", "name", "disabled_at", "must_change_password", "second_factor_at", "created_at")
    rows = select(*(_a.c[c] for c in columns)).where(*wanted).order_by(_a.c.id.desc()).limit(limit)
    found = [dict(r) for r in conn.execute(rows).mappings()]
    held = conn.execute(
        select(_r.c.account_id, _r.c.role, _r.c.seat_id, _r.c.unit_id, _r.c.office_id, _r.c.ends_on)
        .where(
            _r.c.organization_id == actor.organization_id, _r.c.account_id.in_([row["id"] for row in found])
        )
        .order_by(_r.c.id)
    ).mappings()
    roles: dict[int, list[dict[str, Any]]] = {}
    for row in held:
        roles.setdefault(row["account_id"], []).append(
            {k: row[k] for k in ("role", "seat_id", "unit_id", "office_id", "ends_on")}
            | {"role_label": ROLE_LABELS[row["role"]]}
        )
    for account in found:
        account["phone"] = masked(account["phone"])
        account["second_factor"] = account.pop("second_factor_at") is not None
        account["roles"] = roles.get(account["id"], [])
    return found


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
