"""Linking: two organizations opened accounts for one phone; their owner, who knows both passwords, makes them one."""

from sqlalchemy import delete, select, update
from sqlmodel import Session, SQLModel

from app.auth.models import Account, AccountRole, LoginSession
from app.auth.permissions import APART, SEPARATE
from app.core.errors import AppError, Conflict
from app.core.sql import table

_a, _r, _s = table(Account), table(AccountRole), table(LoginSession)


def absorb(db: Session, into: int, other: int) -> AppError | None:
    """Let the account `into` be all that `other` is; `other` goes. Returns why not.

    One that was logged in to has a life of its own (drafts, sessions, replies) and stays; an administrator's stays with
    the organization that opened it.
    """
    ids = sorted((into, other))
    db.execute(select(_a.c.id).where(_a.c.id.in_(ids)).order_by(_a.c.id).with_for_update())
    roles = set(db.scalars(select(_r.c.role).where(_r.c.account_id == other)))
    both = roles | set(db.scalars(select(_r.c.role).where(_r.c.account_id == into)))
    if roles & SEPARATE or any(pair <= both for pair in APART):
        return Conflict("管理员账号不能与其他账号合并。", code="separate_roles")
    is_new = select(_a.c.must_change_password).where(_a.c.id == other)  # sessions are forgotten after a time
    if not db.scalar(is_new) or db.scalar(select(_s.c.id).where(_s.c.account_id == other).limit(1)):
        return Conflict("那个账号已经单独登录过，请继续用它自己的密码登录。", code="account_used")
    for of in SQLModel.metadata.sorted_tables:
        for key in of.foreign_keys:
            if key.column is _a.c.id:
                db.execute(update(of).where(key.parent == other).values({key.parent.name: into}))
    db.execute(delete(_a).where(_a.c.id == other))
    return None
