"""What deeds give."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from app.duty.schemas import DutyMeasureOut, DutyMeasureSum

DeedGroup = Literal["campaign", "body", "sector", "place", "year"]


class DeedMember(BaseModel):
    """A member who took part in a deed."""

    seat_id: int
    name: str
    sector: str
    claim_path: str | None = Field(description="Opens the claim with its proof; null when I may not see it.")


class DeedOut(BaseModel):
    """A deed: an act that was confirmed for a project, once for all who took part."""

    id: int = Field(description="Of the act outside the platform.")
    title: str
    form_label: str | None = Field(examples=["志愿服务"])
    on: date
    place: str
    project_id: int
    project: str
    campaign: str
    members: list[DeedMember]
    measures: list[DutyMeasureOut] = Field(
        description="What came of it: of each measure the largest amount that one of its members said."
    )
    path: str


class DeedMemberOut(BaseModel):
    """A member with what they took part in."""

    seat_id: int
    name: str
    sector: str
    deeds: int
    path: str = Field(description="Exactly these deeds.")


class DeedFigure(BaseModel):
    """Figures of one group; each path is the list of exactly what is counted."""

    key: str
    label: str
    deeds: int
    deeds_path: str
    members: int = Field(description="Members who took part, each once.")
    members_path: str
    measures: list[DutyMeasureSum]


class DeedFigures(BaseModel):
    """Figures by one division; a deed of two sectors counts in both, and once in the whole."""

    whole: DeedFigure
    groups: list[DeedFigure]
