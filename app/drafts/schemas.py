"""What drafts take and give."""

from collections.abc import Iterator
from datetime import datetime
from math import isfinite
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, JsonValue, StringConstraints

from app.core.language.text import Input

_DEEPEST = 32


def _leaves(value: JsonValue, depth: int = 0) -> Iterator[str | float]:
    if depth > _DEEPEST:
        raise ValueError("层次太多，无法保存")
    if isinstance(value, list):
        for part in value:
            yield from _leaves(part, depth + 1)
    elif isinstance(value, dict):
        yield from value
        for part in value.values():
            yield from _leaves(part, depth + 1)
    elif isinstance(value, str | float):
        yield value


def _storable(value: Any) -> Any:
    """Whatever is being typed is kept as it is, but for what no database takes: NUL, lone surrogates, infinities."""
    for leaf in _leaves(value):
        if isinstance(leaf, float):
            storable = isfinite(leaf)
        else:
            storable = "\0" not in leaf and not any("\ud800" <= c <= "\udfff" for c in leaf)
        if not storable:
            raise ValueError("含有无法保存的字符")
    return value


_Storable = AfterValidator(_storable)


class DraftIn(Input):
    """A text as it is now."""

    text_id: str = Field(
        pattern=r"^[0-9a-f-]{36}$",
        description="A UUID that stays while this text is written, and is another one for the next text.",
        examples=["0b1f6a52-6b0a-4d0c-9d0f-8f1d2e3c4b5a"],
    )
    title: Annotated[str, StringConstraints(max_length=120), _Storable] = Field(
        description="How lists call it.", examples=["回复：建议先试点"]
    )
    path: str = Field(
        max_length=2_000,
        pattern=r"^/([0-9A-Za-z?][\x21-\x7e]*)?$",
        description="The page of the client that goes on with it.",
        examples=["/topics/12"],
    )
    words: Annotated[dict[str, JsonValue], _Storable] = Field(
        description="What was typed and chosen, field by field; at most 200 kB.",
        examples=[{"body": "建议先试点"}],
    )
    pictures: int = Field(
        default=0, ge=0, le=100, description="How many pictures belong to it that lie on the device alone."
    )


class DraftRow(BaseModel):
    """A draft in the list."""

    kind: str = Field(description="What it will be: update, reply, proposal …", examples=["reply"])
    key: str = Field(description="Which one of its kind, e.g. the thread.", examples=["12"])
    text_id: str | None = Field(description="None for a proposal or report, which has an id.")
    version: int
    title: str
    path: str | None = Field(description="The client's page; none for a proposal or report, by its id.")
    pictures: int
    device: str = Field(
        description="What the device that saved it last calls itself; empty when unknown.",
        examples=["Mozilla/5.0 (Linux; Android 12; HUAWEI …) MicroMessenger/8.0"],
    )
    edited_at: datetime


class DraftList(BaseModel):
    """All of them: their number is bounded."""

    items: list[DraftRow]


class DraftOut(DraftRow):
    """A draft with its words."""

    text_id: str
    path: str
    words: dict[str, JsonValue]
