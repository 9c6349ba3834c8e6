"""Signing in: lock-out, password, second factor, session.

What a refusal writes (a counter, an entry in the log) must outlive the refusal. So these verbs take the database
and commit by themselves; passwords are hashed outside of their transactions.
"""

from typing import Any

from sqlalchemy import Row, update
from sqlmodel import Session

from app.auth import queries
from app.auth.accounts.revocation import end_sessions
from app.auth.accounts.service import forget_second_factor
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.passwords import hashing
from app.auth.phones import e164, national
from app.auth.sessions import attempts, devices, second_factor
from app.auth.sessions.attempts import Guesser
from app.auth.sessions.entrance import Entrance, charged, committed, disabled, tell, tell_failed, verified
from app.auth.sessions.links import absorb
from app.auth.sessions.service import Opened, open_session
from app.core import clock
from app.core.errors import AppError, Conflict, Forbidden, Invalid, Unauthenticated
from app.core.sql import table

_a = table(Account)


def login(at: Entrance, phone: str, password: str, code: str | None) -> Opened:
    """Open a session.

    `Unauthenticated` (`wrong_login` whether or not the phone is known, `second_factor_needed`,
    `wrong_second_factor`), `TooMany`, `Forbidden` for a disabled account or one without a role.
    """
    number = e164(phone)
    with at.database.read.connect() as conn:
        known = queries.accounts_by_phone(conn, number)
        sessions = {row.id: devices.known(conn, at.tokens, at.cookies, row) for row in known}
    who, account = attempts.stranger(number, at.address), None
    if own := next((row for row in known if sessions[row.id]), None):  # a device is known to one account
        who = attempts.known(sessions[own.id] or 0)
        account = verified(at, who, [own], password)
    if account is None and (own is None or len(known) > 1):
        who = attempts.stranger(number, at.address)
        account = verified(at, who, [row for row in known if row is not own], password)
    if account is None:
        raise Unauthenticated("手机号或密码不正确。", code="wrong_login")
    outdated = hashing.is_outdated(account.password_hash, at.config)
    better = hashing.hash_password(password, at.config) if outdated else account.password_hash

    def step(db: Session) -> Opened | AppError:
        organizations = queries.organizations_of(db.connection(), account.id)
        refusal = disabled(db, account) or _no_role(organizations) or _wrong_code(at, db, account, code)
        if refusal:
            if refusal.code != "wrong_second_factor":
                attempts.give_back(db, who)
            tell_failed(at, db, account, reason=refusal.code)
            return refusal
        # wrong guesses at other accounts of the phone are not forgotten for a right one at this
        (attempts.settle if len(known) == 1 else attempts.give_back)(db, who)
        db.execute(update(_a).where(_a.c.id == account.id).values(password_hash=better))
        last = queries.last_organization(db.connection(), account.id)
        organization_id = last if last in organizations else min(organizations)
        opened = open_session(db, at.config, account.id, organization_id, at.address, at.device)
        tell(at, db, "login", account.id, organization_id, session=opened.session_id)
        return opened

    return committed(at, step)


def change_password(at: Entrance, actor: Actor, current: str, new: str) -> None:
    """Set a new password; every other session of the account ends.

    `Invalid` when the current one is wrong or the new one is refused, `TooMany` after wrong ones.
    """
    account = confirm_owner(at, actor, current)
    if new == current:
        raise Invalid("新密码不能与当前密码相同。", code="password_same")
    with at.database.read.connect() as conn:
        owner = queries.owner_of(conn, account)
        rules = queries.password_rules(conn, account.id, at.config)
    hashing.check_strength(new, rules, owner)
    fresh = hashing.hash_password(new, at.config)

    def step(db: Session) -> AppError | None:
        if refusal := disabled(db, account):
            return refusal
        values = {"password_hash": fresh, "password_changed_at": clock.now(), "must_change_password": False}
        db.execute(update(_a).where(_a.c.id == account.id).values(values))
        ended = end_sessions(db, account.id, "password_changed", except_session=actor.session_id)
        tell(at, db, "password.changed", account.id, actor.organization_id, ended=ended)
        return None

    committed(at, step)


def begin_second_factor(at: Entrance, actor: Actor, password: str) -> dict[str, str]:
    """A new secret for the actor's authenticator app, in force once a code confirms it.

    `Invalid` when the password is wrong, `Conflict` when there is a second factor or the server wants none.
    """
    account = confirm_owner(at, actor, password)
    secret = second_factor.new_secret()
    kept = second_factor.sealed(at.tokens, account.id, secret)

    def step(db: Session) -> AppError | None:
        if at.config.staff_second_factor == "off":
            return Conflict("本站未启用动态验证码。", code="second_factor_off", state="off")
        free = (_a.c.id == account.id) & _a.c.second_factor_at.is_(None)
        if not db.execute(update(_a).where(free).values(second_factor_seed=kept)).rowcount:  # type: ignore[attr-defined]
            return Conflict("已经绑定了动态验证码。", code="second_factor_on", state="on")
        return None

    committed(at, step)
    label = national(account.phone)[-4:]
    return {"secret": second_factor.as_text(secret), "uri": second_factor.uri(secret, label)}


def confirm_second_factor(at: Entrance, actor: Actor, code: str) -> list[str]:
    """Put the second factor in force by a first code; the recovery codes, to be shown once.

    `Invalid` for a wrong code, `Conflict` when none was begun, `TooMany` after wrong codes.
    """
    with at.database.read.connect() as conn:
        account = queries.account(conn, actor.account_id)
    who = attempts.known(actor.session_id)
    charged(at, who)

    def step(db: Session) -> list[str] | AppError:
        seed = account.second_factor_seed
        if seed is None or account.second_factor_at:
            attempts.give_back(db, who)
            return Conflict("没有待确认的动态验证码。", code="second_factor_not_begun", state="none")
        if not second_factor.accept(db, at.tokens, account.id, seed, code):
            return Invalid("动态验证码不正确。", code="wrong_second_factor")
        attempts.settle(db, who)
        mine = (_a.c.id == account.id) & (_a.c.second_factor_seed == seed)
        db.execute(update(_a).where(mine).values(second_factor_at=clock.now()))
        tell(at, db, "second_factor.confirmed", account.id, actor.organization_id)
        return second_factor.new_recovery_codes(db, account.id)

    return committed(at, step)


def drop_second_factor(at: Entrance, actor: Actor, password: str) -> None:
    """Take the actor's own second factor out of force; `Invalid` when the password is wrong."""
    account = confirm_owner(at, actor, password)

    def step(db: Session) -> None:
        forget_second_factor(db, account.id)
        tell(at, db, "second_factor.removed", account.id, actor.organization_id)

    committed(at, step)


def link(at: Entrance, actor: Actor, password: str) -> None:
    """Make the account that another organization opened for the actor's phone, with this password, the actor's own.

    `Invalid` for any other password, whether or not there is such an account; `Conflict` where one cannot go
    (links.py); `TooMany` after wrong ones.
    """
    with at.database.read.connect() as conn:
        mine = queries.account(conn, actor.account_id)
        others = [a for a in queries.accounts_by_phone(conn, mine.phone) if a.id != mine.id]
    who = Guesser(f"link:{mine.phone}", attempts.of_address(at.address))  # a new session is no new start
    other = verified(at, who, others, password, by=mine)
    if other is None:
        raise Invalid("没有用这个初始密码开设的其他账号，请核对后再试。", code="wrong_password")

    def step(db: Session) -> AppError | None:
        if refusal := disabled(db, other) or absorb(db, mine.id, other.id):
            return refusal
        attempts.give_back(db, who)
        for organization_id in {other.organization_id, mine.organization_id}:
            tell(at, db, "account.linked", mine.id, organization_id, subject=("account", other.id))
        return None

    committed(at, step)


def confirm_owner(at: Entrance, actor: Actor, password: str) -> Row[Any]:
    """The actor's account if the password is its own; only a wrong one is counted, and by session."""
    with at.database.read.connect() as conn:
        known = queries.account(conn, actor.account_id)
    who = attempts.known(actor.session_id)
    account = verified(at, who, [known], password)
    if account is None:
        raise Invalid("当前密码不正确。", code="wrong_password")
    with at.database.transaction() as db:
        attempts.give_back(db, who)
    return account


def _no_role(organizations: set[int]) -> AppError | None:
    return None if organizations else Forbidden("该账号尚未分配角色，请联系管理员。", code="no_role")


def _wrong_code(at: Entrance, db: Session, account: Row[Any], code: str | None) -> AppError | None:
    if account.second_factor_at is None or at.config.staff_second_factor == "off":
        return None
    if code is None:
        return Unauthenticated("请输入动态验证码。", code="second_factor_needed")
    if second_factor.accept(db, at.tokens, account.id, account.second_factor_seed, code):
        second_factor.seal_old(db, at.tokens, account.id, account.second_factor_seed)
        return None
    return Unauthenticated("动态验证码不正确。", code="wrong_second_factor")
