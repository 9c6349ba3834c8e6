"""What saved views take and give."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.core.language.text import Input, Line
from app.saved_views.rules import query_string

DESK = r"^[a-z][a-z0-9_./-]*$"
Verb = Literal["edit", "delete", "unshare"]


def _some(value: str) -> str:
    if not value:
        raise ValueError("请填写名称")
    return value


def _different(columns: list[str]) -> list[str]:
    if len(set(columns)) != len(columns):
        raise ValueError("同一列不能出现两次")
    return columns


ColumnKey = Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$")]


class ViewContent(Input):
    """A view as it should be."""

    name: Annotated[Line, StringConstraints(max_length=40), AfterValidator(_some)] = Field(
        description="As it is called.", examples=["民盟的待审提案"]
    )
    query: Annotated[str, StringConstraints(max_length=2_000), AfterValidator(query_string)] = Field(
        description="Filters and order as a query string, percent-encoded, without “?”.",
        examples=["state=submitted&body=%E6%B0%91%E7%9B%9F&sort=-submitted_at"],
    )
    columns: Annotated[list[ColumnKey], AfterValidator(_different)] = Field(
        default_factory=list,
        max_length=60,
        description="Columns in order; none for those of the list itself.",
    )
    shared: bool = Field(default=False, description="Whether my whole office has it.")
    office_id: int | None = Field(
        default=None,
        ge=1,
        le=2**63 - 1,
        description="With which of my offices it is shared; needed only by who works in several.",
    )
    position: int = Field(default=0, ge=0, le=999, description="Its place among the views of the desk.")


class ViewIn(ViewContent):
    """A new view of a desk."""

    desk: str = Field(
        max_length=40,
        pattern=DESK,
        description="Key of the list in the console.",
        examples=["proposals.review"],
    )


class ViewOut(BaseModel):
    """A saved view."""

    id: int
    desk: str
    name: str
    query: str
    columns: list[str]
    shared: bool
    office_id: int | None
    office: str | None = Field(description="Name of the office that has it.")
    made_by: str = Field(description="Who made it.")
    mine: bool = Field(description="Whether I made it.")
    position: int
    may: list[Verb] = Field(description="What I may do with it.")


class ViewList(BaseModel):
    """All views that I have, by desk, place and age: their number is bounded."""

    items: list[ViewOut]
