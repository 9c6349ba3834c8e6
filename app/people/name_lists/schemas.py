"""A list of names that was pasted, and whom it means."""

from enum import StrEnum

from pydantic import BaseModel, Field

from app.core.language.text import Essay, Input


class Match(StrEnum):
    """How a name was understood."""

    FOUND = "found"
    SEVERAL = "several"
    AGAIN = "again"
    PAST = "past"
    UNKNOWN = "unknown"


MATCH_LABELS = {
    Match.FOUND: "名册里有",
    Match.SEVERAL: "有同名的委员，请选一位",
    Match.AGAIN: "前面已经写过",
    Match.PAST: "现在不在任",
    Match.UNKNOWN: "名册里没有",
}


class NameList(Input):
    """Names as they were pasted."""

    text: Essay = Field(
        description="One a line, or divided by commas; or rows of a sheet, whose other cells (number, phone, sector) "
        "tell namesakes apart.",
        examples=["王芳\n李建国\t教育界"],
    )


class NamedMember(BaseModel):
    """A member that a name may mean."""

    seat_id: int
    name: str
    sector: str
    post_label: str


class NameMatch(BaseModel):
    """A name, and whom it means."""

    written: str = Field(examples=["王芳"])
    match: Match
    match_label: str = Field(examples=["有同名的委员，请选一位"])
    members: list[NamedMember] = Field(description="One when it is sure, all of them when it is not.")
