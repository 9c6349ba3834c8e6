"""What the ledger says, and what staff write into it by hand."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, ValidationInfo, field_validator, model_validator

from app.core.language.text import Input, Line, Remark, Title
from app.duty.kinds import KINDS
from app.duty.measures.rules import Measure
from app.duty.records import RecordRole, Source
from app.people.models import Level

OutsideKind = Literal[
    "speech.delivered", "consultation.held", "service.rendered", "honor.received", "activity.attended"
]


class DutyMeasureOut(BaseModel):
    """How much of one measure came of an act, or of several."""

    measure: Measure
    measure_label: str = Field(examples=["资金"])
    amount: int = Field(description="Whole: money in fen, hours in minutes.", examples=[125050])
    unit: str = Field(examples=["元"])
    text: str = Field(examples=["1,250.50 元"])


class DutyMeasureSum(DutyMeasureOut):
    """The amounts of some records, added up."""

    path: str = Field(
        description="Opens exactly the records that are added up.",
        examples=["/api/v1/seats/7/records?kind=service.rendered&measure=people"],
    )


class RecordOut(BaseModel):
    """One act of duty of a seat."""

    id: int
    kind: str = Field(examples=["proposal.filed"])
    kind_label: str = Field(examples=["提案立案"])
    icon: str
    role: RecordRole
    role_label: str = Field(examples=["参与"])
    on: date = Field(description="Local day.")
    occurred_at: datetime
    quantity: int = Field(description="In `unit`: half-days, minutes; 1 where nothing else is counted.")
    unit: str
    measures: list[DutyMeasureOut] = Field(description="What came of it; empty where nothing is said.")
    level: Level
    level_label: str = Field(examples=["市级"])
    source: Source
    source_label: str = Field(examples=["平台记录"])
    title: str = Field(description="What the subject is called; its kind only, when I may not see it.")
    note: str | None = Field(description="For the member and the secretariat only.")
    path: str | None = Field(description="Opens the subject; null when I may not see it.")
    claim_id: int | None = Field(
        description="The claim that brought it in; for the member and the secretariat only."
    )


class KindCount(BaseModel):
    """The records of one kind."""

    kind: str
    kind_label: str
    records: int
    quantity: int
    measures: list[DutyMeasureSum]
    act: bool = Field(
        description="Done by the member on a day of their own: cards count it as an act (履职次数)."
    )
    path: str = Field(
        description="Opens exactly these records.",
        examples=["/api/v1/seats/7/records?kind=proposal.filed&year=2026"],
    )


class DutyDay(BaseModel):
    """A local day on which a member did something."""

    on: date
    acts: int


class OutsideActOut(BaseModel):
    """An act done outside the platform."""

    id: int
    kind: str
    kind_label: str
    form: str | None = Field(examples=["visit"])
    form_label: str | None = Field(examples=["走访联系"])
    title: str
    held_on: date
    place: str


class ActIn(Input):
    """An act outside the platform, and the part that a member had in it; several members may have one."""

    kind: OutsideKind = Field(description="What was done.")
    form: Annotated[str, Field(max_length=20)] | None = Field(
        default=None, description="One of its kind's forms (`/choices`).", examples=["visit"]
    )
    title: Title = Field(
        description="What the act is called, on one line.", examples=["关于推进老旧小区改造的大会发言"]
    )
    held_on: date = Field(description="Local day, not in the future.")
    place: Annotated[Line, Field(max_length=120)] = Field(default="", description="Where, or who held it.")
    role: RecordRole = Field(default="lead", description="Whether the member led or took part.")
    level: Level = Field(default=Level.CITY, description="How far it reached.")
    measures: dict[Measure, Annotated[int, Field(strict=True)]] = Field(
        default_factory=dict,
        description="What came of it, as far as its kind takes it (`/choices`): money in fen, hours in minutes.",
        examples=[{"people": 120, "money": 125050}],
    )

    @field_validator("measures")
    @classmethod
    def _fit_the_kind(cls, measures: dict[Measure, int], info: ValidationInfo) -> dict[Measure, int]:
        kind = info.data.get("kind")  # absent where it is itself wrong
        if kind and (fault := KINDS[kind].measures_fault(measures)):
            raise ValueError(fault)
        return measures

    @model_validator(mode="after")
    def _has_such_a_form(self) -> Self:
        if fault := KINDS[self.kind].form_fault(self.form):
            raise ValueError(fault)
        return self


class OutsideActIn(ActIn):
    """An act of a member outside the platform, as staff record it."""

    note: Remark | None = Field(default=None, description="For the member and the secretariat only.")


class VoidIn(Input):
    """Why a record is voided."""

    reason: Annotated[Remark, Field(max_length=200)] = Field(
        description="The member reads it.", examples=["重复登记"]
    )
