"""What leaderboards say."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from app.heat.formula import BoardKind, ScorePart, Window


class BoardWindow(BaseModel):
    """The window that is counted; both local days belong to it."""

    kind: Window
    kind_label: str = Field(examples=["本周"])
    starts_on: date
    ends_on: date


class BoardGroup(BaseModel):
    """The sector or committee of a board."""

    id: int
    name: str


class BoardSeat(BaseModel):
    """Whose row it is."""

    id: int
    name: str
    sector: str
    post: str
    post_label: str = Field(examples=["常务委员"])


class BoardParts(BaseModel):
    """How many acts count, each one point; a day on which one spoke stands under what was said first."""

    opinions: int = Field(description="Opinions in topics.")
    replies: int = Field(description="Replies to other members.")
    updates: int
    echoes: int = Field(description="Other members who replied or supported, each once a calendar month.")


class BoardRow(BaseModel):
    """One row of a board."""

    rank: int = Field(description="Equal heat shares a rank: 1, 1, 3.")
    seat: BoardSeat
    heat: float
    parts: BoardParts
    records: str = Field(
        description="Opens the lines that add up to `heat`.",
        examples=["/api/v1/leaderboard/7/records?window=week&on=2026-11-20"],
    )


class Formula(BaseModel):
    """How heat is computed, in words and as data."""

    version: int = Field(
        description="Boards of past months name the one by which they were made.", examples=[2]
    )
    text: list[str] = Field(examples=[["热力看有多少位委员回应您，不看您发了多少条。"]])
    points: dict[str, int] = Field(examples=[{"opinion": 1, "reply": 1, "update": 1, "echo": 1}])
    once: dict[str, str] = Field(examples=[{"speaking": "day", "response": "member_and_month"}])
    speaking_days: int = Field(description="Days of a calendar month on which speaking counts.", examples=[2])
    substance: int = Field(
        description="Different pieces of two characters that a text has at least.", examples=[6]
    )
    active_days: int = Field(
        description="Whoever responds has spoken since so many days before the window.", examples=[365]
    )
    half_life_days: int = Field(examples=[7])
    now_days: int = Field(examples=[70])
    standing_posts: list[str]


class ExampleLine(BaseModel):
    """One act of an example."""

    title: str = Field(examples=["乙委员回复您"])
    part_label: str = Field(examples=["委员回应"])
    points: int
    reason: str | None = Field(description="Why it gave nothing.", examples=["本月已计这位委员"])


class Example(BaseModel):
    """What the formula gives in one case."""

    title: str = Field(examples=["一条有内容的动态，三位委员回应"])
    heat: int
    lines: list[ExampleLine]


class ExplainedFormula(Formula):
    """The formula with examples that are computed by it."""

    examples: list[Example]


class BoardPage(BaseModel):
    """A page of a leaderboard, hottest first."""

    window: BoardWindow
    board: BoardKind
    board_label: str = Field(examples=["全部"])
    group: BoardGroup | None
    as_of: datetime = Field(description="When it was computed.")
    count: int = Field(description="Rows on the whole board.")
    items: list[BoardRow]
    next: str | None = Field(description="Pass it as `cursor` for the next page; null at the end.")
    mine: BoardRow | None = Field(description="My own row; null when I am not on this board.")
    formula: Formula


class HeatLine(BaseModel):
    """What one act gave."""

    on: date = Field(description="Its local day.")
    at: datetime
    part: ScorePart
    part_label: str = Field(examples=["议题意见"])
    title: str = Field(description="What it was, in short.")
    counted: bool = Field(description="Whether it is one of the row's `parts`.")
    points: int
    weight: float = Field(description="1, but less for older days on the board of now.")
    heat: float = Field(description="`points` × `weight`.")
    reason: str | None = Field(description="Why it gave less than its points.", examples=["当天的发言已计"])
    path: str | None = Field(description="Opens the act; null when I may not see it.")


class HeatPart(BaseModel):
    """One of a row's `parts`, with what opens exactly the lines that it counts."""

    part: ScorePart
    part_label: str = Field(examples=["议题意见"])
    count: int
    path: str


class HeatLines(BaseModel):
    """A page of the lines behind one row, newest first; all lines add up to `heat`."""

    seat: BoardSeat
    window: BoardWindow
    heat: float
    parts: list[HeatPart]
    items: list[HeatLine]
    next: str | None
