"""Duty years (履职年度): the one place that knows which days a year of an organization has.

A year is named by the calendar year in which it regularly ends. It lasts from its own first day to the day before the
next year begins, whatever that one's rule is: years never overlap and no day lies between them, so the year before a
change of the rule is shorter or longer than twelve months.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Dialect, select
from sqlalchemy import column as named_column
from sqlalchemy import table as named_table
from sqlalchemy.types import TypeDecorator

from app.core import clock
from app.core.errors import Invalid
from app.core.sql import Json

CALENDAR_YEAR = "01-01"
#: The fewest and most days of a year that lies before a change: about half a year more or less than a year.
SHORTEST, LONGEST = 180, 550


def day_of_every_year(starts: str) -> str:
    """`starts` if it is a day that every year has, written as `MM-DD`; else `Invalid`."""
    try:
        is_right = f"{date.fromisoformat(f'2001-{starts}'):%m-%d}" == starts
    except ValueError:
        is_right = False
    if not is_right:
        raise Invalid(f"“{starts}”不是每年都有的日子，请写成 01-01 这样。", code="bad_period")
    return starts


def in_words(starts: str) -> str:
    """A first day as it is read: `12-01` is 12月1日."""
    month, day = starts.split("-")
    return f"{int(month)}月{int(day)}日"


def label(year: int, first: date, last: date) -> str:
    """What a duty year is called: 2026年度, with its days unless they are those of the calendar year."""
    if (first, last) == (date(year, 1, 1), date(year, 12, 31)):
        return f"{year}年度"
    return f"{year}年度（{clock.in_words(first)}至{clock.in_words(last)}）"


def _first(year: int, starts: str) -> date:
    month, day = (int(part) for part in starts.split("-"))
    return date(year if starts == CALENDAR_YEAR else year - 1, month, day)


@dataclass(frozen=True)
class YearRule:
    """From `year` on (0: always), each duty year begins on the day `starts` (`MM-DD`) that lies before its end."""

    year: int
    starts: str


@dataclass(frozen=True)
class DutyYears:
    """The duty years of one organization: rules in the order of the years from which they hold; the first from 0."""

    rules: tuple[YearRule, ...] = (YearRule(0, CALENDAR_YEAR),)

    @classmethod
    def starting(cls, starts: str) -> "DutyYears":
        """Years that have always begun on the same day."""
        return cls((YearRule(0, starts),))

    def starts(self, year: int) -> str:
        """The day on which a year begins, as `MM-DD`."""
        return next(rule.starts for rule in reversed(self.rules) if rule.year <= year)

    def first(self, year: int) -> date:
        """The first local day of a year."""
        return _first(year, self.starts(year))

    def days(self, year: int) -> tuple[date, date]:
        """First and last local day of a year."""
        return self.first(year), self.first(year + 1) - timedelta(days=1)

    def of(self, day: date) -> int:
        """The year of a local day."""
        # every year Y begins between 2 January of Y - 1 and 1 January of Y
        return day.year + (day >= self.first(day.year + 1))

    def label(self, year: int) -> str:
        """What a year is called."""
        return label(year, *self.days(year))

    def changed(self, year: int, starts: str) -> "DutyYears":
        """The same years up to `year`, which and all later ones begin on `starts`."""
        kept = tuple(rule for rule in self.rules if rule.year < year)
        if kept and kept[-1].starts == starts:
            return DutyYears(kept)
        return DutyYears((*kept, YearRule(year, starts)))


class DutyYearsType(TypeDecorator[DutyYears]):
    """Duty years as JSON: `[{"year": 0, "starts": "01-01"}, …]`."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: DutyYears | None, dialect: Dialect) -> list[dict[str, Any]] | None:
        """To the database."""
        del dialect
        return None if value is None else [vars(rule) for rule in value.rules]

    def process_result_value(self, value: list[dict[str, Any]] | None, dialect: Dialect) -> DutyYears | None:
        """From the database."""
        del dialect
        return None if value is None else DutyYears(tuple(YearRule(**rule) for rule in value))


# The table's model stands above this module, which its column's type comes from.
_o = named_table(
    "organization",
    named_column("id"),
    named_column("timezone"),
    named_column("duty_years", DutyYearsType()),
)


@dataclass(frozen=True)
class LocalTime:
    """How an organization reckons its days and its duty years."""

    zone: str
    years: DutyYears

    def today(self) -> date:
        """The present local day."""
        return clock.local_day(clock.now(), self.zone)

    def this_year(self) -> int:
        """The present duty year."""
        return self.years.of(self.today())

    def moments(self, year: int) -> tuple[datetime, datetime]:
        """When a duty year begins, and when the next one does."""
        first, last = self.years.days(year)
        return clock.day_starts(first, self.zone), clock.day_starts(last + timedelta(days=1), self.zone)


def local_time(conn: Connection, organization_id: int) -> LocalTime:
    """Time zone and duty years of an organization."""
    row = conn.execute(select(_o.c.timezone, _o.c.duty_years).where(_o.c.id == organization_id)).one()
    return LocalTime(row.timezone, row.duty_years)
