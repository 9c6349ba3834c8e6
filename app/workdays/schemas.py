"""What goes in and out about working days."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.core.language.text import Input, Name


class WorkdayIn(Input):
    """What a day is."""

    is_workday: bool = Field(description="Whether offices work on it.")
    name: Annotated[Name, StringConstraints(max_length=40)] = Field(
        description="Of the holiday, or why it is a working day.", examples=["国庆节"]
    )


class DatedWorkdayIn(WorkdayIn):
    """What one of several days is."""

    day: date = Field(description="The local day.")


class WorkdaysIn(Input):
    """Days to set at once, e.g. the announced holidays and make-up days of a year; other days stay."""

    items: list[DatedWorkdayIn] = Field(min_length=1, max_length=366, description="Each day once.")


class WorkdayOut(BaseModel):
    """One day."""

    day: date
    is_workday: bool
    name: str = Field(description="Empty for an ordinary day.", examples=["国庆节"])
    overridden: bool = Field(description="Set by staff, not by the official calendar that is built in.")


class WorkdaysOut(BaseModel):
    """Every day of a period."""

    items: list[WorkdayOut]
    unknown_years: list[int] = Field(
        description="Years without announced holidays: Monday to Friday are taken for working days.",
        examples=[[2027]],
    )
