"""What contacts take and give."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.contacts.rules import PartyKind
from app.core.language.text import Input, Line

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class ContactIn(Input):
    """A contact as the office sets it."""

    seat_id: Id = Field(description="The member who looks after the party.")
    kind: PartyKind = Field(description="What the party is.")
    party_seat_id: Id | None = Field(default=None, description="Of a member: whose seat; else none.")
    name: Annotated[Line, Field(max_length=60)] = Field(
        default="", description="Of all others: what it is called.", examples=["滨江社区"]
    )
    place: Annotated[Line, Field(max_length=120)] = Field(default="", description="Where it is.")
    starts_on: date | None = Field(default=None, description="First local day; today when left out.")
    ends_on: date | None = Field(default=None, description="Last local day; none while it is not known.")


class ContactOut(BaseModel):
    """Who looks after whom, and whether that party was visited in the duty year of the list."""

    id: int
    version: int = Field(description="Goes back as `If-Match` with changes.")
    seat_id: int
    member: str = Field(description="Who looks after the party.")
    sector: str
    kind: PartyKind
    kind_label: str = Field(examples=["企业"])
    party_seat_id: int | None
    name: str = Field(description="Whom; of members the name in the roster.")
    place: str = Field(description="Where; of members their sector.")
    starts_on: date
    ends_on: date | None
    last_visited_on: date | None = Field(description="The last visit of any year.")
    visited: bool = Field(description="Whether at least once in the duty year.")
    actions: list[Literal["edit", "remove", "visit"]] = Field(description="What the caller may do with it.")


CoverageGroup = Literal["member", "committee", "sector"]


class Coverage(BaseModel):
    """How many contacts were visited at least once; the paths are the lists of exactly what is counted."""

    key: str
    label: str
    contacts: int
    visited: int
    unvisited: int
    rate: float | None = Field(description="Visited of all, in percent.")
    path: str
    visited_path: str
    unvisited_path: str


class CoverageOut(BaseModel):
    """The coverage of a duty year by one division; a member of two committees counts in both, once in the whole."""

    year: int
    year_label: str
    whole: Coverage
    groups: list[Coverage]
