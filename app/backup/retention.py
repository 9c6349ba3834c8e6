"""Which backups of a folder are kept: the last ones, one of each week for some weeks, and always a good one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Copy:
    """A backup of the folder: `good` was read to its end, `whole` lacks no file either."""

    name: str
    made_at: datetime
    good: bool
    whole: bool


def outdated(copies: Collection[Copy], last: int, weeks: int, zone: str) -> list[Copy]:
    """The backups that are kept no longer, oldest first.

    Kept are the `last` good ones, the newest good one of each of the `weeks` newest weeks that have one, the newest
    whole one, and every one that nobody has read to its end.
    """
    good = sorted((one for one in copies if one.good), key=lambda one: one.made_at, reverse=True)
    newest_of_week: dict[tuple[int, int], str] = {}
    for one in good:
        year, week, _ = one.made_at.astimezone(ZoneInfo(zone)).isocalendar()
        newest_of_week.setdefault((year, week), one.name)
    kept = {one.name for one in good[: max(last, 1)]}
    kept |= set(list(newest_of_week.values())[:weeks])
    kept |= {one.name for one in [one for one in good if one.whole][:1]}
    return [one for one in reversed(good) if one.name not in kept]
