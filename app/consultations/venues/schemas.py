"""What venues take and give."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.consultations.venues.rules import VenueKind, VenueLevel
from app.core.language.text import Input, Line, Name

Reference = Annotated[int, Field(ge=1, le=2**63 - 1)]
Hours = Annotated[Line, Field(max_length=120)]


class VenueStayIn(Input):
    """From when until when a member is posted at a venue."""

    seat_id: Reference = Field(description="Who is posted there.")
    starts_on: date | None = Field(default=None, description="First local day; today when left out.")
    ends_on: date | None = Field(default=None, description="Last local day; none while it is not known.")


class VenueIn(Input):
    """A venue as the office sets it."""

    level: VenueLevel = Field(description="Whose venue it is.")
    kind: VenueKind = Field(description="What it is.")
    name: Annotated[Name, Field(max_length=50)] = Field(
        description="What it is called; no two below one venue alike.", examples=["滨江社区协商议事室"]
    )
    parent_id: Reference | None = Field(default=None, description="The venue above, of a higher level.")
    place: Annotated[Line, Field(max_length=120)] = Field(default="", description="Where it is.")
    convener_id: Reference | None = Field(default=None, description="The account of who convenes there.")
    convener_name: Annotated[Line, Field(max_length=50)] = Field(
        default="", description="Who convenes there, where it is nobody with an account."
    )
    opening_hours: Hours = Field(default="", description="When it is open.", examples=["每周三上午"])
    is_public: bool = Field(default=False, description="Whether everybody may read its page.")
    closed_on: date | None = Field(default=None, description="Closed from this day on; its records stay.")
    members: Annotated[list[VenueStayIn], Field(max_length=500)] = Field(
        default_factory=list, description="Who is posted there, and who was."
    )


class HoursIn(Input):
    """When a venue is open."""

    opening_hours: Hours = Field(description="When it is open.", examples=["每周三上午"])


class VenueRow(BaseModel):
    """A venue, with how many consultations it held in the duty year of the list."""

    id: int
    version: int = Field(description="Goes back as `If-Match` with changes.")
    parent_id: int | None
    parent: str | None = Field(description="The name of the venue above.")
    depth: int = Field(description="How many venues stand above it.")
    level: VenueLevel
    level_label: str = Field(examples=["村（社区）"])
    kind: VenueKind
    kind_label: str = Field(examples=["协商议事室"])
    name: str
    place: str
    convener: str = Field(description="The name of who convenes there; empty when nobody is named.")
    opening_hours: str
    is_public: bool
    closed_on: date | None
    mine: bool = Field(description="Whether I am posted there today, or convene there.")
    members: int = Field(description="How many members are posted there today.")
    held: int = Field(description="Consultations that were held there in the duty year.")
    target: int | None = Field(description="How many it is to hold in the duty year; null when none is set.")
    held_path: str | None = Field(description="The list of those; for those who see all of it.")
    actions: list[Literal["edit", "remove", "set_hours"]] = Field(description="What the caller may do.")


class VenueStay(BaseModel):
    """Who is posted at a venue, from when until when."""

    seat_id: int
    name: str
    post_label: str = Field(examples=["委员"])
    sector: str
    starts_on: date
    ends_on: date | None
    present: bool = Field(description="Whether today is one of these days.")


class VenueOut(VenueRow):
    """One venue in the present duty year."""

    convener_id: int | None = Field(description="The account of who convenes there.")
    stays: list[VenueStay] = Field(description="Who is posted there; for the office those who were, too.")
    public_url: str | None = Field(description="Its public page; null when it has none.")


class ConvenerOut(BaseModel):
    """An account that may convene at a venue."""

    id: int
    name: str
    roles_label: str = Field(description="What they are.", examples=["委员"])


class TargetsIn(Input):
    """How many consultations each venue is to hold in a duty year."""

    targets: dict[VenueLevel, Annotated[int, Field(ge=1, le=366)]] = Field(
        description="By level; a level that is left out has none.", examples=[{"village": 4}]
    )


class VenueFigure(BaseModel):
    """The venues of a level in a duty year; the paths are the lists of exactly what is counted."""

    key: str = Field(examples=["village"])
    label: str = Field(examples=["村（社区）"])
    venues: int
    target: int | None = Field(description="How many consultations each is to hold; null when none is set.")
    reached: int = Field(description="Held as many as the target.")
    behind: int = Field(description="Held fewer.")
    path: str
    reached_path: str
    behind_path: str


class VenueFigures(BaseModel):
    """The venues of a duty year by level."""

    year: int
    year_label: str
    levels: list[VenueFigure]
    whole: VenueFigure
