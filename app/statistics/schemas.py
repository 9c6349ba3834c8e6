"""What the statistics give."""

from datetime import date

from pydantic import BaseModel, Field

from app.core.paging import Page
from app.proposals.assignments.rules import DeadlineKind
from app.proposals.lifecycle import ProposalState
from app.proposals.schemas import ProposalRow
from app.statistics.rules import FigureName, Measure


class PeriodOut(BaseModel):
    """What is counted: the proposals of a window, or what was handed to units from a day to another."""

    label: str = Field(examples=["2026年度"])
    window_id: int | None
    starts_on: date
    ends_on: date


class StatisticsUnit(BaseModel):
    """A handling unit."""

    id: int
    name: str = Field(examples=["市教育局"])
    kind: str
    kind_label: str = Field(examples=["政府部门"])


class UnitFigure(BaseModel):
    """A figure and the list of what it counts."""

    figure: FigureName
    figure_label: str = Field(examples=["按时答复"])
    count: int
    path: str | None = Field(description="The list of exactly its proposals; null for who may not see it.")


class MeasureOut(BaseModel):
    """A rate: the sum of `parts` divided by `whole`."""

    measure: Measure
    measure_label: str = Field(examples=["办理及时率"])
    how: str = Field(description="Its formula in words, for members.")
    parts: list[FigureName]
    whole: FigureName
    whole_label: str = Field(examples=["到期或已答复"])
    rate: float | None = Field(
        description="0 to 1; null where there is nothing to judge by.", examples=[0.9565]
    )
    apart: FigureName | None = Field(
        description="A part whose share is shown by itself: basically satisfied."
    )
    apart_label: str | None = Field(examples=["结果基本满意"])
    share_apart: float | None = Field(description="That share, 0 to 1.")


class RankedMeasure(MeasureOut):
    """A rate with the unit's rank in it."""

    rank: int | None = Field(description="Among all units that have the rate; ties share a rank.")


class LeagueRow(BaseModel):
    """A unit in the league."""

    rank: int | None = Field(description="By the rate that was asked for; null where the unit has none yet.")
    unit: StatisticsUnit
    figures: list[UnitFigure]
    measures: list[MeasureOut]


class League(Page[LeagueRow]):
    """The units, best first by one rate; who works for one sees that one only, beside the average."""

    period: PeriodOut
    by: Measure
    by_label: str = Field(examples=["办理及时率"])
    average: list[MeasureOut] = Field(description="The rates of all units together.")


class UnitStatistics(BaseModel):
    """One unit's figures."""

    period: PeriodOut
    unit: StatisticsUnit
    figures: list[UnitFigure]
    measures: list[RankedMeasure]
    average: list[MeasureOut] = Field(description="The rates of all units together.")


class CountedProposal(ProposalRow):
    """A proposal that a figure counts."""

    count: int = Field(
        description="How much of the figure is its: 1, or its suggestions, commitments, ratings."
    )


class Counted(BaseModel):
    """How many there are, and the list of them."""

    count: int
    path: str


class CountedState(Counted):
    """How many proposals stand in a state."""

    state: ProposalState
    state_label: str = Field(examples=["办理中"])


class CountedDeadline(Counted):
    """How many deadlines of a kind are overdue."""

    kind: DeadlineKind
    kind_label: str = Field(examples=["答复提案人"])


class Overview(BaseModel):
    """What a leader looks at first."""

    states: list[CountedState]
    overdue: list[CountedDeadline] = Field(
        description="By kind; kinds of which none is overdue are left out."
    )
    open_commitments: Counted
    overdue_commitments: Counted
    supervised: Counted = Field(description="Key proposals that leaders look after this month.")
    mine: Counted = Field(description="Those that I look after this month; for staff all of them.")


class MonthOfActs(Counted):
    """A month: `count` members acted."""

    month: date = Field(description="Its first day.")
    acts: int


class SectorOfActs(Counted):
    """A sector: `count` of its members acted."""

    id: int
    name: str = Field(examples=["教育界"])
    seats: int = Field(description="Seats held at any time of the year.")
    acts: int


class Participation(BaseModel):
    """What members did in a duty year: acts of their own whose records the caller may open."""

    year: int
    label: str = Field(examples=["2026年度"])
    months: list[MonthOfActs] = Field(description="From its first month to the present one.")
    sectors: list[SectorOfActs] = Field(description="In their order; silent ones too.")


class ActiveMember(BaseModel):
    """A member who acted."""

    seat_id: int
    name: str
    sector: str
    acts: Counted


class SubjectOfProposals(BaseModel):
    """The proposals of a subject."""

    category: str = Field(examples=["民生保障"])
    under_review: Counted
    on_file: Counted


class Subjects(BaseModel):
    """Subjects, the one with the most proposals first."""

    items: list[SubjectOfProposals]
