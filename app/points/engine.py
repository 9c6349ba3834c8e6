"""The points engine (积分): a seat's records, the seat and a ruleset in; a score with lines out. Pure.

A ruleset is a tree: its root holds groups, groups hold groups and rules. Each rule makes gains of the records that
it is about; from the leaves up, each node takes its limits off the gains below it, best first, and says why in
Chinese. Nothing depends on the order in which records are given. Points are whole hundredths inside, so that sums
are exact and the lines of a score always add up to it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from app.points import wording
from app.points.gains import Gain, Record, highest, hundredths, limited, matches, once, raw, when, within
from app.points.ruleset import MONTHS, Group, Minimum, Rule, Ruleset


class Sitting(NamedTuple):
    """The seat that is measured: its post, and its first and last local day."""

    post: str
    starts_on: date
    ends_on: date


class Line(NamedTuple):
    """What one rule gave: `points` in hundredths are those of its gains; `says` is the rule in words."""

    id: str
    label: str
    says: str
    points: int
    gains: list[Gain]


class Duty(NamedTuple):
    """A minimum duty: how much is done of how much is due, and what would meet it."""

    id: str
    label: str
    done: int
    due: int
    advice: str
    records: list[Record]

    @property
    def met(self) -> bool:
        """Whether nothing is left to do."""
        return self.done >= self.due


class Score(NamedTuple):
    """The score of a seat in hundredths, the months that it was held, and what it is made of.

    `unscored` are the records that no rule is about; `pass_mark` is the one for this seat's months.
    """

    points: int
    months: int
    lines: list[Line]
    unscored: list[Record]
    minimums: list[Duty]
    pass_mark: int | None

    @property
    def minimums_met(self) -> bool:
        """Whether no minimum duty is left."""
        return all(duty.met for duty in self.minimums)


def months_held(sitting: Sitting, first: date, last: date) -> int:
    """In how many months of a year, begun ones counted whole, the seat was held: at most twelve in a regular year."""
    begins, ends = max(sitting.starts_on, first), min(sitting.ends_on, last)
    if begins > ends:
        return 0
    return _month(ends, first) - _month(begins, first) + 1


def months_of(first: date, last: date) -> int:
    """How many months a year has: twelve, unless its beginning or the next one's was changed."""
    return _month(last, first) + 1


def _month(day: date, first: date) -> int:
    return (day.year - first.year) * MONTHS + day.month - first.month - (day.day < first.day)


def share(amount: int, months: int) -> int:
    """The part of a year's amount that falls on some months, half up."""
    return (2 * amount * months + MONTHS) // (2 * MONTHS)


class Engine:
    """A ruleset made ready for many seats in a year from `first` to `last`, of so many `months`."""

    def __init__(self, ruleset: Ruleset, first: date, last: date) -> None:
        self.ruleset, self.first, self.last = ruleset, first, last
        self.months = months_of(first, last)
        nodes: list[Rule | Group] = [*ruleset.groups, *ruleset.rules]
        self._labels = ruleset.labels()
        self._says = {rule.id: wording.rule(rule) for rule in ruleset.rules}
        self._below: defaultdict[str | None, list[Rule | Group]] = defaultdict(list)
        for node in nodes:
            self._below[node.group].append(node)

    def score(self, sitting: Sitting, records: Iterable[Record]) -> Score:
        """The score of one seat for its live records of the year, given in any order."""
        ours = sorted(records, key=when)
        months = months_held(sitting, self.first, self.last)
        gains = self._root(sitting, ours)
        lines = self._lines(gains)
        lines += self._converted(sum(line.points for line in lines), months)
        ruled = {gain.record.id for gain in gains if gain.record}
        standards = months if self.ruleset.part_year == "standards" else MONTHS
        mark = self.ruleset.pass_mark
        return Score(
            points=sum(line.points for line in lines),
            months=months,
            lines=lines,
            unscored=[record for record in ours if record.id not in ruled],
            minimums=self._minimums(sitting, ours, months),
            pass_mark=None if mark is None else share(hundredths(mark), standards),
        )

    def _root(self, sitting: Sitting, records: Sequence[Record]) -> list[Gain]:
        whole, below = self.ruleset, self._gains(None, sitting, records)
        if whole.base:
            below.append(Gain("", None, hundredths(whole.base)))
        return within(below, whole.at_most, whole.at_least, "总分")

    def _gains(self, group: str | None, sitting: Sitting, records: Sequence[Record]) -> list[Gain]:
        """The gains of all that lies directly in a group, each part within its own limits."""
        found: list[Gain] = []
        for node in self._below[group]:
            found += self._node(node, sitting, records)
        return found

    def _node(self, node: Rule | Group, sitting: Sitting, records: Sequence[Record]) -> list[Gain]:
        if isinstance(node, Rule):
            if node.posts and sitting.post not in node.posts:
                return []
            return limited(node, node.label, raw(node, records))
        if node.take == "highest":
            gains = highest(
                [(part.label, self._node(part, sitting, records)) for part in self._below[node.id]]
            )
        else:
            gains = self._gains(node.id, sitting, records)
        if node.take == "highest_by_subject":
            gains = once(gains, lambda record: record.subject, "同一事项已就高计分")
        if node.base:
            gains.append(Gain(node.id, None, hundredths(node.base)))
        return limited(node, node.label, gains)

    def _lines(self, gains: Iterable[Gain]) -> list[Line]:
        of: defaultdict[str, list[Gain]] = defaultdict(list)
        for gain in gains:
            of[gain.rule].append(gain)
        return [self._line(rule, of[rule]) for rule in ("", *self._labels) if rule in of]

    def _line(self, rule: str, gains: list[Gain]) -> Line:
        gains.sort(key=lambda gain: when(gain.record) if gain.record else ())
        points = sum(gain.points for gain in gains)
        if rule in self._says:
            return Line(rule, self._labels[rule], self._says[rule], points, gains)
        label = f"{self._labels[rule]}基础分" if rule else "基础分"
        return Line(rule or "base", label, f"基础分{wording.amount(points)}分", points, gains)

    def _converted(self, points: int, months: int) -> list[Line]:
        """With `part_year: score`, the line that makes a part of a year a whole one."""
        if self.ruleset.part_year != "score" or months in {0, MONTHS}:
            return []
        whole = (2 * points * MONTHS + months) // (2 * months)
        if self.ruleset.at_most is not None:
            whole = min(whole, hundredths(self.ruleset.at_most))
        says = f"任职{months}个月，按全年{MONTHS}个月折算"
        return [Line("part_year", "任职月数折算", says, whole - points, [])]

    def _minimums(self, sitting: Sitting, records: Sequence[Record], months: int) -> list[Duty]:
        duties = [
            self._duty(minimum, records, months)
            for minimum in self.ruleset.minimums
            if (not minimum.posts or sitting.post in minimum.posts)
            and not (minimum.full_year_only and months < self.months)
        ]
        return [duty for duty in duties if duty.due]

    def _duty(self, minimum: Minimum, records: Sequence[Record], months: int) -> Duty:
        ours = [record for record in records if matches(minimum, record)]
        done = sum(record.quantity for record in ours) if minimum.per == "quantity" else len(ours)
        due = minimum.count if self.ruleset.part_year == "none" else share(minimum.count, months)
        return Duty(minimum.id, minimum.label, done, due, minimum.advice, ours)
