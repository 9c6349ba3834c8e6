"""Logging in and out, my sessions, my password, my second factor, who I am."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.auth import queries
from app.auth.actor import (
    ACCESS_COOKIE,
    REFRESH_COOKIE,
    Actor,
    AnyActor,
    actor_of,
    address_of,
    allow,
    same_origin,
)
from app.auth.keys.tokens import LIFETIME
from app.auth.permissions import Permission
from app.auth.schemas import (
    AuthCodeIn,
    AuthOrganizationIn,
    LoginIn,
    LoginOut,
    MeOut,
    OwnerIn,
    PasswordIn,
    RecoveryOut,
    RefreshIn,
    SecondFactorOut,
    SessionsOut,
    TokensOut,
)
from app.auth.sessions import devices, service, sign_in
from app.auth.sessions import queries as session_queries
from app.auth.sessions.entrance import Entrance
from app.auth.sessions.service import Opened
from app.core import clock
from app.core.db import Data, Db, Reads
from app.core.errors import Unauthenticated, problems
from app.core.paging import Id64, json_response

router = APIRouter(prefix="/api/v1/auth", tags=["登录"], responses=problems(401, 403, 422))

#: Open even while a change of password or a second factor is due.
SigningIn = Annotated[Actor, Depends(allow(Permission.SIGN_IN))]


def _device(agent: str) -> str:
    """What a client calls itself, without the words that all say: those that name it often stand behind them."""
    return "".join(
        c for c in agent.replace(" AppleWebKit/537.36 (KHTML, like Gecko)", "") if c.isprintable()
    )[:200]


async def _entrance(request: Request, database: Data) -> Entrance:
    state = request.app.state
    device = _device(request.headers.get("user-agent", ""))
    return Entrance(database, state.tokens, state.settings, address_of(request), device, request.cookies)


At = Annotated[Entrance, Depends(_entrance)]


@router.post("/login", operation_id="auth_login", response_model=LoginOut, responses=problems(429))
def login(body: LoginIn, request: Request, at: At) -> Response:
    """Open a session; browsers get its tokens as cookies too.

    After five wrong passwords for a phone, known or not, the answer is 429 for a growing time. A browser that has
    logged in to the account before is counted by itself, so that strangers do not lock it out. 401 with the code
    `second_factor_needed` asks for the same again with `code`.
    """
    if "origin" in request.headers:
        same_origin(request)
    opened = sign_in.login(at, body.phone, body.password, body.code)
    with at.database.read.connect() as conn:
        me = session_queries.me(conn, actor_of(conn, opened.session_id, at.config, at.address))
    return _with_cookies(json_response(_tokens(at, opened) | {"me": me}), at, opened)


@router.post("/refresh", operation_id="auth_refresh", response_model=TokensOut)
def refresh(request: Request, at: At, body: RefreshIn | None = None) -> Response:
    """Exchange a refresh token for the next one and a new access token.

    One that was spent before ends the session, but for ten seconds after its use: then the first answer was lost.
    """
    token = body.refresh_token if body else None
    if token:
        opened = service.refresh(at.database, at.tokens, at.config, token, at.address)
        return json_response(_tokens(at, opened))
    if not (token := request.cookies.get(REFRESH_COOKIE)):
        raise Unauthenticated
    same_origin(request)
    opened = service.refresh(at.database, at.tokens, at.config, token, at.address)
    # what came in a cookie stays out of reach of scripts
    hidden = {"access_token": None, "refresh_token": None}
    return _with_cookies(json_response(_tokens(at, opened) | hidden), at, opened)


@router.post("/logout", operation_id="auth_logout", status_code=204)
def logout(actor: SigningIn, db: Db) -> Response:
    """End this session; this device stays a known one."""
    service.log_out(db, actor)
    response = Response(status_code=204)
    response.delete_cookie(ACCESS_COOKIE, path="/api")
    response.delete_cookie(REFRESH_COOKIE, path=router.prefix)
    return response


@router.get("/me", operation_id="auth_get_me", response_model=MeOut)
def get_me(actor: SigningIn, reads: Reads) -> Response:
    """Who I am: name, roles, permissions, organizations, seat."""
    with reads.connect() as conn:
        return json_response(session_queries.me(conn, actor))


@router.put(
    "/organization", operation_id="auth_switch_organization", response_model=MeOut, responses=problems(404)
)
def switch_organization(body: AuthOrganizationIn, actor: AnyActor, db: Db, at: At) -> Response:
    """Work in another organization in which I hold a role."""
    service.switch_organization(db, actor, body.organization_id)
    conn = db.connection()
    return json_response(session_queries.me(conn, actor_of(conn, actor.session_id, at.config, at.address)))


@router.post("/links", operation_id="auth_link_account", response_model=MeOut, responses=problems(409, 429))
def link_account(body: OwnerIn, actor: AnyActor, at: At) -> Response:
    """Use this account in another organization too, that opened one for my phone: by the password that it gave me."""
    sign_in.link(at, actor, body.password)
    with at.database.read.connect() as conn:
        return json_response(
            session_queries.me(conn, actor_of(conn, actor.session_id, at.config, at.address))
        )


@router.put("/password", operation_id="auth_change_password", status_code=204, responses=problems(429))
def change_password(body: PasswordIn, actor: SigningIn, at: At) -> None:
    """Change my password; my other sessions end, this one stays."""
    sign_in.change_password(at, actor, body.current_password, body.new_password)


@router.get("/sessions", operation_id="auth_list_sessions", response_model=SessionsOut)
def list_sessions(actor: AnyActor, reads: Reads) -> Response:
    """My live sessions, newest first."""
    with reads.connect() as conn:
        return json_response({"items": queries.sessions(conn, actor)})


@router.delete(
    "/sessions/{session_id}", operation_id="auth_end_session", status_code=204, responses=problems(404)
)
def end_session(session_id: Id64, actor: AnyActor, db: Db) -> None:
    """End one of my sessions at once."""
    service.end_one(db, actor, session_id)


@router.post(
    "/second-factor",
    operation_id="auth_begin_second_factor",
    response_model=SecondFactorOut,
    responses=problems(409, 429),
)
def begin_second_factor(body: OwnerIn, actor: SigningIn, at: At) -> Response:
    """Get a secret for my authenticator app; it is in force once confirmed."""
    return json_response(sign_in.begin_second_factor(at, actor, body.password))


@router.put(
    "/second-factor",
    operation_id="auth_confirm_second_factor",
    response_model=RecoveryOut,
    responses=problems(409, 429),
)
def confirm_second_factor(body: AuthCodeIn, actor: SigningIn, at: At) -> Response:
    """Put my second factor in force by a first code; the answer holds recovery codes, once."""
    codes = sign_in.confirm_second_factor(at, actor, body.code)
    return json_response({"recovery_codes": codes})


@router.post(
    "/second-factor/removal", operation_id="auth_drop_second_factor", status_code=204, responses=problems(429)
)
def drop_second_factor(body: OwnerIn, actor: AnyActor, at: At) -> None:
    """Take my second factor out of force."""
    sign_in.drop_second_factor(at, actor, body.password)


def _tokens(at: Entrance, opened: Opened) -> dict[str, object]:
    return {
        "access_token": at.tokens.sign(opened.account_id, opened.session_id),
        "refresh_token": opened.refresh_token,
        "expires_in": int(LIFETIME.total_seconds()),
    }


def _with_cookies(response: Response, at: Entrance, opened: Opened) -> Response:
    access = at.tokens.sign(opened.account_id, opened.session_id)
    left = int((opened.expires_at - clock.now()).total_seconds())
    for name, value, path, seconds in (
        (ACCESS_COOKIE, access, "/api", int(LIFETIME.total_seconds())),
        (REFRESH_COOKIE, opened.refresh_token, router.prefix, left),
        (
            devices.cookie_name(opened.account_id),
            devices.cookie(at.tokens, opened.session_id),
            router.prefix,
            int(devices.COOKIE_AGE.total_seconds()),
        ),
    ):
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path=path,
            secure=at.config.sends_secure_cookies,
            httponly=True,
            samesite="lax",
        )
    return response
