"""Accounts and their roles: the only writer of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session

from app.auth import queries, watch
from app.auth.accounts.concerned import tell, tell_everywhere
from app.auth.accounts.revocation import end_sessions
from app.auth.accounts.schemas import AccountIn, OneTimePasswordOut, RoleIn
from app.auth.actor import Actor
from app.auth.models import Account, AccountRole, RecoveryCode
from app.auth.passwords import hashing
from app.auth.permissions import APART, PAST, SEPARATE, Role
from app.auth.phones import e164
from app.core import clock
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.sql import table

_a, _r = table(Account), table(AccountRole)


@dataclass(frozen=True)
class Grant:
    """A role to be held in an organization, with the seat, unit or office it stands for, until a local day."""

    organization_id: int
    role: Role
    seat_id: int | None = None
    unit_id: int | None = None
    ends_on: date | None = None
    office_id: int | None = None


def create_account(
    db: Session,
    *,
    phone: str,
    name: str,
    organization_id: int,
    password: str | None = None,
    must_change: bool = True,
    by: Actor | None = None,
) -> Account:
    """An account without roles; without a `password` nobody can log in until one is set.

    `phone` as people write it; the administrators of `organization_id` look after it. `Conflict` when the phone has an
    account there, `Invalid` when it is no phone.
    """
    number = e164(phone)
    if db.scalar(select(_a.c.id).where(_a.c.phone == number, _a.c.organization_id == organization_id)):
        raise Conflict("这个手机号已有账号。", code="phone_taken")
    now = clock.now()
    account = Account(
        phone=number,
        name=name,
        organization_id=organization_id,
        password_hash=hashing.hash_password(password) if password else "",
        password_changed_at=now,
        must_change_password=must_change,
        created_at=now,
    )
    db.add(account)
    db.flush()
    tell(db, "account.created", _id(account), by, organization_id)
    if password:
        tell(db, "password.issued", _id(account), by, organization_id, way="account")
    return account


def open_account(db: Session, actor: Actor, new: AccountIn) -> OneTimePasswordOut:
    """A new account in the actor's organization, with the one-time password to hand over."""
    password = hashing.one_time_password()
    account = create_account(
        db,
        phone=new.phone,
        name=new.name,
        organization_id=actor.organization_id,
        password=password,
        by=actor,
    )
    return OneTimePasswordOut(account_id=_id(account), one_time_password=password)


def tell_read(db: Session, actor: Actor, accounts: list[dict[str, Any]]) -> None:
    """Accounts were read by an administrator: one entry for a request, with how many."""
    if accounts:
        subject = ("account", accounts[0]["id"]) if len(accounts) == 1 else None
        watch.tell(
            db,
            "account.read",
            account_id=actor.account_id,
            organization_id=actor.organization_id,
            address=actor.address,
            subject=subject,
            accounts=len(accounts),
        )


def grant_role_here(db: Session, actor: Actor, account_id: int, new: RoleIn) -> None:
    """Give a role in the actor's organization; `Invalid` without the seat or unit that it needs, or with others'.

    Staff with an office may do what that office may do; without one they may do everything of the secretariat.
    """
    if new.role in PAST:
        raise Invalid("届满和离任委员不用授予：席位结束后自动就是。", code="past_role")
    home = reach(db, account_id, actor)
    if new.role in SEPARATE and home != actor.organization_id:
        raise Conflict("管理员须由本组织开设的账号担任。", code="foreign_account")
    needs = {Role.MEMBER: (True, False), Role.UNIT_OFFICER: (False, True)}.get(new.role, (False, False))
    here = queries.belongs(db.connection(), actor.organization_id, seat_id=new.seat_id, unit_id=new.unit_id)
    if (new.seat_id is not None, new.unit_id is not None) != needs or not here:
        raise Invalid(
            "委员须指定本组织的席位，承办单位人员须指定本组织的单位，其他角色不用。", code="seat_or_unit"
        )
    _check_office(db, actor, new)
    grant = Grant(
        actor.organization_id, new.role, new.seat_id, new.unit_id, new.ends_on, office_id=new.office_id
    )
    grant_role(db, account_id, grant, by=actor)
    _check_office(db, actor, new)  # it may have been closed meanwhile


def _check_office(db: Session, actor: Actor, new: RoleIn) -> None:
    is_open = queries.belongs(db.connection(), actor.organization_id, office_id=new.office_id)
    if not is_open or (new.office_id is not None and new.role is not Role.SECRETARIAT):
        raise Invalid("科室只用于机关工作人员，须是本组织没有撤销的科室。", code="bad_office")


def grant_role(db: Session, account_id: int, grant: Grant, *, by: Actor | None = None) -> bool:
    """Give a role; False when the account holds it so already. Its sessions in that organization end.

    Staff without an office who are given one work in that office from now on, and the other way round.
    `Conflict` when the account would hold two roles that are kept apart (`APART`), anywhere.
    """
    held = list(_locked_roles(db, account_id))
    if any({grant.role, Role(h.role)} in APART for h in held):
        raise Conflict(
            "系统管理员、安全管理员、审计员不能互相兼任；系统管理员和审计员也不能兼任机关工作人员或主席会议成员。",
            code="separate_roles",
        )
    alike = [
        h
        for h in held
        if (h.organization_id, h.role, h.seat_id) == (grant.organization_id, grant.role, grant.seat_id)
    ]
    same = next((h for h in alike if h.office_id == grant.office_id), None)
    whole = grant.office_id is None  # everything, so that no office adds anything
    replaced = [h for h in alike if h is not same and (whole or h.office_id is None)]
    if same and not replaced and (same.unit_id, same.ends_on) == (grant.unit_id, grant.ends_on):
        return False
    for row in replaced:
        db.delete(row)
    if same:
        same.unit_id, same.ends_on = grant.unit_id, grant.ends_on
    else:
        db.add(
            AccountRole(
                account_id=account_id,
                organization_id=grant.organization_id,
                role=grant.role,
                seat_id=grant.seat_id,
                unit_id=grant.unit_id,
                office_id=grant.office_id,
                ends_on=grant.ends_on,
            )
        )
    db.flush()
    end_sessions(db, account_id, "role_changed", organization_id=grant.organization_id)
    office = {"office": grant.office_id} if grant.office_id else {}
    tell(db, "role.granted", account_id, by, grant.organization_id, role=grant.role, **office)
    return True


def revoke_role(
    db: Session,
    account_id: int,
    organization_id: int,
    role: Role,
    office_id: int | None = None,
    *,
    by: Actor | None = None,
) -> None:
    """Take a role away, all its seats and offices with it, or one office; the sessions in that organization end.

    `NotFound` when not held.
    """
    reach(db, account_id, by)
    units = sorted({h.unit_id for h in _locked_roles(db, account_id) if h.role == role and h.unit_id})
    mine = (_r.c.account_id == account_id) & (_r.c.organization_id == organization_id) & (_r.c.role == role)
    if office_id is not None:
        mine &= _r.c.office_id == office_id
    if not db.execute(delete(_r).where(mine)).rowcount:  # type: ignore[attr-defined]
        raise NotFound
    end_sessions(db, account_id, "role_changed", organization_id=organization_id)
    of: dict[str, Any] = {"office": office_id} if office_id else {}
    if units:
        of["units"] = units
    tell(db, "role.revoked", account_id, by, organization_id, role=role, **of)


def set_disabled(db: Session, account_id: int, *, disabled: bool, by: Actor | None = None) -> None:
    """Close or reopen an account; closing ends its sessions."""
    reach(db, account_id, by, whole=True)
    db.execute(update(_a).where(_a.c.id == account_id).values(disabled_at=clock.now() if disabled else None))
    if disabled:
        end_sessions(db, account_id, "disabled")
    tell_everywhere(db, "account.disabled" if disabled else "account.enabled", account_id, by)


def reset_password(db: Session, account_id: int, *, by: Actor | None = None) -> str:
    """Set and return a one-time password that must be changed at once; the account's sessions end.

    Through the API no administrator gets into the account of another kind of administrator this way.
    """
    reach(db, account_id, by, whole=True)
    if by and any(Role(h.role) in SEPARATE for h in _locked_roles(db, account_id)):
        raise Forbidden("管理员账号的密码只能在服务器上重置。", code="administrator")
    password = hashing.one_time_password()
    db.execute(
        update(_a)
        .where(_a.c.id == account_id)
        .values(
            password_hash=hashing.hash_password(password),
            password_changed_at=clock.now(),
            must_change_password=True,
        )
    )
    end_sessions(db, account_id, "password_reset")
    tell_everywhere(db, "password.reset", account_id, by)
    return password


def reset_lost(db: Session, phone: str, organization_id: int | None, *, second_factor: bool) -> str:
    """At the shell: a one-time password for the account of a phone, on demand without its `second_factor`."""
    found = [
        account
        for account in queries.accounts_by_phone(db.connection(), e164(phone))
        if organization_id in {None, account.organization_id}
    ]
    if not found:
        raise NotFound("没有这个手机号的账号。", code="no_account")
    if len(found) > 1:
        raise Invalid(
            "这个手机号在几个组织都有账号，请用 --organization 指明组织。", code="which_organization"
        )
    account = found[0]
    if second_factor:
        remove_second_factor(db, account.id)
    return reset_password(db, account.id)


def remove_second_factor(db: Session, account_id: int, *, by: Actor | None = None) -> None:
    """Forget a lost second factor and its recovery codes; the account's sessions end."""
    reach(db, account_id, by, whole=True)
    forget_second_factor(db, account_id)
    end_sessions(db, account_id, "second_factor_removed")
    tell_everywhere(db, "second_factor.removed", account_id, by)


def forget_second_factor(db: Session, account_id: int) -> None:
    """Clear what belongs to a second factor; the step stays, so that no code is good twice."""
    codes = table(RecoveryCode)
    db.execute(update(_a).where(_a.c.id == account_id).values(second_factor_seed=None, second_factor_at=None))
    db.execute(delete(codes).where(codes.c.account_id == account_id))


def _locked_roles(db: Session, account_id: int) -> list[AccountRole]:
    """The roles of an account, which nobody else changes until the commit; `NotFound` without the account."""
    if db.scalar(select(_a.c.id).where(_a.c.id == account_id).with_for_update(key_share=True)) is None:
        raise NotFound
    return list(db.scalars(select(AccountRole).where(_r.c.account_id == account_id)))


def reach(db: Session, account_id: int, by: Actor | None, *, whole: bool = False) -> int:
    """The organization that opened an account, if an administrator may act on it.

    Only administrators of that one open or close the account as a `whole`; others, where it holds roles too, have no
    say in that. `NotFound` out of sight, `Forbidden` on oneself, `Conflict` for the whole of an account of others.
    """
    home: int = queries.account(db.connection(), account_id).organization_id
    if by is None:
        return home
    queries.require_account(db.connection(), by, account_id)
    if by.account_id == account_id:
        raise Forbidden("不能对自己的账号进行此操作。", code="own_account")
    if whole and home != by.organization_id:
        raise Conflict(
            "该账号由其他组织开设，由那里的管理员维护；本组织可以收回它在本组织的角色。",
            code="shared_account",
        )
    return home


def _id(account: Account) -> int:
    assert account.id is not None  # noqa: S101 - flushed
    return account.id
