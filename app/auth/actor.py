"""The actor of a request, and `allow(…)`: the permission in a handler's signature."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from http import HTTPStatus
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from anyio import to_thread
from fastapi import Depends, Request
from sqlalchemy import Connection

from app.auth.areas import granted
from app.auth.passwords.settings import PasswordRules
from app.auth.permissions import GRANTS, PAST, STAFF, STAFF_BASE, Permission, Role
from app.auth.roles import held as role_held
from app.auth.roles.held import RoleInForce
from app.core import clock
from app.core.config import Settings, settings
from app.core.database.request_threads import commits
from app.core.errors import Forbidden, Unauthenticated

ACCESS_COOKIE = "lvyi_access"
REFRESH_COOKIE = "lvyi_refresh"
#: Of the privacy notice (app/privacy/notice/text.py) at present: members who agreed to an earlier one are asked again.
NOTICE_VERSION = 1


@dataclass(frozen=True)
class Actor:
    """Who asks: an account in one organization, with its live roles.

    It acts for `seat_id`; `seat_ids` are all that it holds or held there, `last_seat_id` is the present one, else the
    last. `due` is the code of what it must do before anything else, `address` where the request comes from, `zone` the
    time zone of the organization. The `limited` of its permissions hold for its `committees` alone: what one of these
    is host of is asked in app/people/offices/scope.py.
    """

    account_id: int
    session_id: int
    organization_id: int
    name: str
    roles: frozenset[Role]
    permissions: frozenset[Permission]
    seat_id: int | None = None
    seat_ids: frozenset[int] = frozenset()
    last_seat_id: int | None = None
    unit_id: int | None = None
    due: str | None = None
    address: str = ""
    zone: str = clock.SHANGHAI
    limited: frozenset[Permission] = frozenset()
    committees: frozenset[int] = frozenset()

    def may(self, permission: Permission) -> bool:
        """Whether any of the actor's roles holds `permission`."""
        return permission in self.permissions

    def outside(self) -> "Actor":
        """The actor where nothing of its committees is concerned: without what it may do for these alone."""
        if not self.limited:
            return self
        return replace(self, permissions=self.permissions - self.limited, limited=frozenset())

    @property
    def today(self) -> date:
        """The local day of the organization."""
        return clock.local_day(clock.now(), self.zone)

    @property
    def own_seat(self) -> int:
        """The actor's seat; `Forbidden` for those who have none."""
        if self.seat_id is None:
            raise Forbidden("只有委员可以进行此操作。", code="members_only")
        return self.seat_id

    @property
    def shown_seat(self) -> int:
        """The seat whose things are the actor's own to read, also after its end; `Forbidden` for who never had one."""
        if self.last_seat_id is None:
            raise Forbidden("只有委员可以进行此操作。", code="members_only")
        return self.last_seat_id


def _actor(held: list[RoleInForce] | None, config: Settings, address: str) -> Actor:
    if not held:
        raise Unauthenticated("登录已失效，请重新登录。", code="session_over")
    first, roles = held[0], _roles(held)
    everywhere, limited = _permissions(
        frozenset((one.role, one.committee_id is not None, _areas(one)) for one in held if one.role in roles)
    )
    seat_id = _present_seat([one for one in held if one.role == Role.MEMBER])
    return Actor(
        account_id=first.account_id,
        session_id=first.session_id,
        organization_id=first.organization_id,
        name=first.name,
        roles=roles,
        permissions=everywhere | limited,
        seat_id=seat_id,
        seat_ids=frozenset(one.seat_id for one in held if one.seat_id),
        last_seat_id=seat_id or _present_seat(held),
        unit_id=next((one.unit_id for one in held if one.unit_id), None),
        due=_due(first, roles, config),
        address=address,
        zone=first.zone,
        limited=limited,
        committees=frozenset(one.committee_id for one in held if one.committee_id is not None),
    )


def _roles(held: list[RoleInForce]) -> frozenset[Role]:
    """Who is a member is no past one, who is outgoing no former one."""
    roles = frozenset(Role(one.role) for one in held)
    if Role.MEMBER in roles:
        return roles - PAST
    return roles - {Role.FORMER_MEMBER} if Role.OUTGOING_MEMBER in roles else roles


def _areas(held: RoleInForce) -> tuple[str, ...] | None:
    return None if held.areas is None else tuple(held.areas)


def _present_seat(held: list[RoleInForce]) -> int | None:
    """Of several seats the one that began last; one that has not begun only where there is no other."""
    seats = [(one.seat_from, one.seat_id) for one in held if one.seat_from]
    if len(seats) > 1:
        today = clock.local_day(clock.now(), held[0].zone)
        seats = [seat for seat in seats if seat[0] <= today] or seats
    return max(seats, default=(None, None))[1]


@lru_cache(10_000)
def _permissions(
    held: frozenset[tuple[str, bool, tuple[str, ...] | None]],
) -> tuple[frozenset[Permission], frozenset[Permission]]:
    """What roles allow everywhere, and what for a committee alone: each a role, whether so limited, and its areas."""
    grants = {False: set[Permission](), True: set[Permission]()}
    for role, for_committee, areas in held:
        grants[for_committee] |= GRANTS[Role(role)] if areas is None else granted(areas)
    everywhere = grants[False] | (STAFF_BASE & grants[True])
    return frozenset(everywhere), frozenset(grants[True] - everywhere)


def actor_of(conn: Connection, session_id: int, config: Settings | None = None, address: str = "") -> Actor:
    """The actor of a live session; `Unauthenticated` when anything of it is over."""
    return _actor(role_held.of_sessions(conn, [session_id]).get(session_id), config or settings(), address)


def actors_of(conn: Connection, session_ids: Collection[int]) -> dict[int, Actor]:
    """The actors of those of some sessions that live, by session."""
    config = settings()
    return {
        session_id: _actor(held, config, "")
        for session_id, held in role_held.of_sessions(conn, session_ids).items()
    }


def holders(conn: Connection, organization_id: int, account_ids: Collection[int]) -> dict[int, Actor]:
    """Those of some accounts that hold a role in an organization today, or were members, as the actors there."""
    config = settings()
    held = role_held.of_accounts(conn, organization_id, account_ids)
    return {account_id: _actor(roles, config, "") for account_id, roles in held.items()}


_DUE = {
    "password_change_required": "请先修改密码。",
    "second_factor_required": "请先绑定动态验证码。",
    "consent_required": "请先阅读并同意隐私告知。",
}


def _due(account: RoleInForce, roles: frozenset[Role], config: Settings) -> str | None:
    days = PasswordRules.age(account.settings, config)
    expired = days and account.password_changed_at < clock.now() - timedelta(days=days)
    if account.must_change_password or expired:
        return "password_change_required"
    if config.staff_second_factor == "required" and roles & STAFF and account.second_factor_at is None:
        return "second_factor_required"
    if roles & {Role.MEMBER, *PAST} and account.consent_version < NOTICE_VERSION:
        return "consent_required"
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
    """Unsafe methods by cookie must come from our own pages, by the same scheme."""
    config: Settings = request.app.state.settings
    asked = f"{request.scope['scheme']}://{request.headers.get('host', '')}"
    ours = {asked, _origin(config.public_url), *config.trusted_origins}
    if request.headers.get("origin", "") not in ours:
        raise Forbidden("请求来源不正确，请从本站页面操作。", code="bad_origin")


@cache
def _origin(url: str) -> str:
    return "://".join(urlsplit(url)[:2]).lower()


def address_of(request: Request) -> str:
    """The client's address as the server saw it; whether a proxy's header counts is decided there, not here."""
    return _address(request.client.host) if request.client else ""


@lru_cache(10_000)
def _address(host: str) -> str:
    try:
        return str(ip_address(host))
    except ValueError:  # a proxy passed on what a client made up
        return ""


async def _asking(request: Request) -> Actor:
    state = request.app.state
    claims = state.tokens.verify(_token(request))
    held = await state.database.look_up(role_held.of_sessions, claims.session_id)
    actor = _actor(held, state.settings, address_of(request))
    if actor.account_id != claims.account_id:
        raise Unauthenticated(code="bad_token")
    return actor


def _check(permission: Permission) -> Callable[[Request], Awaitable[Actor]]:
    async def allowed(request: Request) -> Actor:
        actor = await _asking(request)
        if actor.due and permission is not Permission.SIGN_IN:
            raise Forbidden(_DUE[actor.due], code=actor.due)
        if permission not in actor.permissions:
            await to_thread.run_sync(denied, request, actor, permission, limiter=commits)
            ended = actor.roles & PAST and permission in GRANTS[Role.MEMBER]
            raise Forbidden("您的委员任期已经结束，可以查阅自己的内容，不能再进行此操作。" if ended else None)
        return actor

    allowed.permission = permission  # type: ignore[attr-defined]
    return allowed


#: Told of every denial; the audit log listens.
denials: list[Callable[[Request, Actor, Permission], None]] = []


def denied(request: Request, actor: Actor, permission: Permission) -> None:
    """Tell the listeners that `actor` lacked `permission`."""
    for listen in denials:
        listen(request, actor, permission)


_checks: dict[Permission, Callable[[Request], Awaitable[Actor]]] = {p: _check(p) for p in Permission}


def allow(permission: Permission) -> Callable[[Request], Awaitable[Actor]]:
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
#: Of the circle, or somebody who was: the rule of what is read lets the latter see their own.
DutyReader = Annotated[Actor, Depends(allow(Permission.DUTY_READ))]
