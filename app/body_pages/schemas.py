"""What the page of a body gives."""

from datetime import date

from pydantic import BaseModel, Field

from app.body_pages.rules import Work
from app.duty.records import RecordRole
from app.people.bodies.schemas import BodySeat, BrandOut
from app.people.organizations.schemas import YearLabel


class BodyYear(BaseModel):
    """A duty year in which the body's term runs."""

    year: int
    label: YearLabel


class BodyFigure(BaseModel):
    """A figure; `path` opens exactly what it counts, null for nothing."""

    count: int
    path: str | None


class BodyPart(BodyFigure):
    """What is of one state or kind among the works of a sort."""

    label: str = Field(examples=["办理中"])


class BodyWork(BodyFigure):
    """What a body put forward or was invited to, of one sort."""

    work: Work
    work_label: str = Field(examples=["立案的集体提案"])
    parts: list[BodyPart] = Field(description="The same by state or by kind; empty where there are none.")


class BodyKindCount(BodyFigure):
    """Records of one kind."""

    kind: str = Field(examples=["proposal.filed"])
    kind_label: str = Field(examples=["提案立案"])
    unit: str


class BodyPage(BaseModel):
    """What a body did in a duty year."""

    year: int
    label: YearLabel
    years: list[BodyYear] = Field(description="Which may be asked for, the newest first.")
    brand: BrandOut
    may_edit_brand: bool
    works: list[BodyWork]
    records: BodyFigure = Field(description="What its members did on days on which they belonged to it.")
    kinds: list[BodyKindCount] = Field(description="The same by kind.")


class BodyWorkRow(BaseModel):
    """Something that a body put forward or was invited to."""

    id: int
    on: date = Field(description="Local day on which it was filed, handed in, opened or held.")
    title: str = Field(description="What it is called; its kind only, when I may not see it.")
    part_label: str | None = Field(examples=["办理中"])
    path: str | None = Field(description="Opens it; null when I may not see it.")


class BodyRecord(BaseModel):
    """A record of a member of a body."""

    id: int
    seat: BodySeat
    kind: str
    kind_label: str
    role: RecordRole
    role_label: str = Field(examples=["参与"])
    on: date
    quantity: int
    unit: str
    title: str = Field(description="What the subject is called; its kind only, when I may not see it.")
    path: str | None = Field(description="Opens the subject; null when I may not see it.")
