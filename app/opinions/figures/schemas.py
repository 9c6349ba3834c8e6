"""The figures of opinion reports as they go out."""

from datetime import date

from pydantic import BaseModel, Field

from app.opinions.figures.queries import OpinionFigure
from app.opinions.lifecycle import Tier


class FigureOut(BaseModel):
    """How many there are of a figure at a tier."""

    figure: OpinionFigure
    figure_label: str = Field(examples=["采用"])
    tier: Tier | None = Field(description="None for those handed in.")
    tier_label: str | None = Field(examples=["市级"])
    count: int
    path: str = Field(description="Opens exactly these.")


class FiguresOut(BaseModel):
    """The figures of an author, a sector or a duty year; those that are nought are left out."""

    key: int = Field(description="The seat, the sector, or the year.")
    label: str = Field(examples=["经济界"])
    figures: list[FigureOut]


class CountedOut(BaseModel):
    """One record that a figure counts."""

    id: int
    figure: OpinionFigure
    figure_label: str = Field(examples=["采用"])
    tier: Tier | None
    tier_label: str | None = Field(examples=["市级"])
    on: date = Field(description="Local day.")
    seat_id: int
    author_name: str
    author_sector: str
    title: str = Field(description="Of the report, if the caller may see it.")
    path: str | None
