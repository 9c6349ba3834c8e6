"""Working days by the official Chinese calendar of holidays and make-up days (调休), and deadlines counted in them."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from chinese_calendar import Holiday, holidays, workdays

from app.core import clock

_SATURDAY = 5
#: Stands in the sentence of a day that was counted without the holidays of its year.
DOUBT = "暂按周一至周五"
#: Holidays or days that a sentence names.
_NAMED = 3


@dataclass(frozen=True)
class SpecialDay:
    """A day for which its weekday does not decide: a day of a holiday, or a make-up day."""

    is_workday: bool
    name: str


def _name(holiday: str) -> str:
    short: str = Holiday(holiday).chinese
    return {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}.get(short, short)


#: As the State Council has announced them.
_OFFICIAL = {day: SpecialDay(is_workday=False, name=_name(of)) for day, of in holidays.items()} | {
    day: SpecialDay(is_workday=True, name=f"{_name(of)}调休") for day, of in workdays.items()
}
_OFFICIAL_YEARS = frozenset(day.year for day in _OFFICIAL)


@dataclass(frozen=True)
class Calendar:
    """Which days are working days: the overrides of staff, else the official calendar, else Monday to Friday."""

    overrides: Mapping[date, SpecialDay] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """Whether offices work on `day`."""
        special = self._special(day)
        return special.is_workday if special else day.weekday() < _SATURDAY

    def name(self, day: date) -> str:
        """国庆节, 国庆节调休; empty for an ordinary day."""
        special = self._special(day)
        return special.name if special else ""

    def knows(self, year: int) -> bool:
        """Whether the holidays of `year` were announced to us; one override is taken for all of its year."""
        return year in _OFFICIAL_YEARS or any(day.year == year for day in self.overrides)

    def _special(self, day: date) -> SpecialDay | None:
        return self.overrides.get(day) or _OFFICIAL.get(day)


@dataclass(frozen=True)
class Due:
    """The last day of a period, and how it was found: a sentence for members."""

    on: date
    how: str


def after_workdays(calendar: Calendar, start: date, count: int) -> Due:
    """The `count`th working day after `start`, which itself does not count."""
    if count < 1:
        raise ValueError("a period has at least one day")
    on = start
    for _ in range(count):
        on = _next_workday(calendar, on)
    passed = list(days(start, on))[1:]
    off = [day for day in passed if calendar.name(day) and not calendar.is_workday(day)]
    made_up = [day for day in passed if day.weekday() >= _SATURDAY and calendar.is_workday(day)]
    how = f"自{clock.in_words(start)}起{count}个工作日"
    if off:
        how += f"，扣除{_some(calendar.name(day) for day in off)}放假{len(off)}天"
    if made_up:
        how += f"，计入{_some(f'{day.month}月{day.day}日' for day in made_up)}调休上班"
    return Due(on, f"{how}，至{_with_weekday(on)}{_doubt(calendar, passed[0], on)}")


def after_months(calendar: Calendar, start: date, months: int) -> Due:
    """The same day of a later month, else that month's last; from a day off it moves to the next working day.

    As articles 202 and 203 of the Civil Code have it.
    """
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    last = monthrange(year, month)[1]
    nominal = on = date(year, month, min(start.day, last))
    how = f"自{clock.in_words(start)}起{months}个月"
    if start.day > last:
        how += f"，{month}月没有{start.day}日，以月末为准"
    how += f"，至{_with_weekday(on)}"
    if not calendar.is_workday(on):
        name = calendar.name(on)
        on = _next_workday(calendar, on)
        how += f"，因{f'{name}放假' if name else '周末休息'}顺延至{_with_weekday(on)}"
    elif on.weekday() >= _SATURDAY:
        how += "，当日调休上班"
    return Due(on, how + _doubt(calendar, nominal, on))


def workdays_between(calendar: Calendar, start: date, end: date) -> int:
    """How many working days `end` lies after `start`, which itself does not count; negative when it lies before."""
    if end < start:
        return -workdays_between(calendar, end, start)
    # a day may be centuries away: weeks are not walked through
    special = (day for day in {*_OFFICIAL, *calendar.overrides} if start < day <= end)
    moved: int = sum(calendar.is_workday(day) - (day.weekday() < _SATURDAY) for day in special)
    return _weekdays(end) - _weekdays(start) + moved


def _weekdays(day: date) -> int:
    """How many days from Monday to Friday there were up to `day`, from the first of the calendar, a Monday."""
    weeks, more = divmod(day.toordinal(), 7)
    return 5 * weeks + min(more, 5)


def days(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def unknown_years(calendar: Calendar, first: date, last: date) -> list[int]:
    """The years of a period in which nothing but the weekday decides."""
    return [year for year in range(first.year, last.year + 1) if not calendar.knows(year)]


def _next_workday(calendar: Calendar, after: date) -> date:
    return next(day for day in days(after, date.max) if day > after and calendar.is_workday(day))


def _doubt(calendar: Calendar, first: date, last: date) -> str:
    years = "、".join(f"{year}年" for year in unknown_years(calendar, first, last))
    return f"；系统中尚无{years}的放假安排，{DOUBT}为工作日计算" if years else ""


def _some(names: Iterable[str]) -> str:
    """The first few of some names; a sentence must stay one that is read."""
    each = list(dict.fromkeys(names))
    return "、".join(each[:_NAMED]) + ("等" if len(each) > _NAMED else "")


def _with_weekday(day: date) -> str:
    return f"{clock.in_words(day)}（周{'一二三四五六日'[day.weekday()]}）"
