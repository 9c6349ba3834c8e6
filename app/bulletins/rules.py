"""Pure rules of bulletins: what counts as an act, who sees what, and the arithmetic of fair comparison."""

from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.duty.kinds import KINDS

DAY = timedelta(days=1)
#: Stands for all kinds of duty that were done: `ACTS`.
ANY = "any"
ACTS = [kind.name for kind in KINDS.values() if not kind.missed]

Dimension = Literal["sector", "committee", "body"]
DIMENSION_LABELS: dict[Dimension, str] = {"sector": "界别", "committee": "专委会", "body": "参加单位"}


class BulletinState(StrEnum):
    """Where a version stands: the latest one that is published is in force."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


STATE_LABELS = {
    BulletinState.DRAFT: "草稿",
    BulletinState.PUBLISHED: "已发布",
    BulletinState.SUPERSEDED: "已更正",
}

#: How the figures were made, in the words that stand on every bulletin.
HOW = (
    "数据来自履职台账，统计后不再变动；以后台账有更正的，以更正版为准。上年数按统计时的台账计算，可能与上年已发布的通报不同。",
    "件（场）数按事项计，一件提案多人联名、一场会议多人出席，各计一件（场）；人次按每名委员的每条记录计。",
    "委员按席位计，换届之年连任的，在两届各计一席；折合人数＝委员在任天数之和÷全年天数。",
    "人均＝人次÷折合人数，增减按人均计算；年度未结束的，统计到当日，与上年同期比较。",
    "一名委员参加几个专委会、参加单位的，在各专委会、单位分别统计；界别、专委会以统计时所在为准。",
    "党派、团体和小组的成员以各年统计的最后一日为准；集体提案按立案日期计入提出它的单位。",
)


def manages(actor: Actor) -> bool:
    """Whether the actor makes bulletins, and so sees all of them."""
    return actor.may(Permission.BULLETIN_MANAGE)


def opens(actor: Actor, kind: str | None) -> bool:
    """Whether the actor may open, by sector or by name, who did something of a kind."""
    return manages(actor) or kind is None or (kind in KINDS and KINDS[kind].open)


def label(year: int, of: Any) -> str:
    """What one of the two years of a bulletin's row is called beside the other."""
    if year == of.duty_year:
        return "本年"
    return "上年" if of.counted_on == of.ends_on else "上年同期"


def days_held(starts_on: date, ends_on: date, first: date, last: date) -> int:
    """On how many days from `first` to `last` a seat was held."""
    return max((min(ends_on, last) - max(starts_on, first)).days + 1, 0)


def same_day_before(day: date) -> date:
    """The day a year before; of 29 February the 28th."""
    return (
        day.replace(year=day.year - 1, day=28)
        if (day.month, day.day) == (2, 29)
        else day.replace(year=day.year - 1)
    )


def same_stretch_before(first: date, before_first: date, today: date) -> date:
    """The day up to which the year before, begun on `before_first`, is counted beside one begun on `first`.

    A year before or as many days after the beginning, should the years have begun on different days; never beyond it.
    """
    regular = before_first == same_day_before(first)
    day = same_day_before(today) if regular else before_first + (today - first)
    return min(day, first - DAY)


def per_head(records: int, days: int, gone: int) -> Fraction | None:
    """Records for each member who sat on all of the `gone` days; None where nobody sat."""
    return Fraction(records * gone, days) if days else None


def change(now: Fraction | None, before: Fraction | None) -> float | None:
    """How much more there is than before, as a share of it; None where there is nothing to compare with."""
    return round(float(now / before - 1), 4) if now is not None and before else None
