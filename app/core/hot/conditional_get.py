"""Conditional GET: 304 for an unchanged copy, before parameters are read and a thread is taken."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.core.paging import fresh, not_modified

#: The present ETag for who asks: raises what the route would raise; None leaves the request to the route.
Tag = Callable[[Request], Awaitable[str | None]]
F = TypeVar("F", bound=Callable[..., Any])

_DOCUMENTED = {
    "parameters": [
        {
            "name": "If-None-Match",
            "in": "header",
            "description": "`ETag` of the copy at hand.",
            "schema": {"type": "string", "maxLength": 200},
        }
    ]
}


def with_etag(tag: Tag) -> Callable[[F], F]:
    """Mark the endpoint of a `ConditionalRoute`: `tag` computes the current ETag, which the endpoint sends too."""

    def mark(endpoint: F) -> F:
        endpoint.tag = tag  # type: ignore[attr-defined]
        return endpoint

    return mark


class ConditionalRoute(APIRoute):
    """A route class: endpoints marked by `with_etag` answer 304 when `If-None-Match` names the current ETag."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self.tag: Tag | None = getattr(endpoint, "tag", None)
        if self.tag is not None:
            unchanged = {304: {"description": "The copy at hand is current."}}
            options |= {
                "openapi_extra": _DOCUMENTED,
                "responses": unchanged | (options.get("responses") or {}),
            }
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """As FastAPI's, behind the question whether anything is new."""
        whole, tag = super().get_route_handler(), self.tag
        if tag is None:
            return whole

        async def answer(request: Request) -> Response:
            held = request.headers.get("if-none-match")
            if held and (etag := await tag(request)) and fresh(etag, held):
                return not_modified(etag)
            return await whole(request)

        return answer
