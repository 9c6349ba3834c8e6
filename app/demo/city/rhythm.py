"""When people act: weekdays and evenings, quiet holidays, the plenary in January. Moments are seconds since 1970."""

from bisect import bisect
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from math import exp
from random import Random

DAY = 86_400
#: China has had no summer time since 1991.
_ZONE = 8 * 3_600
_WEEKDAYS = (1.0, 1.05, 1.05, 1.0, 0.95, 0.55, 0.6)
_MONTHS = (1.9, 0.55, 1.1, 1.1, 1.0, 1.0, 0.8, 0.8, 1.1, 0.9, 1.1, 0.95)
_GROWTH = (0.7, 0.9, 1.1, 1.15, 1.2)
_HOURS = (1, 0, 0, 0, 1, 3, 12, 30, 40, 40, 40, 35, 45, 30, 30, 35, 40, 35, 30, 50, 70, 75, 45, 15)
_HOURS_SO_FAR = tuple(accumulate(_HOURS))
#: The plenary: four days from this day of January on.
PLENARY_DAY, PLENARY_DAYS = 10, 4


class Rhythm:
    """The days of a term from 1 January of `first_year`, with their weights."""

    def __init__(self, first_year: int, years: int = 5) -> None:
        self.first_year = first_year
        self.first_day = (date(first_year, 1, 1) - date(1970, 1, 1)).days
        self.last_day = (date(first_year + years, 1, 1) - date(1970, 1, 1)).days - 1
        days = [date(first_year, 1, 1) + timedelta(days=n) for n in range(self.last_day - self.first_day + 1)]
        self._so_far = list(accumulate(self._weight(day) for day in days))

    def _weight(self, day: date) -> float:
        weight = _WEEKDAYS[day.weekday()] * _MONTHS[day.month - 1]
        weight *= _GROWTH[min(day.year - self.first_year, len(_GROWTH) - 1)]
        if day.month == 1 and PLENARY_DAY <= day.day < PLENARY_DAY + PLENARY_DAYS:
            weight *= 2.5
        if (day.month, day.day) in {(10, 1), (10, 2), (10, 3), (5, 1), (1, 1)}:
            weight *= 0.35
        return weight

    def day(self, rng: Random, first: int | None = None, last: int | None = None) -> int:
        """A day of the term, as days since 1970, between `first` and `last` if given."""
        low = max(0, (first or self.first_day) - self.first_day)
        high = min(len(self._so_far) - 1, (last or self.last_day) - self.first_day)
        below = self._so_far[low - 1] if low else 0.0
        drawn = below + rng.random() * (self._so_far[high] - below)
        return self.first_day + min(bisect(self._so_far, drawn, low, high + 1), high)

    def moment(self, rng: Random, first: int | None = None, last: int | None = None) -> int:
        """A waking moment on such a day."""
        return self.day(rng, first, last) * DAY - _ZONE + time_of_day(rng)


def time_of_day(rng: Random) -> int:
    """Seconds after local midnight; evenings are busiest."""
    hour = bisect(_HOURS_SO_FAR, rng.random() * _HOURS_SO_FAR[-1])
    return min(hour, 23) * 3_600 + int(rng.random() * 3_600)


def later(rng: Random, moment: int, hours: float) -> int:
    """A waking moment after `moment`, `hours` later by the median and at times much later."""
    return awake(moment + 60 + int(hours * 3_600 * exp(rng.gauss(0, 1.1))))


def awake(moment: int) -> int:
    """The same moment, or one in the morning after when people sleep."""
    clock = (moment + _ZONE) % DAY
    return moment if clock >= 6 * 3_600 else moment + 6 * 3_600 - clock // 2


def weekday(day: int) -> int:
    """A day given as days since 1970, or the Monday after it when it is of a weekend."""
    beyond = local_date(start_of(day)).weekday() - 4
    return day if beyond <= 0 else day + 3 - beyond


def at_work(moment: int) -> int:
    """The same moment, moved into the hours of an office: on a working day from 9 to 17."""
    day = weekday((moment + _ZONE) // DAY)
    return start_of(day, 9) + moment % (8 * 3_600)


def before_deadline(rng: Random, opens: int, closes: int) -> int:
    """A waking moment of an open period: many act at once, more in the last days."""
    draw = rng.random()
    share = rng.random() ** 2 * 0.5 if draw < 0.4 else 1 - rng.random() ** 2.2 * 0.6
    day = (opens + int(share * (closes - opens)) + _ZONE) // DAY
    moment = day * DAY - _ZONE + time_of_day(rng)
    if not opens < moment < closes:  # on the first or last day, at a wrong hour
        hours = min(rng.expovariate(1 / 3), 9) * 3_600
        moment = opens + 60 + int(hours) if moment <= opens else closes - 60 - int(hours)
    return moment


@lru_cache(maxsize=4_096)
def _words(hour: int) -> frozenset[str]:
    """What holds in an hour, given as hours since 1970."""
    day, clock = local_date(hour * 3_600), (hour + _ZONE // 3_600) % 24
    weekday, found = day.weekday(), {"冬冬春春春夏夏夏秋秋秋冬"[day.month - 1]}
    found.add("清早" if clock < 10 else "上午" if clock < 12 else "下午" if clock < 18 else "晚上")
    found.add("周末" if weekday > 4 else "平日")
    found.add({0: "周一", 6: "周日"}.get(weekday, "隔天"))  # 隔天: yesterday was a working day
    if day.month == 1 and PLENARY_DAY <= day.day < PLENARY_DAY + PLENARY_DAYS:
        found.add("全会")
    elif (day.month, day.day) in {(6, 7), (6, 8), (6, 9)}:
        found.add("高考")
    elif day.month == 9 and day.day <= 10:
        found.add("开学")
    elif (day.month == 9 and day.day >= 20) or (day.month == 12 and day.day >= 20):
        found.add("节前")
    elif (7, 8) <= (day.month, day.day) <= (8, 25):
        found.add("暑期")
    return frozenset(found)


def words(moment: int) -> frozenset[str]:
    """What a text written at a moment may take for granted: season, part of the day and week, time of the year."""
    return _words(moment // 3_600)


def start_of(day: int, hour: float = 0) -> int:
    """The moment of an `hour` on a local day given as days since 1970."""
    return day * DAY - _ZONE + int(hour * 3_600)


def days_since_1970(day: date) -> int:
    """A local date as days since 1970."""
    return (day - date(1970, 1, 1)).days


def local_date(moment: int) -> date:
    """The local date of a moment."""
    return date(1970, 1, 1) + timedelta(days=(moment + _ZONE) // DAY)


def utc(moment: int) -> datetime:
    """A moment as an aware datetime."""
    return datetime.fromtimestamp(moment, UTC)
