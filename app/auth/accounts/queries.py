"""Accounts as their administrators read them: by name, role, unit, closed and locked ones."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from app.auth.accounts.schemas import AccountFilters
from app.auth.actor import Actor
from app.auth.models import Account, AccountRole, LoginAttempt
from app.auth.permissions import ROLE_LABELS
from app.auth.phones import masked
from app.auth.queries import role_here, visible_to
from app.core import clock
from app.core.errors import NotFound
from app.core.language import names
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table

_a, _r, _t = table(Account), table(AccountRole), table(LoginAttempt)


def page_of_accounts(
    conn: Connection, actor: Actor, filters: AccountFilters, cursor: str | None, limit: int
) -> PageRows:
    """Accounts that the administrator sees, newest first."""
    conditions = [visible_to(actor)]
    if filters.name:
        conditions.append(names.like(_a.c.name, filters.name))
    if filters.role:
        conditions.append(role_here(actor, _r.c.role == filters.role))
    if filters.unit_id:
        conditions.append(role_here(actor, _r.c.unit_id == filters.unit_id))
    if filters.disabled is not None:
        conditions.append(_a.c.disabled_at.is_not(None) if filters.disabled else _a.c.disabled_at.is_(None))
    if filters.locked is not None:
        conditions.append(_locked().is_not(None) if filters.locked else _locked().is_(None))
    if cursor:
        conditions.append(before([_a.c.id], decode_cursor(cursor, int)))
    return page(_accounts(conn, actor, conditions, limit + 1), limit, ["id"])


def one_account(conn: Connection, actor: Actor, account_id: int) -> dict[str, Any]:
    """One account as the list shows it; `NotFound` out of sight."""
    accounts = _accounts(conn, actor, [_a.c.id == account_id, visible_to(actor)], 1)
    if not accounts:
        raise NotFound
    return accounts[0]


def _locked() -> ColumnElement[Any]:
    """Until when strangers are locked out of an account's phone; null when they are not."""
    lock = (_t.c.key == "phone:" + _a.c.phone) & (_t.c.locked_until > clock.now())
    return select(_t.c.locked_until).where(lock).scalar_subquery()


def _accounts(
    conn: Connection, actor: Actor, conditions: Sequence[ColumnElement[bool]], limit: int
) -> list[dict[str, Any]]:
    """With masked phones and the roles in the administrator's organization."""
    columns = ("id", "phone", "name", "disabled_at", "must_change_password", "second_factor_at", "created_at")
    shown = (*(_a.c[c] for c in columns), _locked().label("locked_until"))
    rows = select(*shown).where(*conditions).order_by(_a.c.id.desc()).limit(limit)
    accounts = [dict(r) for r in conn.execute(rows).mappings()]
    granted = conn.execute(
        select(_r.c.account_id, _r.c.role, _r.c.seat_id, _r.c.unit_id, _r.c.office_id, _r.c.ends_on)
        .where(
            _r.c.organization_id == actor.organization_id,
            _r.c.account_id.in_([row["id"] for row in accounts]),
        )
        .order_by(_r.c.id)
    ).mappings()
    roles: dict[int, list[dict[str, Any]]] = {}
    for row in granted:
        roles.setdefault(row["account_id"], []).append(
            {k: row[k] for k in ("role", "seat_id", "unit_id", "office_id", "ends_on")}
            | {"role_label": ROLE_LABELS[row["role"]]}
        )
    for account in accounts:
        account["phone"] = masked(account["phone"])
        account["second_factor"] = account.pop("second_factor_at") is not None
        account["roles"] = roles.get(account["id"], [])
    return accounts
