"""What every request passes: request id, log line, metrics, security headers, and errors as problem documents."""

import random
import sqlite3
import time
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

import psycopg
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from prometheus_client import Counter, Histogram
from pydantic_core import to_json
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.config import Settings
from app.core.database.driver_errors import database_trouble
from app.core.errors import AppError, FieldError, Invalid, NotFound, Problem, TooLarge, Unavailable

REQUESTS = Counter("lvyi_requests_total", "Answered requests.", ["method", "route", "status"])
SECONDS = Histogram(
    "lvyi_request_seconds",
    "Time to answer.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
log = structlog.get_logger()


@cache
def _measures(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, route, status), SECONDS.labels(route)


#: Browsers keep to HTTPS for so long once they have seen this; only this host, others are not ours to bind.
_HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000")

#: Larger JSON would hold up the event loop while it is parsed, before anybody is known.
JSON_BYTES = 2**20

_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (
        b"permissions-policy",  # the camera reads the codes of activities
        b"camera=(self), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()",
    ),
    (
        b"content-security-policy",
        (
            b"default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
            b"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
    ),
]


class Envelope:
    """Pure ASGI: gives the request an id, bounds its body, measures and logs it, adds the security headers."""

    def __init__(self, app: ASGIApp, max_body_bytes: int, *, is_https: bool) -> None:
        self.app, self.max_body_bytes = app, max_body_bytes
        self.headers = [_HTTPS_ONLY, *_HEADERS] if is_https else _HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; everything that is not HTTP goes through untouched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = f"{random.getrandbits(48):012x}"
        scope["request_id"] = request_id
        started, status, received = time.perf_counter(), 500, 0
        kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
        limit = (
            self.max_body_bytes if kind.startswith(b"multipart/") else min(JSON_BYTES, self.max_body_bytes)
        )

        async def receive_bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                # the one exception that FastAPI passes on while it reads a body
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                has_own_policy = any(k == b"content-security-policy" for k, _ in message["headers"])
                own = self.headers[:-1] if has_own_policy else self.headers
                kept = message["headers"]
                if scope["path"].startswith("/api/") and all(k != b"cache-control" for k, _ in kept):
                    kept = [*kept, (b"cache-control", b"no-store")]  # personal, unless it says otherwise
                if status == HTTPStatus.NO_CONTENT:  # FastAPI names a type for the body that there is not
                    kept = [header for header in kept if header[0] != b"content-type"]
                message["headers"] = [*kept, *own, (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self.app(scope, receive_bounded, send_marked)
        finally:
            spent = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "none")
            counted, timed = _measures(scope["method"], route, status)
            counted.inc()
            timed.observe(spent)
            # phones ask all day whether anything is new: that nothing was, is counted but not told
            (log.debug if status == HTTPStatus.NOT_MODIFIED else log.info)(
                "request",
                id=request_id,
                method=scope["method"],
                route=route,
                status=status,
                ms=round(spent * 1000, 1),
            )


_NUMBER, _DAY, _SWITCH = "应当是阿拉伯数字，如 15 或 1.5", "应当是日期，如 2026-03-02", "应当是 true 或 false"
#: pydantic's error types in the member's language; `{…}` come from the error's context.
_SENTENCES = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识的字段",
    "string_too_long": "太长了，最多 {max_length} 个字",
    "string_too_short": "太短了，至少 {min_length} 个字",
    "too_long": "太多了，最多 {max_length} 项",
    "too_short": "太少了，至少 {min_length} 项",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "greater_than": "必须大于 {gt}",
    "less_than": "必须小于 {lt}",
    "int_parsing": "应当是整数",
    "int_type": "应当是整数",
    "int_from_float": "应当是整数",
    "string_type": "应当是文字",
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "finite_number": _NUMBER,
    "bool_parsing": _SWITCH,
    "bool_type": _SWITCH,
    "list_type": "应当是一列",
    "date_parsing": _DAY,
    "date_type": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "enum": "不是可选的值",
    "literal_error": "不是可选的值",
    "json_invalid": "不是有效的 JSON",
}


def field_error(error: Mapping[str, Any]) -> FieldError:
    """An error of pydantic in the member's language."""
    kind = str(error["type"])
    if kind in {"too_long", "too_short"} and isinstance(error.get("input"), str):
        kind = f"string_{kind}"  # a bound that stands behind validators of ours
    if kind == "value_error":
        # validators of ours speak Chinese; others' are not shown
        said = str(error.get("ctx", {}).get("error", ""))
        detail = said if any("\u4e00" <= c <= "\u9fff" for c in said) else "格式不正确"
    else:
        try:
            detail = _SENTENCES.get(kind, "格式不正确").format(**error.get("ctx", {}))
        except (KeyError, IndexError):
            detail = "格式不正确"
    return FieldError(field=".".join(str(part) for part in error["loc"])[:200], code=kind, detail=detail)


def problem_response(
    request: Request, error: AppError, more_headers: Mapping[str, str] | None = None
) -> Response:
    """An error as an RFC 9457 problem document; survives lone surrogates in what was sent."""
    problem = Problem(
        title=error.title,
        status=error.status,
        detail=error.detail,
        code=error.code,
        errors=error.errors,
        request_id=request.scope.get("request_id", ""),
    )
    headers = {"Cache-Control": "no-store", **(more_headers or {})}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    text = to_json(
        problem.model_dump(exclude_none=True) | error.extra, serialize_unknown=True, inf_nan_mode="null"
    )
    return Response(text, error.status, headers, "application/problem+json")


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type
    if any(e["loc"][0] == "path" for e in error.errors()) and (methods := _of_address(request)):
        return _not_allowed(request, methods)  # `/leads/status` is no lead
    found = [field_error(e) for e in error.errors()[:20]]
    for one in found:
        one.field = one.field.encode("utf-8", "replace").decode()
    return problem_response(request, Invalid(errors=found))


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type
    known: dict[int, AppError] = {
        400: Invalid("无法读懂请求的内容。", code="malformed"),
        404: NotFound(),
        413: TooLarge(),
    }
    if error.status_code in known:
        return problem_response(request, known[error.status_code])
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return _not_allowed(request, _of_address(request) or _of_pattern(request))
    return problem_response(request, _plain(error.status_code), error.headers)


def _plain(status: int) -> AppError:
    own = AppError("不支持这样的请求。", code=f"http_{status}")
    own.status, own.title = status, HTTPStatus(status).phrase  # type: ignore[misc]
    return own


def _not_allowed(request: Request, methods: set[str]) -> Response:
    allowed = {"Allow": ", ".join(sorted(methods))}
    return problem_response(request, _plain(HTTPStatus.METHOD_NOT_ALLOWED), allowed)


def _of_address(request: Request) -> set[str]:
    """What may be done with an address that has a route of exactly its name."""
    path = request.scope["path"]
    routes = (route for route in request.app.routes if isinstance(route, Route) and route.path == path)
    return {method for route in routes for method in route.methods or ()}


def _of_pattern(request: Request) -> set[str]:
    """What may be done with an address by all routes whose pattern it fits."""
    fits = (
        route
        for route in request.app.routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
    )
    return {method for route in fits for method in route.methods or ()}


async def _on_app_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)  # noqa: S101 - registered for this type
    return problem_response(request, error)


async def _on_any(request: Request, error: Exception) -> Response:
    if isinstance(error, OSError) and error.errno == 28:  # noqa: PLR2004 - ENOSPC
        return problem_response(
            request, Unavailable("存储空间已满，请联系管理员。", code="storage", retry_after=60)
        )
    if trouble := database_trouble(error):
        log.warning("database trouble", id=request.scope.get("request_id"), error=repr(error)[:300])
        return problem_response(request, trouble)
    log.error("unexpected error", id=request.scope.get("request_id"), exc_info=error)
    return problem_response(request, AppError())


def install(app: FastAPI, config: Settings) -> None:
    """Give the app the envelope and the error handlers."""
    app.add_middleware(Envelope, max_body_bytes=config.max_body_bytes, is_https=config.is_https)
    app.add_exception_handler(AppError, _on_app_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    for kind in (DBAPIError, sqlite3.Error, psycopg.Error, PoolTimeout, OSError):
        app.add_exception_handler(kind, _on_any)
    app.add_exception_handler(Exception, _on_any)
