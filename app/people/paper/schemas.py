"""What staff say of a paper that they enter."""

from datetime import date

from pydantic import BaseModel, Field

from app.core.language.text import Input, Name


class PaperIn(Input):
    """Who handed a paper in, and when."""

    handed_in_by: Name | None = Field(
        default=None, description="Who brought it; the author when left out.", examples=["民盟市委办公室李明"]
    )
    handed_in_on: date = Field(description="The local day on which it was handed in; it counts for that day.")


class PaperOut(BaseModel):
    """How it came in on paper; nothing of that for what its author wrote here."""

    entered_by: str | None = Field(description="Who of the secretariat entered it (机关代录).")
    handed_in_by: str | None
    handed_in_on: date | None
