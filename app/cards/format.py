"""The shape of a duty memorial card: what a poster, a story and the public check read. All of it is JSON."""

from typing import Literal

from typing_extensions import TypedDict  # pydantic asks for it before Python 3.12

FORMAT = "lvyi.card/1"
ISSUED_FORMAT = "lvyi.issued-card/1"

SectionKind = Literal[
    "opening",
    "days",
    "updates",
    "deliberation",
    "proposals",
    "opinions",
    "activities",
    "service",
    "consultation",
    "reading",
    "keywords",
    "companions",
    "milestones",
    "honors",
    "shortfall",
    "closing",
]


class PeriodDict(TypedDict):
    """A duty year or a term; days are local days `YYYY-MM-DD`, and belong to it.

    `as_of` is the day until which the card counts: that of its making while the period runs, else the last.
    """

    kind: Literal["year", "term"]
    label: str
    starts_on: str
    ends_on: str
    complete: bool
    as_of: str


class SeatDict(TypedDict):
    """Whose card it is, in the words that stand on it."""

    id: int
    name: str
    sector: str
    committees: list[str]
    post: str
    organization: str
    term: str


class FigureDict(TypedDict):
    """One number, and the API path that opens exactly the records it counts; of `keywords` the label is the word."""

    key: str
    label: str
    value: int | float
    unit: str
    records: str | None


class ItemDict(TypedDict):
    """One thing worth naming: a proposal, an honor, a companion."""

    title: str
    detail: str
    on: str | None


class PointDict(TypedDict):
    """One bar of a section's chart."""

    label: str
    value: int


class SectionDict(TypedDict):
    """One page of the card. `shortfall` is for its owner alone and is on nothing that is shared."""

    kind: SectionKind
    title: str
    text: str
    figures: list[FigureDict]
    items: list[ItemDict]
    series: list[PointDict]


class CardDict(TypedDict):
    """A whole card; `format` is `FORMAT`."""

    format: str
    period: PeriodDict
    seat: SeatDict
    sections: list[SectionDict]


class IssueDict(TypedDict):
    """What makes a card an issued one; the public page `/c/{code}` says whether it still stands."""

    code: str
    version: int
    issued_at: str


class IssuedCardDict(CardDict):
    """The content of an issued card, which is signed; `format` is `ISSUED_FORMAT`."""

    issue: IssueDict
