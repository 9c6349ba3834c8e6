"""What points say: scores with lines, boards, rulesets and what a draft would move."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from app.heat.schemas import BoardSeat
from app.people.organizations.schemas import YearLabel
from app.points.ruleset_schemas import RulesetState


class Progress(BaseModel):
    """How far scores under a ruleset are computed."""

    done: int
    total: int


class RulesetOut(BaseModel):
    """One version of the rules of a duty year."""

    id: int
    duty_year: int
    version: int
    name: str
    state: RulesetState
    state_label: str
    reason: str
    created_at: datetime
    created_by: str = Field(description="Name.")
    tried_at: datetime | None = Field(description="When all scores under it were last computed.")
    published_at: datetime | None
    published_by: str | None


class RulesetDetail(RulesetOut):
    """A version with its text and its rules in words."""

    text: str
    label: YearLabel
    obstacle: str | None = Field(
        description="Why it cannot be tried: it is for years that begin on another day."
    )
    formula: list[str]
    progress: Progress | None = Field(description="Null before it was tried.")


class RuleMove(BaseModel):
    """What one rule gives a seat before and after."""

    rule: str
    label: str
    before: float
    after: float


class Move(BaseModel):
    """How a seat moves from the rules in force to another version."""

    seat: BoardSeat
    before: float | None = Field(description="Points in force; null when there are no rules yet.")
    after: float
    rank_before: int | None
    rank_after: int
    why: list[RuleMove] = Field(description="The rules that give another sum.")


class MovesPage(BaseModel):
    """Who moves, the farthest first, on one board."""

    board: str
    board_label: str
    progress: Progress
    up: int = Field(description="Seats on the board that gain points.")
    down: int
    items: list[Move]
    next: str | None


class Reason(BaseModel):
    """Why records gave nothing, or less."""

    reason: str
    records: int = Field(description="How many; 0 where it is about base points or a full mark.")


class ScoreLine(BaseModel):
    """What one rule gave."""

    id: str
    label: str
    says: str = Field(description="The rule in words.", examples=["每件15分，每年只计一次"])
    clause: str = Field(description="As it was published.")
    points: float
    records: int = Field(description="Records that the rule is about.")
    counted: int = Field(description="Those of them that gave points.")
    reasons: list[Reason]
    path: str | None = Field(description="Opens the records; null when there are none, or none for me.")


class DutyOut(BaseModel):
    """A minimum duty of the year."""

    id: str
    label: str
    done: int
    due: int
    unit: str = Field(description="Of `done` and `due`.", examples=["件"])
    met: bool
    advice: str = Field(description="What would meet it.")
    records: int
    path: str | None


class BandOut(BaseModel):
    """The band that is reached on one scale."""

    scale: str
    label: str
    colour: str | None = Field(examples=["#c0392b"])


class Standing(BaseModel):
    """The place of a seat on its board."""

    board: str
    board_label: str
    division: str | None = Field(
        description="The sector or committee among whose seats it is ranked; of several committees the best one.",
        examples=["经济委员会"],
    )
    rank: int = Field(description="Equal points share a rank: 1, 1, 3.")
    count: int = Field(description="Seats on the board, or of the division.")
    bands: list[BandOut]


class ScoreOut(BaseModel):
    """The score of a seat in a duty year; its lines add up to `points`."""

    seat: BoardSeat
    duty_year: int
    label: YearLabel
    starts_on: date
    ends_on: date
    ruleset_id: int
    ruleset: str = Field(description="What the rules are called.")
    version: int
    points: float
    months: int = Field(description="Months of the year in which the seat was held.")
    pass_mark: float | None
    passed: bool | None
    standing: Standing | None
    lines: list[ScoreLine]
    unscored: int = Field(description="Records that no rule is about; for the member and the secretariat.")
    unscored_path: str | None
    minimums: list[DutyOut] = Field(description="For the member and the secretariat; empty for others.")


class ScoredRecord(BaseModel):
    """One record and what it gave."""

    id: int
    kind: str
    kind_label: str
    on: date
    quantity: int = Field(description="In `unit`: half-days, minutes; 1 where nothing else is counted.")
    unit: str = Field(examples=["半天"])
    title: str
    path: str | None = Field(description="Opens its subject; null when I may not see it.")
    points: float
    reason: str | None = Field(description="Why it gave nothing, or less.", examples=["每年只计一次"])


class ScoredRecords(BaseModel):
    """A page of records behind a line, newest first."""

    count: int = Field(description="In the whole list.")
    points: float = Field(description="What the whole list gave.")
    items: list[ScoredRecord]
    next: str | None


class PointsRow(BaseModel):
    """One row of a points board."""

    rank: int
    seat: BoardSeat
    points: float
    months: int
    minimums_met: bool
    bands: list[BandOut]
    score: str = Field(description="Opens the score.", examples=["/api/v1/seats/7/score?year=2026"])


class BoardChoice(BaseModel):
    """A board that the rules have."""

    id: str
    label: str


class DivisionOut(BaseModel):
    """A sector or committee on a board that ranks each by itself."""

    id: int = Field(description="`sector_id` or `committee_id` opens it; 0: seats of no committee.")
    label: str
    count: int
    average: float = Field(description="Points of its seats on average.")


class PointsBoard(BaseModel):
    """A page of a board of points, best first, with the published rules."""

    duty_year: int
    label: YearLabel
    starts_on: date
    ends_on: date
    board: str
    board_label: str
    boards: list[BoardChoice]
    by: Literal["sector", "committee"] | None = Field(description="Each of them is ranked by itself.")
    by_label: str | None = Field(examples=["专委会"])
    division: int | None = Field(description="The one that is shown.")
    divisions: list[DivisionOut] = Field(description="All of them, that of the highest average first.")
    count: int
    items: list[PointsRow]
    next: str | None
    mine: PointsRow | None
    ruleset_id: int
    ruleset: str
    formula: list[str]


class SnapshotName(BaseModel):
    """A snapshot that there is."""

    figure: Literal["heat", "points"]
    figure_label: str = Field(examples=["积分榜"])
    month: str = Field(examples=["2026-10"])
    taken_at: datetime


class SnapshotRow(BaseModel):
    """One row as it stood when the month had ended."""

    rank: int
    seat: BoardSeat
    value: float = Field(
        description="Heat of the month, or points of the duty year up to its end; as it was."
    )
    now: float = Field(description="The same figure after all corrections since.")
    correction: str | None = Field(description="What was corrected.", examples=["快照之后作废1条，现为12"])


class SnapshotPage(SnapshotName):
    """A page of a board as it stood, best first."""

    board: str
    board_label: str
    boards: list[BoardChoice]
    formula: int | None = Field(
        description="The version of the formula of heat by which it was made.", examples=[2]
    )
    note: str | None = Field(description="What is to be known of the whole board, in words.")
    count: int
    items: list[SnapshotRow]
    next: str | None
