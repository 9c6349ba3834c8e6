"""What goes in and out about organizations."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.core.language.text import Input, Name
from app.people.models import Level

YearLabel = Annotated[
    str,
    Field(
        description="What the year is called; with its days unless they are those of the calendar year.",
        examples=["2026年度"],
    ),
]
OrganizationName = Annotated[Name, StringConstraints(max_length=60)]
Zone = Annotated[str, StringConstraints(max_length=40)]
Reference = Annotated[int, Field(ge=1, le=2**63 - 1)]


class FirstTerm(Input):
    """The term with which an organization begins."""

    ordinal: Annotated[int, Field(ge=1, le=60, description="Which term it is.", examples=[15])]
    starts_on: date = Field(description="First local day.")
    ends_on: date = Field(description="Last local day.")


class OrganizationIn(Input):
    """A new organization below mine."""

    name: OrganizationName = Field(description="Unique.", examples=["政协柳溪县委员会"])
    level: Level = Field(description="Lower than that of the one above it.", examples=["county"])
    parent_id: Reference | None = Field(
        default=None, description="Mine, by default, or one that stands below mine."
    )
    timezone: Zone = Field(default="Asia/Shanghai", description="IANA time zone: when its days begin.")
    duty_year_starts: Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$")] = Field(
        default="01-01", description="First day of its duty years, MM-DD.", examples=["12-01"]
    )
    term: FirstTerm = Field(description="Its present term.")


class OrganizationPatch(Input):
    """Changes of my organization, or of where one below mine stands."""

    name: OrganizationName | None = Field(default=None, description="Unique; of my own only.")
    level: Level | None = Field(default=None, description="Of my own only.")
    timezone: Zone | None = Field(
        default=None, description="IANA time zone; of my own, while it has no duty records."
    )
    parent_id: Reference | None = Field(
        default=None, description="Of one below mine: mine, or another below mine, of a higher level."
    )


class OrganizationOut(BaseModel):
    """One node of the tree of organizations; how it reckons time for the actor's own one only."""

    id: int
    parent_id: int | None
    name: str = Field(examples=["云川市政协"])
    level: str = Field(examples=["city"])
    level_label: str = Field(examples=["市级"])
    own: bool = Field(description="The organization of this session.")
    timezone: str | None = Field(default=None, examples=["Asia/Shanghai"])
    duty_year_starts: str | None = Field(
        default=None, description="First day of the present duty year, MM-DD.", examples=["01-01"]
    )
