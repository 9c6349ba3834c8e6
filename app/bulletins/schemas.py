"""What a bulletin says, and what staff write into it."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.bulletins.rules import BulletinState
from app.core.language.text import Draft, Input, Remark
from app.duty.records import RecordRole
from app.duty.schemas import DutyMeasureOut
from app.heat.schemas import BoardSeat
from app.people.organizations.schemas import YearLabel

_Reason = Annotated[Remark, StringConstraints(max_length=200)]


class BulletinEdit(Input):
    """The words of a draft."""

    preface: Draft = Field(
        default="",
        description="Stands before the figures. A correction that has none begins with the one before.",
    )
    reason: _Reason | None = Field(
        default=None,
        description="Why it corrects the version before; required from the second version on.",
        examples=["补录了两场会议的出席情况"],
    )


class BulletinIn(BulletinEdit):
    """The next version of a year's bulletin."""

    duty_year: int = Field(ge=2000, le=2999, description="Duty year that has begun.", examples=[2026])


class BulletinFigure(BaseModel):
    """A figure; `path` opens the list that it counts, null for nothing and for what may not be opened."""

    count: int
    path: str | None


class BulletinMeasure(DutyMeasureOut):
    """Amounts of a kind added up; `path` opens the records, null where they may not be opened."""

    path: str | None


class BulletinCrowd(BaseModel):
    """Who sat in a year."""

    year: int
    label: str = Field(examples=["上年同期"])
    seats: BulletinFigure = Field(description="Members who sat on any day; opens them.")
    full_time: float = Field(description="Their days as members of the whole time: 折合人数.")
    mean_points: float | None = Field(description="Of those who were measured; null without a ruleset.")
    proposals: BulletinFigure | None = Field(description="Collective proposals filed; of bodies alone.")


class BulletinCounted(BaseModel):
    """What was done of a kind in a year."""

    year: int
    label: str = Field(examples=["上年同期"])
    records: BulletinFigure = Field(description="Each member's part in each thing: 人次.")
    subjects: BulletinFigure = Field(description="Things: proposals, meetings, replies: 件、场.")
    members: BulletinFigure = Field(description="Members who did it.")
    quantity: int | None = Field(description="Sum, in `quantity_unit`: half-days, minutes; null for `any`.")
    measures: list[BulletinMeasure] = Field(description="What came of it; empty where nothing was measured.")
    per_head: float | None = Field(description="Records for each member who sat all the time, pro rata.")


class BulletinCounts(BaseModel):
    """A kind in the year and in the one before."""

    kind: str = Field(description="`any` for all that was done.", examples=["proposal.filed"])
    kind_label: str = Field(examples=["提案立案"])
    unit: str
    quantity_unit: str
    now: BulletinCounted
    before: BulletinCounted
    change: float | None = Field(description="Growth of `per_head`: 0.1 is a tenth more.")


class BulletinGroup(BaseModel):
    """A sector, committee or body in both years."""

    name: str
    now: BulletinCrowd
    before: BulletinCrowd
    counts: BulletinCounts | None = Field(description="Of the kind that was asked for.")
    path: str = Field(description="Opens all kinds of the group.")


class BulletinGroupKinds(BaseModel):
    """All that a sector, committee or body did."""

    name: str
    now: BulletinCrowd
    before: BulletinCrowd
    kinds: list[BulletinCounts]


class BulletinVersion(BaseModel):
    """One version of a year's bulletin."""

    id: int
    version: int
    state: BulletinState
    state_label: str = Field(examples=["已发布"])
    reason: str | None
    published_at: datetime | None


class BulletinOut(BulletinVersion):
    """A bulletin in a list."""

    duty_year: int
    label: YearLabel
    starts_on: date
    ends_on: date
    path: str


class BulletinChange(BaseModel):
    """A kind whose counts differ from those of the version before."""

    kind: str
    kind_label: str
    subjects: int
    subjects_before: int
    records: int
    records_before: int


class BulletinDetail(BulletinVersion):
    """A bulletin with the figures of the whole organization."""

    duty_year: int
    label: YearLabel
    organization: str
    starts_on: date
    ends_on: date
    counted_on: date = Field(description="The last day whose duty may be in it.")
    complete: bool = Field(description="Whether the year was over.")
    counted_at: datetime | None = Field(description="Null while a draft has not been counted.")
    revision: int = Field(description="Goes into If-Match.")
    preface: str
    now: BulletinCrowd
    before: BulletinCrowd
    active: BulletinCounts
    kinds: list[BulletinCounts]
    ruleset: str | None = Field(description="The rules that points and minimum duties follow.")
    how: list[str] = Field(description="How the figures were made, in sentences.")
    versions: list[BulletinVersion]
    changes: list[BulletinChange] = Field(description="What this version corrects.")
    unmet: BulletinFigure | None = Field(description="Members with minimum duties left; for staff only.")
    newer_records: int | None = Field(description="Records written or voided since; for staff only.")
    may_edit: bool


class BulletinRecord(BaseModel):
    """A record that a figure counts."""

    id: int
    kind: str
    kind_label: str
    role: RecordRole
    role_label: str
    on: date
    quantity: int
    unit: str
    measures: list[DutyMeasureOut]
    seat: BoardSeat
    title: str = Field(description="What the subject is called; its kind only, when I may not see it.")
    path: str | None = Field(description="Opens the subject; null when I may not see it.")
    voided: bool = Field(description="It was voided after the bulletin was counted.")


class BulletinSubject(BaseModel):
    """A thing that records of a figure are about."""

    subject_type: str
    subject_id: int
    title: str = Field(description="What it is called; its kind only, when I may not see it.")
    path: str | None = Field(description="Opens it; null when I may not see it.")
    on: date = Field(description="Day of the latest record.")
    records: int


class BulletinProposalOut(BaseModel):
    """A collective proposal of a body."""

    id: int
    title: str = Field(description="What it is called; its kind only, when I may not see it.")
    path: str | None = Field(description="Opens it; null when I may not see it.")
    body: str
    on: date = Field(description="Local day on which it was filed.")


class BulletinMember(BaseModel):
    """A member of a figure."""

    seat: BoardSeat
    days: int = Field(description="Days of the year in office.")
    points: float | None
    records: BulletinFigure | None = Field(description="Of the kind that was asked for.")


class DutyLeft(BaseModel):
    """A minimum duty that is not met."""

    id: str
    label: str
    done: int
    due: int
    advice: str
    records: BulletinFigure


class BulletinUnmet(BaseModel):
    """A member with minimum duties left."""

    seat: BoardSeat
    months: int
    points: float
    duties: list[DutyLeft]
