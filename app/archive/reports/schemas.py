"""What the duty report of a year takes and gives."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from app.core.language.text import Draft, Input
from app.duty.schemas import KindCount
from app.people.organizations.schemas import YearLabel

Words = Annotated[Draft, Field(max_length=5_000)]


class ReportIn(Input):
    """All that a member of the standing committee writes; every part may be empty."""

    study: Words = Field(default="", description="学习情况.")
    deliberation: Words = Field(default="", description="参政议政情况.")
    constituency: Words = Field(default="", description="联系服务界别群众情况.")
    conduct: Words = Field(default="", description="遵守纪律和廉洁自律情况.")
    shortcomings: Words = Field(default="", description="存在的不足.")
    plans: Words = Field(default="", description="下一年度履职打算.")


class PassageOut(BaseModel):
    """One part of the report in words."""

    key: str = Field(description="Its name in `ReportIn`.", examples=["study"])
    heading: str = Field(examples=["学习情况"])
    hint: str = Field(examples=["政治理论、统战政协知识和业务学习。"])
    text: str


class ReportOut(BaseModel):
    """The duty report of a seat and a year: figures from the ledger and, of the standing committee, words."""

    seat_id: int
    year: int = Field(description="Duty year.")
    label: YearLabel
    version: int = Field(description="Of the words; 0 before the first. Goes back as `If-Match`.")
    saved_at: datetime | None
    passages: list[PassageOut] = Field(description="Empty for those who are not of the standing committee.")
    figures: list[KindCount] = Field(description="Each counts the records of its kind in the year.")
    may_edit: bool


class ReportVersionRow(BaseModel):
    """One saved version of the words."""

    version: int
    saved_at: datetime


class ReportVersionOut(ReportVersionRow):
    """The words of one version."""

    passages: list[PassageOut]
