"""What offices say and take."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.auth.areas import Area
from app.core.language.text import Input, Name

OfficeName = Annotated[Name, StringConstraints(max_length=40)]
Areas = Annotated[list[Area], Field(min_length=1, max_length=len(Area))]
Reference = Annotated[int, Field(ge=1, le=2**63 - 1)]


class OfficeIn(Input):
    """A new office of the secretariat."""

    name: OfficeName = Field(description="Not that of another office.", examples=["提案科"])
    areas: Areas = Field(description="What it may do.", examples=[["proposals", "first_review"]])
    committee_id: Reference | None = Field(
        default=None, description="The committee for which alone it acts; its area is `committees` then."
    )


class OfficePatch(Input):
    """Changes of an office; what is left out stays."""

    name: OfficeName | None = Field(default=None, description="Not that of another office.")
    areas: Areas | None = Field(default=None, description="What it may do from now on.")
    committee_id: Reference | None = Field(
        default=None, description="The committee for which alone it acts; null: for the whole organization."
    )
    closed: bool | None = Field(default=None, description="True closes an office in which nobody works.")


class AreaRef(BaseModel):
    """An area of work with its Chinese name."""

    area: Area
    area_label: str = Field(examples=["提案初审"])


class CommitteeRef(BaseModel):
    """A committee by name."""

    id: int
    name: str = Field(examples=["提案委员会"])


class Clerk(BaseModel):
    """Somebody who works in an office."""

    account_id: int
    name: str = Field(examples=["沈文"])
    ends_on: date | None


class OfficeOut(BaseModel):
    """An office with those who work in it."""

    id: int
    name: str = Field(examples=["提案科"])
    areas: list[AreaRef]
    committee: CommitteeRef | None
    staff: list[Clerk]
    closed_at: datetime | None


class GrantTarget(BaseModel):
    """Something that a role stands for, as far as whoever grants it must know it."""

    id: int
    name: str = Field(examples=["周岚"])
    note: str | None = Field(description="Tells those of one name apart: of a member the sector.")
