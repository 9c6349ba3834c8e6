"""The actor of a request, and `allow(…)`: the permission in a handler's signature."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request
from sqlalchemy import Connection, select

from app.auth.models import Account, AccountRole, LoginSession
from app.auth.permissions import GRANTS, STAFF, Permission, Role
from app.auth.tokens import Tokens
from app.core import clock
from app.core.config import Settings, settings
from app.core.errors import Forbidden, Unauthenticated
from app.core.sql import table

ACCESS_COOKIE = "lvyi_access"
REFRESH_COOKIE = "lvyi_refresh"


@dataclass(frozen=True)
class Actor:
    """Who asks: an account in one organization, with its live roles.

    `due` is the code of what it must do before anything else, `address` where the request comes from.
    """

    account_id: int
    session_id: int
    organization_id: int
    name: str
    roles: frozenset[Role]
    permissions: frozenset[Permission]
    seat_id: int | None = None
    unit_id: int | None = None
    due: str | None = None
    address: str = ""

    @property
    def is_staff(self) -> bool:
        """Whether the actor works for the secretariat."""
        return Role.SECRETARIAT in self.roles

    def may(self, permission: Permission) -> bool:
        """Whether any of the actor's roles holds `permission`."""
        return permission in self.permissions

    @property
    def own_seat(self) -> int:
        """The actor's seat; `Forbidden` for those who have none."""
        if self.seat_id is None:
            raise Forbidden("只有委员可以进行此操作。", code="members_only")
        return self.seat_id


def actor_of(conn: Connection, session_id: int, config: Settings | None = None, address: str = "") -> Actor:
    """The actor of a live session, in one statement; `Unauthenticated` when anything of it is over."""
    s, a, r = table(LoginSession), table(Account), table(AccountRole)
    now = clock.now()
    rows = conn.execute(
        select(
            s.c.account_id,
            s.c.organization_id,
            a.c.name,
            a.c.must_change_password,
            a.c.password_changed_at,
            a.c.second_factor_at,
            r.c.role,
            r.c.seat_id,
            r.c.unit_id,
            r.c.ends_on,
        )
        .join(a, a.c.id == s.c.account_id)
        .join(r, (r.c.account_id == a.c.id) & (r.c.organization_id == s.c.organization_id))
        .where(
            s.c.id == session_id,
            s.c.revoked_at.is_(None),
            s.c.expires_at > now,
            a.c.disabled_at.is_(None),
        )
    ).all()
    today = clock.local_day(now)
    live = [row for row in rows if row.ends_on is None or row.ends_on >= today]
    if not live:
        raise Unauthenticated("登录已失效,请重新登录。", code="session_over")
    roles = frozenset(Role(row.role) for row in live)
    return Actor(
        account_id=live[0].account_id,
        session_id=session_id,
        organization_id=live[0].organization_id,
        name=live[0].name,
        roles=roles,
        permissions=frozenset().union(*(GRANTS[role] for role in roles)),
        seat_id=next((row.seat_id for row in live if row.seat_id), None),
        unit_id=next((row.unit_id for row in live if row.unit_id), None),
        due=_due(live[0], roles, config or settings()),
        address=address,
    )


_DUE = {
    "password_change_required": "请先修改密码。",
    "second_factor_required": "请先绑定动态验证码。",
}


def _due(account: Any, roles: frozenset[Role], config: Settings) -> str | None:
    days = config.password_max_age_days
    expired = days and account.password_changed_at < clock.now() - timedelta(days=days)
    if account.must_change_password or expired:
        return "password_change_required"
    if config.staff_second_factor == "required" and roles & STAFF and account.second_factor_at is None:
        return "second_factor_required"
    return None


def _token(request: Request) -> str:
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and bearer:
        return bearer.strip()
    if cookie := request.cookies.get(ACCESS_COOKIE):
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            same_origin(request)
        return cookie
    raise Unauthenticated


def same_origin(request: Request) -> None:
    """Unsafe methods by cookie must come from our own pages."""
    config: Settings = request.app.state.settings
    origin = request.headers.get("origin", "")
    ours = origin and urlsplit(origin).netloc == request.headers.get("host")
    if not ours and origin not in config.trusted_origins:
        raise Forbidden("请求来源不正确,请从本站页面操作。", code="bad_origin")


def address_of(request: Request) -> str:
    """The client's address as the server saw it; whether a proxy's header counts is decided there, not here."""
    return request.client.host if request.client else ""


def _actor(request: Request) -> Actor:
    tokens: Tokens = request.app.state.tokens
    claims = tokens.verify(_token(request))
    with request.app.state.database.read.connect() as conn:
        actor = actor_of(conn, claims.session_id, request.app.state.settings, address_of(request))
    if actor.account_id != claims.account_id:
        raise Unauthenticated(code="bad_token")
    return actor


def _check(permission: Permission) -> Callable[[Request], Actor]:
    def allowed(request: Request) -> Actor:
        actor = _actor(request)
        if actor.due and permission is not Permission.SIGN_IN:
            raise Forbidden(_DUE[actor.due], code=actor.due)
        if permission not in actor.permissions:
            denied(request, actor, permission)
            raise Forbidden
        return actor

    allowed.permission = permission  # type: ignore[attr-defined]
    return allowed


#: Told of every denial; the audit log listens.
denials: list[Callable[[Request, Actor, Permission], None]] = []


def denied(request: Request, actor: Actor, permission: Permission) -> None:
    """Tell the listeners that `actor` lacked `permission`."""
    for listen in denials:
        listen(request, actor, permission)


_checks: dict[Permission, Callable[[Request], Actor]] = {p: _check(p) for p in Permission}


def allow(permission: Permission) -> Callable[[Request], Actor]:
    """The dependency that gives the actor if it holds `permission`: 401 without a session, 403 without the right."""
    return _checks[permission]


def permission_of(call: object) -> Permission | None:
    """The permission that a dependency made by `allow` asks for; for the test that walks all routes."""
    found: Permission | None = getattr(call, "permission", None)
    return found


#: Error statuses that every route with an actor may answer.
DENIED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)

AnyActor = Annotated[Actor, Depends(allow(Permission.ACCOUNT_SELF))]
CircleReader = Annotated[Actor, Depends(allow(Permission.CIRCLE_READ))]
