"""Units that may handle a proposal."""

from pydantic import BaseModel, Field


class EarlierCase(BaseModel):
    """A proposal like this one, which the unit has handled."""

    id: int
    title: str
    number: int | None
    window_name: str | None
    similarity: float = Field(description="How much of this proposal stands in it, 0 to 1.", examples=[0.71])


class UnitSuggestion(BaseModel):
    """A unit, with what speaks for it and what it has to do at present."""

    unit_id: int
    unit_name: str
    suggested_by_author: bool
    case_count: int = Field(description="Proposals like this one that it has handled.")
    cases: list[EarlierCase] = Field(description="Up to three of them, the likest first.")
    open_count: int = Field(description="Its shares of proposals that are still open.")
    overdue_count: int = Field(description="How many of these are overdue.")
    reason: str = Field(
        description="All of it in words.",
        examples=["提案人建议由该单位承办；办理过2件相近的提案，如《关于增设托育点的建议》；目前在办12件。"],
    )


class UnitSuggestions(BaseModel):
    """Up to five units, the likeliest first."""

    items: list[UnitSuggestion]
