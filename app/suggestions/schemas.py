"""What the list of my suggestions gives."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.core.paging import Page
from app.suggestions.rules import Stage, SuggestionSource


class SuggestionRow(BaseModel):
    """One suggestion of mine, and where it is."""

    source: SuggestionSource
    source_label: str = Field(examples=["提案"])
    id: int = Field(description="Within its source.")
    at: datetime = Field(description="When it last changed, as far as I was told.")
    title: str
    stage: Stage
    stage_label: str = Field(examples=["办理中"])
    state_label: str = Field(examples=["已立案"])
    unit: str | None = Field(description="Its addressee.")
    result: str | None = Field(description="What came of it, or why nothing did.")
    path: str | None = Field(description="Opens it.")


class SuggestionFigure(BaseModel):
    """How many suggestions the list holds with this filter beside the other."""

    code: str = Field(examples=["adopted"])
    label: str = Field(examples=["已采纳"])
    count: int


class SuggestionFigures(BaseModel):
    """The figures above the list."""

    stages: list[SuggestionFigure]
    sources: list[SuggestionFigure]


class SuggestionPage(Page[SuggestionRow]):
    """One page of my suggestions, with the figures of all."""

    figures: SuggestionFigures
