"""What the ledger says, and what staff write into it by hand."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.core.text import Input, Line, Remark, Title
from app.people.models import Level

RecordRole = Literal["lead", "participant"]
OutsideKind = Literal["speech.delivered", "consultation.held", "service.rendered", "honor.received"]


class RecordOut(BaseModel):
    """One act of duty of a seat."""

    id: int
    kind: str = Field(examples=["proposal.filed"])
    label: str = Field(description="The kind in Chinese.", examples=["提案立案"])
    icon: str
    role: RecordRole
    on: date = Field(description="Local day.")
    occurred_at: datetime
    quantity: int = Field(description="In `unit`: half-days, minutes; 1 where nothing else is counted.")
    unit: str
    level: Level
    source: Literal["platform", "import", "manual"]
    title: str | None = Field(description="Of an act outside the platform.")
    note: str | None = Field(description="For the member and the secretariat only.")
    path: str | None = Field(description="Opens the subject; null when I may not see it.")


class KindCount(BaseModel):
    """The records of one kind."""

    kind: str
    label: str
    records: int
    quantity: int


class DutyDay(BaseModel):
    """A local day on which a member did something."""

    on: date
    acts: int


class OutsideActOut(BaseModel):
    """An act done outside the platform."""

    id: int
    kind: str
    label: str
    title: str
    held_on: date
    place: str


class OutsideActIn(Input):
    """An act of a member outside the platform, with the act's name; the same act may hold several members."""

    kind: OutsideKind
    title: Title = Field(examples=["关于推进老旧小区改造的大会发言"])
    held_on: date = Field(description="Local day, not in the future.")
    place: Annotated[Line, Field(max_length=120)] = ""
    role: RecordRole = "lead"
    level: Level = Level.CITY
    note: Remark | None = None


class VoidIn(Input):
    """Why a record is voided."""

    reason: Annotated[Remark, Field(max_length=200)] = Field(examples=["重复登记"])
