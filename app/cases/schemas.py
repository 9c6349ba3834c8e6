"""What cases take and give."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.cases.lifecycle import CaseAction, CaseState
from app.cases.rules import CaseKind, Judgement, ProblemClass
from app.core.language.text import Input, Line, Post, Remark, Title

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class CaseIn(Input):
    """What is reported."""

    kind: CaseKind = Field(
        description="A call of a member, a company's problem, or what was found on a visit."
    )
    title: Title = Field(
        description="What it is about, in a line.", examples=["调研需要查阅近三年的入学数据"]
    )
    body: Post = Field(description="What it is about: who, where, since when, what would help.")
    company: Title | None = Field(
        default=None, description="Of a company's problem: its name; a new one joins the register."
    )
    problem_class: ProblemClass | None = Field(
        default=None, description="Of a company's problem: what it is about."
    )
    contact: Line = Field(
        default="", description="Of a company's problem: whom to ask there; read by staff alone."
    )


class CaseStepIn(Input):
    """One step; `unit_id` and `due_on` go with an assignment, `answer` with an answer."""

    action: CaseAction = Field(description="One of the case's `actions`.")
    reason: Remark | None = Field(default=None, description="Why, or what the reporter says of the answer.")
    unit_id: Id | None = Field(default=None, description="Who shall answer.")
    due_on: date | None = Field(
        default=None, description="By when; else as the organization's settings count working days."
    )
    answer: Post | None = Field(default=None, description="The answer.")


class CaseActionOut(BaseModel):
    """A step that the caller may run now."""

    action: CaseAction
    action_label: str = Field(examples=["受理"])
    needs_reason: bool


class CaseRow(BaseModel):
    """A case in a list."""

    id: int
    version: int = Field(description="Goes back as `If-Match` with steps.")
    state: CaseState
    state_label: str = Field(examples=["办理中"])
    kind: CaseKind
    kind_label: str = Field(examples=["履职呼叫"])
    title: str
    body: str
    reporter: str
    seat_id: int | None = Field(description="The reporter's seat; null when staff reported it.")
    company_id: int | None
    company: str | None
    problem_class: ProblemClass | None
    problem_class_label: str | None = Field(examples=["融资"])
    unit_id: int | None
    unit: str | None = Field(description="Who answers; null: the office itself.")
    due_on: date | None = Field(description="The last day for the answer.")
    late: bool = Field(description="That day has gone by without an answer.")
    answer: str | None
    answered_at: datetime | None
    in_time: bool | None = Field(description="Whether it was answered by its day.")
    judgement: Judgement | None
    judgement_label: str | None = Field(examples=["基本满意"])
    created_at: datetime
    actions: list[CaseActionOut]


class CaseStepOut(BaseModel):
    """One step that was taken."""

    at: datetime
    action: CaseAction
    action_label: str = Field(examples=["交办"])
    state: CaseState = Field(description="Where it led.")
    state_label: str = Field(examples=["办理中"])
    name: str | None = Field(description="Who took it; reporters see no names of officials: null.")
    reason: str | None
    unit: str | None
    due_on: date | None
    answer: str | None = Field(description="Its text; to the reporter none of an answer that was taken back.")
    undone: bool = Field(description="Whether a later step took it back.")


class CaseOut(CaseRow):
    """A case with its track, oldest step first."""

    contact: str | None = Field(description="Whom to ask at the company; for staff alone, else null.")
    steps: list[CaseStepOut]


class CompanyOut(BaseModel):
    """A company of the register."""

    id: int
    name: str
    path: str = Field(description="The list of its problems.")


CaseGroup = Literal["kind", "unit", "problem_class"]


class CaseCount(BaseModel):
    """A figure; `path` is the list of exactly what it counts."""

    label: str = Field(examples=["按期答复"])
    count: int
    path: str


class CaseFigure(BaseModel):
    """The figures of one group, always the same in the same order."""

    key: str
    label: str
    counts: list[CaseCount]


class CaseFigures(BaseModel):
    """The figures of cases by one division; cases outside of it (without a unit, a class) count in the whole alone."""

    whole: CaseFigure
    groups: list[CaseFigure]
