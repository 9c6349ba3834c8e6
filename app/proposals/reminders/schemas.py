"""A reminder to units."""

from typing import Annotated

from pydantic import Field

from app.core.language.text import Input, Remark


class ReminderIn(Input):
    """Which units are reminded of their work on a proposal, and what is said to them."""

    unit_ids: list[Annotated[int, Field(ge=1, le=2**63 - 1)]] = Field(
        default=[], max_length=20, description="Units at work on it; all whose turn it is when left out."
    )
    note: Remark | None = Field(default=None, description="What is said beside the reminder.")
