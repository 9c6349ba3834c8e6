"""The one clock: time is always asked here, so that tests and stories can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = "Asia/Shanghai"

_offset = timedelta(0)
_frozen: datetime | None = None


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen or datetime.now(UTC) + _offset


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Stop the clock at an aware `moment`, in every thread of this process."""
    global _frozen  # noqa: PLW0603 - one clock a process is the point
    before, _frozen = _frozen, moment.astimezone(UTC)
    try:
        yield
    finally:
        _frozen = before


def local_day(moment: datetime, zone: str = SHANGHAI) -> date:
    """The calendar day of an aware `moment` in an organization's time zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def in_words(day: date) -> str:
    """A day as it is read: 2026年11月27日."""
    return f"{day.year}年{day.month}月{day.day}日"


def day_starts(day: date, zone: str = SHANGHAI) -> datetime:
    """The UTC moment at which a local `day` begins."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def noon(day: date, zone: str = SHANGHAI) -> datetime:
    """Twelve hours into a local `day`: the moment of what is known by its day only."""
    return day_starts(day, zone) + timedelta(hours=12)


def duty_year(day: date, starts: str) -> int:
    """For migration 0006, which may not change: the duty year of a day. All else asks `DutyYears`."""
    return day.year if starts == "01-01" or day.strftime("%m-%d") < starts else day.year + 1
