"""The roles that accounts hold today, as sessions and notices ask for them: one statement each."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Date, bindparam, column, literal, select
from sqlalchemy import table as named

from app.auth.models import Account, AccountRole, LoginSession
from app.auth.roles.past_members import NEXT_TERM, role_after, term, tomorrow
from app.core import clock
from app.core.hot.prepared import Prepared
from app.core.sql import Json, table

_s, _a, _r = table(LoginSession), table(Account), table(AccountRole)
# The package `people` stands above this one: its tables are named here, not imported.
_organization = named("organization", column("id"), column("timezone"), column("settings", Json))
_seat = named("seat", column("id"), column("term_id"), column("starts_on", Date))
_office = named("office", column("id"), column("areas", Json), column("committee_id"))

_OF_ROLE = (
    _a.c.name,
    _a.c.must_change_password,
    _a.c.password_changed_at,
    _a.c.second_factor_at,
    _a.c.consent_version,
    _r.c.role,
    _r.c.seat_id,
    _r.c.unit_id,
    _r.c.ends_on,
    _seat.c.starts_on,
    NEXT_TERM,
    _organization.c.timezone,
    _organization.c.settings,
    _office.c.areas,
    _office.c.committee_id,
)
_LIVE = Prepared(
    select(_s.c.id, _s.c.account_id, _s.c.organization_id, *_OF_ROLE)
    .join(_a, _a.c.id == _s.c.account_id)
    .join(_r, (_r.c.account_id == _a.c.id) & (_r.c.organization_id == _s.c.organization_id))
    .join(_organization, _organization.c.id == _s.c.organization_id)
    .outerjoin(_seat, _seat.c.id == _r.c.seat_id)
    .outerjoin(term, term.c.id == _seat.c.term_id)
    .outerjoin(_office, _office.c.id == _r.c.office_id)
    .where(
        _s.c.id.in_(bindparam("session_ids", expanding=True)),
        _s.c.revoked_at.is_(None),
        _s.c.expires_at > bindparam("now"),
        _a.c.disabled_at.is_(None),
    )
)

#: As `_LIVE`, of accounts that need not be signed in: their session is 0.
_HOLDERS = Prepared(
    select(literal(0).label("id"), _r.c.account_id, _r.c.organization_id, *_OF_ROLE)
    .select_from(_r)
    .join(_a, _a.c.id == _r.c.account_id)
    .join(_organization, _organization.c.id == _r.c.organization_id)
    .outerjoin(_seat, _seat.c.id == _r.c.seat_id)
    .outerjoin(term, term.c.id == _seat.c.term_id)
    .outerjoin(_office, _office.c.id == _r.c.office_id)
    .where(
        _r.c.account_id.in_(bindparam("account_ids", expanding=True)),
        _r.c.organization_id == bindparam("organization_id"),
        _a.c.disabled_at.is_(None),
    )
)


@dataclass(frozen=True, slots=True)
class RoleInForce:
    """One role of a session's account; `areas` and `committee_id` are those of its office, where it has one."""

    session_id: int
    account_id: int
    organization_id: int
    name: str
    must_change_password: bool
    password_changed_at: datetime
    second_factor_at: datetime | None
    consent_version: int
    role: str
    seat_id: int | None
    unit_id: int | None
    ends_on: date | None
    seat_from: date | None
    next_term: date | None
    zone: str
    settings: dict[str, Any]
    areas: list[str] | None
    committee_id: int | None


def of_sessions(conn: Connection, session_ids: Collection[int]) -> dict[int, list[RoleInForce]]:
    """The roles held today in live sessions, in one statement; a session of which anything is over is left out."""
    now = clock.now()
    rows = _LIVE.tuples(conn, session_ids=list(session_ids), now=now, tomorrow=tomorrow())
    return _by("session_id", (RoleInForce(*row) for row in rows))


def of_accounts(
    conn: Connection, organization_id: int, account_ids: Collection[int]
) -> dict[int, list[RoleInForce]]:
    """The roles that some accounts hold today in an organization, or held as members, signed in or not."""
    rows = _HOLDERS.tuples(
        conn, organization_id=organization_id, account_ids=list(account_ids), tomorrow=tomorrow()
    )
    return _by("account_id", (RoleInForce(*row) for row in rows))


def _by(
    key: Literal["session_id", "account_id"], roles: Iterable[RoleInForce]
) -> dict[int, list[RoleInForce]]:
    """The roles that are held today, by session or account; a member's that ended is that of a past member."""
    now, held = clock.now(), dict[int, list[RoleInForce]]()
    for role in roles:
        if role.ends_on is not None and role.ends_on < (today := clock.local_day(now, role.zone)):
            past = role_after(role.role, role.next_term, today)
            if past is None:
                continue
            role = replace(role, role=past)  # noqa: PLW2901 - the role that it is today
        held.setdefault(getattr(role, key), []).append(role)
    return held
