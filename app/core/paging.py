"""Keyset pages: stable while rows are added, no offsets."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, TypedDict, TypeVar

from fastapi import Depends, Header, Path, Query, Response
from pydantic import BaseModel, Field
from pydantic_core import to_json
from sqlalchemy import ColumnElement, literal, tuple_

from app.core.errors import Invalid

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=100, description="Rows on a page.")]
Cursor = Annotated[
    str | None, Query(max_length=600, description="`next` of the page before; none for the first page.")
]


Id64 = Annotated[int, Path(ge=1, le=2**63 - 1, description="Its id.")]


async def _if_match(
    if_match: Annotated[
        str | None, Header(max_length=24, description='The version that was edited, e.g. `"3"`.')
    ] = None,
) -> int:
    version = (if_match or "").removeprefix("W/").strip('"')
    if not version.isascii() or not version.isdigit():
        raise Invalid("请求缺少所修改的版本号（If-Match）。", code="if_match_required")
    if int(version) >= 2**31 - 1:
        raise Invalid("没有这样的版本号（If-Match）。", code="if_match_required")
    return int(version)


#: The version that an edit began from.
IfMatch = Annotated[int, Depends(_if_match)]


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    next: str | None = Field(
        default=None, description="Pass it as `cursor` for the next page; null at the end."
    )


class PageRows(TypedDict):
    """A page as plain rows, before it becomes JSON."""

    items: list[dict[str, Any]]
    next: str | None


def encode_cursor(*values: int | str | date) -> str:
    """An opaque cursor that stands for the sort values of a row."""
    plain = [v.isoformat() if isinstance(v, date) else v for v in values]
    return (
        base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode())
        .decode()
        .rstrip("=")
    )


def decode_cursor(cursor: str, *types: type) -> list[Any]:
    """The sort values of a cursor, checked against `types`; `Invalid` when it was not made by `encode_cursor`."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(types):
            raise ValueError
        return [_typed(v, t) for v, t in zip(values, types, strict=True)]
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError) as e:
        raise Invalid("翻页参数无效，请从第一页重新开始。", code="bad_cursor") from e


def _typed(value: object, kind: type) -> object:
    if kind is datetime and isinstance(value, str):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    if kind is date and isinstance(value, str):
        return date.fromisoformat(value)
    if isinstance(value, str):
        value.encode()  # a lone surrogate is no text
    if type(value) is not kind or (kind is int and not -(2**63) <= value < 2**63):  # type: ignore[operator]
        raise ValueError
    return value


def before(columns: Sequence[ColumnElement[Any]], values: Sequence[Any]) -> ColumnElement[bool]:
    """Rows that come after the cursor's row in descending order of `columns`."""
    keys = [literal(v, type_=c.type) for c, v in zip(columns, values, strict=True)]
    return columns[0] < keys[0] if len(keys) == 1 else tuple_(*columns) < tuple_(*keys)


def after(columns: Sequence[ColumnElement[Any]], values: Sequence[Any]) -> ColumnElement[bool]:
    """Rows that come after a cursor's row in ascending order of `columns`."""
    keys = [literal(v, type_=c.type) for c, v in zip(columns, values, strict=True)]
    return tuple_(*columns) > tuple_(*keys)


def page(rows: list[dict[str, Any]], limit: int, key: Sequence[str]) -> PageRows:
    """The first `limit` of up to `limit + 1` rows, with a cursor of the fields `key` if there are more."""
    more = len(rows) > limit
    rows = rows[:limit]
    return {"items": rows, "next": encode_cursor(*(rows[-1][k] for k in key)) if more else None}


def fresh(etag: str, if_none_match: str | None) -> bool:
    """Whether the client's copy (`If-None-Match`) is the one that `etag` names."""
    return if_none_match is not None and etag in (part.strip() for part in if_none_match.split(","))


def not_modified(etag: str) -> Response:
    """304: the client's copy is current."""
    return Response(status_code=304, headers={"ETag": etag, "Cache-Control": "private, no-cache"})


IfNoneMatch = Annotated[str | None, Header(max_length=200, description="`ETag` of the copy at hand.")]


def json_response(body: object, *, status: int = 200, etag: str | None = None) -> Response:
    """Rows to JSON in one step, without a second validation; for hot reads."""
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"} if etag else None
    content = body if isinstance(body, bytes) else to_json(body)
    return Response(content, status, headers, "application/json")
