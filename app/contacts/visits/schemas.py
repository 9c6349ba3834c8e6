"""What visits take and give."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, field_validator

from app.contacts.schemas import Id
from app.core.language.text import Input, Line, Post
from app.duty.kinds import KINDS
from app.duty.measures.rules import Measure
from app.duty.schemas import DutyMeasureOut

#: The kind of duty of a visit.
DUTY = "visit.made"
FileKey = Annotated[str, Field(max_length=32, pattern=r"^[A-Za-z0-9_-]+$")]


class VisitIn(Input):
    """A visit as its author writes it: to one of the author's contacts, or to somebody named."""

    contact_id: Id | None = Field(default=None, description="One of my contacts; none when `whom` is named.")
    whom: Annotated[Line, Field(max_length=120)] = Field(
        default="", description="Who was visited, where it is no contact.", examples=["滨江社区王大爷"]
    )
    visited_on: date | None = Field(default=None, description="Local day; today when left out.")
    body: Post = Field(description="What was seen, heard and done.")
    pictures: list[FileKey] = Field(default_factory=list, max_length=9, description="My uploaded pictures.")
    measures: dict[Measure, Annotated[int, Field(strict=True)]] = Field(
        default_factory=dict,
        description="What came of it; `visits` is 1 when left out. Money in fen, hours in minutes.",
        examples=[{"people": 3}],
    )

    @field_validator("measures")
    @classmethod
    def _fit_the_kind(cls, measures: dict[Measure, int]) -> dict[Measure, int]:
        if fault := KINDS[DUTY].measures_fault(measures):
            raise ValueError(fault)
        return measures


class VisitPicture(BaseModel):
    """A picture of a visit; its bytes: `GET /api/v1/files/{key}`."""

    key: str
    width: int
    height: int


class VisitOut(BaseModel):
    """A visit, for its author and the office."""

    id: int
    version: int = Field(description="Goes back as `If-Match` with changes.")
    seat_id: int
    member: str = Field(description="Its author.")
    sector: str
    contact_id: int | None
    whom: str = Field(description="What the visited was called then.")
    visited_on: date
    body: str
    pictures: list[VisitPicture]
    measures: list[DutyMeasureOut]
    created_at: datetime
    edited_at: datetime
    withdrawn_at: datetime | None = Field(description="Withdrawn ones are their author's alone.")
    actions: list[Literal["edit", "withdraw", "restore"]] = Field(
        description="What the caller may do with it."
    )
