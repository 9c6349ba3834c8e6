"""Heat (热力): the published formula as data, and the pure functions that apply it.

The board computes it in SQL from the same data (`queries.py`); `score` gives the lines that explain one seat, and
their sum is the heat of its row.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal, NamedTuple

from app.people import terms
from app.people.duty_years import DutyYears

Window = Literal["week", "month", "duty_year", "term", "now"]
WINDOW_LABELS: dict[Window, str] = {
    "week": "本周",
    "month": "本月",
    "duty_year": "履职年度",
    "term": "本届",
    "now": "实时",
}
BoardKind = Literal["all", "sector", "committee", "standing"]
BOARD_LABELS: dict[BoardKind, str] = {
    "all": "全部",
    "sector": "界别",
    "committee": "专委会",
    "standing": "常委",
}


class ScorePart(StrEnum):
    """What gives heat: what one says oneself, and each other member who responds."""

    OPINION = "opinion"
    REPLY = "reply"
    UPDATE = "update"
    ECHO = "echo"


#: Boards and snapshots name the version by which they were made: 1 counted acts, 2 counts who responds.
VERSION = 2
LABELS = {
    ScorePart.OPINION: "议题意见",
    ScorePart.REPLY: "回复委员",
    ScorePart.UPDATE: "履职动态",
    ScorePart.ECHO: "委员回应",
}
#: Days of a calendar month on which what one says oneself counts.
SPEAKING_DAYS = 2
#: Different two-character pieces (or words) that a text says at least; one that was said before says none.
SUBSTANCE = 6
#: Whoever responds has said something of substance since so many days before the window, or in it.
ACTIVE_DAYS = 365
HALF_LIFE_DAYS = 7
#: Days that the "now" board looks back: ten half-lives, after which a point weighs under a thousandth.
NOW_DAYS = 70
#: Weights are kept in ten-thousandths, so that sums are exact and one order of adding is as good as another.
WHOLE = 10_000

SHORT = "内容太少，不计"
COPY = "与近三个月已有的内容相同，不计"
OWN = "回复本人，不计"
NOBODY = "没有回复其他委员，不计"
SAME_DAY = "当天的发言已计"
FULL_MONTH = f"本月已计满{SPEAKING_DAYS}个发言日"
SAME_MEMBER = "本月已计这位委员"
RETURNED = "本月您先回应了对方，互相回应只计先得到的一方"
CIRCLE = "与本月已回应您的另一位委员互相回应，合计一位"
SILENT = "回应者近一年没有发表过有内容的发言"


@dataclass(frozen=True)
class Span:
    """A window around a local day: its name in the `board` table, and its first and last local day."""

    window: Window
    on: date
    first: date
    last: date
    key: str


@dataclass(frozen=True)
class HeatCalendar:
    """What windows of an organization depend on; `terms` are `(id, first day, last day)`."""

    zone: str
    years: DutyYears
    terms: Sequence[tuple[int, date, date]]


def shown_day(calendar: HeatCalendar, today: date) -> date:
    """The day whose members are ranked: today, or between terms the last day of the term that has ended."""
    return terms.shown_day([term[1:] for term in calendar.terms], today)


def span(calendar: HeatCalendar, window: Window, on: date) -> Span | None:
    """The window of `on`; None when no term of the organization holds that day and a term is asked for."""
    if window == "week":
        first = on - timedelta(days=on.weekday())
        return Span(window, on, first, first + timedelta(days=6), f"week:{first}")
    if window == "month":
        first = on.replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return Span(window, on, first, last, f"month:{first:%Y-%m}")
    if window == "duty_year":
        first, last = calendar.years.days(calendar.years.of(on))
        # by its days, not its name: a process may still reckon by the years of a minute ago
        return Span(window, on, first, last, f"year:{first:%y%m%d}-{last:%y%m%d}")
    if window == "now":
        return Span(window, on, on - timedelta(days=NOW_DAYS), on, f"now:{on}")
    for term_id, first, last in calendar.terms:
        if first <= on <= last:
            return Span(window, on, first, last, f"term:{term_id}")
    return None


def weights(span: Span) -> dict[date, int] | None:
    """What a point of each day weighs, in ten-thousandths; None where every day weighs the same."""
    if span.window != "now":
        return None
    days = (span.last - span.first).days
    return {
        span.last - timedelta(days=age): round(WHOLE * 0.5 ** (age / HALF_LIFE_DAYS))
        for age in range(days + 1)
    }


def rounded(ten_thousandths: int) -> float:
    """A sum of weighted points, to one decimal, half up."""
    return (ten_thousandths + WHOLE // 20) // (WHOLE // 10) / 10


class HeatAct(NamedTuple):
    """Something shown that a seat did, or (`ECHO`) that another member did for it; `on` is its local day.

    `topic_id` is that of an opinion; `other` is whom a reply answers (None for staff and nobody), or who responds;
    `title` says what it was, `flaw` why its text says too little.
    """

    part: ScorePart
    at: datetime
    on: date
    subject: tuple[str, int]
    topic_id: int | None = None
    other: int | None = None
    title: str = ""
    flaw: str | None = None


class FormulaLine(NamedTuple):
    """What one act gave: one point where it `counted`, else nothing for a `reason`."""

    act: HeatAct
    counted: bool
    points: int
    reason: str | None


class Given(NamedTuple):
    """The first response of the seat itself to another member in a month."""

    to: int
    month: int
    at: datetime


@dataclass(frozen=True)
class Circle:
    """What else is known of those who responded to a seat.

    `given` is what the seat gave them; `mutual` holds `(month, one, other)` of those who responded to each other, both
    ways round; `silent` are those who said nothing of substance themselves.
    """

    given: Iterable[Given] = ()
    mutual: Collection[tuple[int, int, int]] = frozenset()
    silent: Collection[int] = frozenset()


def flaw(substance: int | None) -> str | None:
    """Why a text says too little; one that was never measured is taken for sound."""
    if substance is None or substance >= SUBSTANCE:
        return None
    return SHORT if substance else COPY


def month(on: date) -> int:
    """The calendar month of a day, as a number."""
    return on.year * 12 + on.month


def score(seat_id: int, acts: Iterable[HeatAct], circle: Circle) -> list[FormulaLine]:
    """The lines of a seat for its acts in a window, oldest first."""
    own, responses = _Speaking(seat_id), _Responses(seat_id, circle)
    lines = []
    for act in sorted(acts, key=_order):
        reason = act.flaw or (responses if act.part is ScorePart.ECHO else own).refusal(act)
        lines.append(FormulaLine(act, reason is None, int(reason is None), reason))
    return lines


def _order(act: HeatAct) -> tuple[datetime, int, ScorePart, tuple[str, int]]:
    return (act.at, (act.other or 0) if act.part is ScorePart.ECHO else 0, act.part, act.subject)


class _Speaking:
    """The days on which a seat spoke, by month."""

    def __init__(self, seat_id: int) -> None:
        self._seat_id = seat_id
        self._days: defaultdict[int, set[date]] = defaultdict(set)

    def refusal(self, act: HeatAct) -> str | None:
        """Why an own act gives nothing."""
        if act.part is ScorePart.REPLY and act.other in {None, self._seat_id}:
            return NOBODY if act.other is None else OWN
        days = self._days[month(act.on)]
        if act.on in days:
            return SAME_DAY
        if len(days) == SPEAKING_DAYS:
            return FULL_MONTH
        days.add(act.on)
        return None


class _Responses:
    """Those who responded to a seat, by month."""

    def __init__(self, seat_id: int, circle: Circle) -> None:
        self._seat_id, self._circle = seat_id, circle
        self._given = {(one.month, one.to): one.at for one in circle.given}
        self._heard: defaultdict[int, set[int]] = defaultdict(set)

    def refusal(self, act: HeatAct) -> str | None:
        """Why a response gives nothing."""
        by, when = act.other, month(act.on)
        if by is None or by == self._seat_id:
            return OWN
        heard = self._heard[when]
        if by in heard:
            return SAME_MEMBER
        before = any((when, by, other) in self._circle.mutual for other in heard)
        heard.add(by)
        given = self._given.get((when, by))
        if given is not None and (given, self._seat_id) < (act.at, by):
            return RETURNED
        if before:
            return CIRCLE
        return SILENT if by in self._circle.silent else None


def total(lines: Iterable[FormulaLine], span: Span) -> float:
    """The heat that the lines of a window add up to."""
    weight = weights(span)
    if weight is None:
        return sum(line.points for line in lines)
    return rounded(sum(line.points * weight[line.act.on] for line in lines))


def ranks(heats: Iterable[float]) -> list[int]:
    """The ranks of heats in falling order: equal ones share a rank and the next one skips (1, 1, 3)."""
    found: list[int] = []
    before: float | None = None
    for place, heat in enumerate(heats, start=1):
        found.append(found[-1] if heat == before else place)
        before = heat
    return found
