"""Heat (热力): the published formula as data, and the pure functions that apply it.

The board computes it in SQL from the same data (`queries.py`); `score` gives the lines that explain one seat, and
their sum is the heat of its row.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from app.core import clock
from app.people.models import STANDING_POSTS

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


class Part(StrEnum):
    """What gives heat."""

    OPINION = "opinion"
    REPLY = "reply"
    UPDATE = "update"
    ECHO = "echo"


POINTS = {Part.OPINION: 3, Part.REPLY: 2, Part.UPDATE: 3, Part.ECHO: 1}
LABELS = {Part.OPINION: "议题意见", Part.REPLY: "回复委员", Part.UPDATE: "履职动态", Part.ECHO: "获得回应"}
DAY_CAP = 30
HALF_LIFE_DAYS = 7
#: Days that the "now" board looks back: ten half-lives, after which a point weighs under a thousandth.
NOW_DAYS = 70
#: Weights are kept in ten-thousandths, so that sums are exact and one order of adding is as good as another.
WHOLE = 10_000

SAME_TOPIC = "同一议题当日已计"
SAME_MEMBER = "同一委员在统计期内只计一次"
FULL_DAY = f"当日已满{DAY_CAP}分"
OWN = "回复本人，不计"
NOBODY = "没有回复其他委员，不计"

FORMULA: dict[str, Any] = {
    "text": [
        "热力反映网络议政的参与程度，按组织所在时区的自然日计算，计分规则如下：",
        f"在网络议政议题下发表意见，每次{POINTS[Part.OPINION]}分，同一议题每天只计一次。",
        "意见指直接写在议题下的发言，写在意见之下的发言算回复。",
        f"回复其他委员，每条{POINTS[Part.REPLY]}分；回复对象依次为所引用的发言、所在的上级发言、动态或笔记的作者。",
        f"发布履职动态，每条{POINTS[Part.UPDATE]}分。",
        f"统计期内每有一位其他委员回复或赞同您，计{POINTS[Part.ECHO]}分，记在其首次回应的那一天，同一委员只计一次。",
        f"每天最多{DAY_CAP}分；与本人的互动、机关工作人员的互动、已删除或已隐藏的内容都不计。",
        "统计期分为本周（周一至周日）、本月、履职年度、本届和实时。",
        f"实时榜统计最近{NOW_DAYS}天，每天的得分每过{HALF_LIFE_DAYS}天减半（权重取四位小数），合计后保留一位小数。",
        "主席、副主席、秘书长、常务委员单独列榜，“全部”榜只排其他委员；界别榜和专委会榜两者都排。",
        "得分相同名次并列；只排统计期内在任且有得分的委员，当前统计期不排已离任的委员。",
    ],
    "points": {part.value: points for part, points in POINTS.items()},
    "once": {"opinion": "topic_and_day", "echo": "member_and_window"},
    "day_cap": DAY_CAP,
    "half_life_days": HALF_LIFE_DAYS,
    "now_days": NOW_DAYS,
    "standing_posts": [post.value for post in STANDING_POSTS],
}


@dataclass(frozen=True)
class Span:
    """A window around a local day: its name in the `board` table, and its first and last local day."""

    window: Window
    on: date
    first: date
    last: date
    key: str


@dataclass(frozen=True)
class Calendar:
    """What windows of an organization depend on; `terms` are `(id, first day, last day)`."""

    zone: str
    year_starts: str
    terms: Sequence[tuple[int, date, date]]


def span(calendar: Calendar, window: Window, on: date) -> Span | None:
    """The window of `on`; None when no term of the organization holds that day and a term is asked for."""
    if window == "week":
        first = on - timedelta(days=on.weekday())
        return Span(window, on, first, first + timedelta(days=6), f"week:{first}")
    if window == "month":
        first = on.replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return Span(window, on, first, last, f"month:{first:%Y-%m}")
    if window == "duty_year":
        year = clock.duty_year(on, calendar.year_starts)
        return Span(window, on, *clock.duty_year_days(year, calendar.year_starts), f"duty_year:{year}")
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


class Act(NamedTuple):
    """Something shown that a seat did, or (`ECHO`) that another member did for it; `on` is its local day.

    `topic_id` is that of an opinion; `other` is whom a reply answers (None for staff and nobody), or who echoes;
    `title` says what it was.
    """

    part: Part
    at: datetime
    on: date
    subject: tuple[str, int]
    topic_id: int | None = None
    other: int | None = None
    title: str = ""


class Line(NamedTuple):
    """What one act gave.

    `counted` says whether it is one of the row's parts, `reason` why it gave less than its points.
    """

    act: Act
    counted: bool
    points: int
    reason: str | None


def score(seat_id: int, acts: Iterable[Act]) -> list[Line]:
    """The lines of a seat for its acts in a window, oldest first."""
    seen: set[tuple[object, ...]] = set()
    given: defaultdict[date, int] = defaultdict(int)
    lines = []
    for act in sorted(acts, key=lambda act: (act.at, act.part, act.subject)):
        reason = _refusal(seat_id, act, seen)
        points = 0
        if reason is None:
            points = min(POINTS[act.part], DAY_CAP - given[act.on])
            given[act.on] += points
        lines.append(
            Line(act, reason is None, points, reason or (FULL_DAY if points < POINTS[act.part] else None))
        )
    return lines


def _refusal(seat_id: int, act: Act, seen: set[tuple[object, ...]]) -> str | None:
    """Why an act does not count after those that were `seen`."""
    if act.part is Part.REPLY and act.other is None:
        return NOBODY
    if act.part is not Part.OPINION and act.other == seat_id:
        return OWN
    once: tuple[object, ...] | None = None
    if act.part is Part.OPINION:
        once, refusal = (Part.OPINION, act.topic_id, act.on), SAME_TOPIC
    elif act.part is Part.ECHO:
        once, refusal = (Part.ECHO, act.other), SAME_MEMBER
    if once is None:
        return None
    if once in seen:
        return refusal
    seen.add(once)
    return None


def total(lines: Iterable[Line], span: Span) -> float:
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
