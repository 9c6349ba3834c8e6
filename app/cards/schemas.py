"""What cards say; the card itself is `app.cards.format.CardDict`."""

from datetime import date

from pydantic import BaseModel, Field


class ListEntry(BaseModel):
    """One thing that a figure counts."""

    on: date
    title: str
    times: int = Field(description="Acts that were summed up in it.")
    path: str | None = Field(description="Opens it; null when I may not see it.")


class CardPeriod(BaseModel):
    """A period for which a member has a card."""

    period: str = Field(description="How paths name it: a duty year, or `term`.", examples=["2026"])
    label: str = Field(examples=["2026年度"])
    starts_on: date
    ends_on: date
    complete: bool = Field(description="Whether the period is over.")
    verify_url: str = Field(description="The public page behind the card's QR code.")
