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

from app.points.engine import explanations
from app.points.engine.gains import (
    Gain,
    PointsRecord,
    highest,
    hundredths,
    limited,
    matches,
    once,
    rate,
    raw,
    when,
    withheld,
    within,
)
from app.points.engine.ruleset import MONTHS, Minimum, Rule, Ruleset, ScoreGroup


class Sitting(NamedTuple):
    """The seat that is measured: its post, and its first and last local day."""

    post: str
    starts_on: date
    ends_on: date


class PointsLine(NamedTuple):
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
    unit: str
    advice: str
    records: list[PointsRecord]

    @property
    def met(self) -> bool:
        """Whether nothing is left to do."""
        return self.done >= self.due

    @property
    def lacks(self) -> int:
        """How much is left to do, in `unit`."""
        return max(self.due - self.done, 0)


class ComputedScore(NamedTuple):
    """The score of a seat in hundredths, the months that it was held, and what it is made of.

    `unscored` are the records that no rule is about; `pass_mark` is the one for this seat's months.
    """

    points: int
    months: int
    lines: list[PointsLine]
    unscored: list[PointsRecord]
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


class _Case(NamedTuple):
    """What a score is made of; `waits` says why what needs the minimum duties does not count yet."""

    sitting: Sitting
    records: Sequence[PointsRecord]
    months: int
    waits: str | None


class Engine:
    """A ruleset made ready for many seats in a year from `first` to `last`, of so many `months`."""

    def __init__(self, ruleset: Ruleset, first: date, last: date) -> None:
        self.ruleset, self.first, self.last = ruleset, first, last
        self.months = months_of(first, last)
        nodes: list[Rule | ScoreGroup] = [*ruleset.groups, *ruleset.rules]
        self._labels = ruleset.labels()
        self._says = {rule.id: explanations.rule(rule) for rule in ruleset.rules}
        self._bases = {group.id: explanations.base(group.base, group) for group in ruleset.groups}
        self._bases[""] = explanations.base(ruleset.base)
        self._rates = {rule.id for rule in ruleset.rules if rule.out_of is not None}
        self._below: defaultdict[str | None, list[Rule | ScoreGroup]] = defaultdict(list)
        for node in nodes:
            self._below[node.group].append(node)

    def score(self, sitting: Sitting, records: Iterable[PointsRecord]) -> ComputedScore:
        """The score of one seat for its live records of the year, given in any order."""
        ours = sorted(records, key=when)
        months = months_held(sitting, self.first, self.last)
        minimums = self._minimums(sitting, ours, months)
        left = [duty.label for duty in minimums if not duty.met]
        gains = self._root(_Case(sitting, ours, months, explanations.waits(left) if left else None))
        lines = self._lines(gains) + self._converted(gains, months)
        ruled = {gain.record.id for gain in gains if gain.record}
        mark = self.ruleset.pass_mark
        return ComputedScore(
            points=sum(line.points for line in lines),
            months=months,
            lines=lines,
            unscored=[record for record in ours if record.id not in ruled],
            minimums=minimums,
            pass_mark=None if mark is None else self._due(mark, months),
        )

    def _due(self, points: float, months: int) -> int:
        """What of a year's points falls on some months: all of it, unless standards are pro rata."""
        whole = hundredths(points)
        return share(whole, months) if self.ruleset.part_year == "standards" else whole

    def _due_and_why(self, points: float, months: int) -> tuple[int, str | None]:
        due = self._due(points, months)
        return due, None if due == hundredths(points) else explanations.part_of_year(months)

    def _base(self, owner: str, points: float, case: _Case) -> list[Gain]:
        return [Gain(owner, None, *self._due_and_why(points, case.months))] if points else []

    def _root(self, case: _Case) -> list[Gain]:
        whole = self.ruleset
        below = self._gains(None, case) + self._base("", whole.base, case)
        return within(below, whole.at_most, whole.at_least, "总分")

    def _gains(self, group: str | None, case: _Case) -> list[Gain]:
        """The gains of all that lies directly in a group, each part within its own limits."""
        return [gain for node in self._below[group] for gain in self._node(node, case)]

    def _node(self, node: Rule | ScoreGroup, case: _Case) -> list[Gain]:
        gains = self._of_rule(node, case) if isinstance(node, Rule) else self._of_group(node, case)
        if node.needs_minimums and case.waits:
            gains = withheld(gains, case.waits)
        return limited(node, node.label, gains)

    def _of_rule(self, rule: Rule, case: _Case) -> list[Gain]:
        if rule.posts and case.sitting.post not in rule.posts:
            return []
        if rule.out_of is None:
            return raw(rule, case.records)
        full, why = self._due_and_why(rule.points or 0, case.months)
        return [gain.cut(gain.points, gain.reason or why) for gain in rate(rule, full, case.records)]

    def _of_group(self, group: ScoreGroup, case: _Case) -> list[Gain]:
        if group.take == "highest":
            gains = highest([(part.label, self._node(part, case)) for part in self._below[group.id]])
        else:
            gains = self._gains(group.id, case)
        if group.take == "highest_by_subject":
            gains = once(gains, lambda record: record.subject, "同一事项已就高计分")
        return gains + self._base(group.id, group.base, case)

    def _lines(self, gains: Iterable[Gain]) -> list[PointsLine]:
        of: defaultdict[str, list[Gain]] = defaultdict(list)
        for gain in gains:
            of[gain.rule].append(gain)
        return [self._line(rule, of[rule]) for rule in ("", *self._labels) if rule in of]

    def _line(self, rule: str, gains: list[Gain]) -> PointsLine:
        gains.sort(key=lambda gain: when(gain.record) if gain.record else ())
        points = sum(gain.points for gain in gains)
        if rule in self._says:
            return PointsLine(rule, self._labels[rule], self._says[rule], points, gains)
        label = f"{self._labels[rule]}基础分" if rule else "基础分"
        return PointsLine(rule or "base", label, self._bases[rule], points, gains)

    def _converted(self, gains: Sequence[Gain], months: int) -> list[PointsLine]:
        """With `part_year: score`, the line that makes what acts earned in a part of a year that of a whole one.

        Base points, rates and deductions are not of a length of time: they stay as they are.
        """
        if self.ruleset.part_year != "score" or months in {0, MONTHS}:
            return []
        earned = sum(
            gain.points for gain in gains if gain.record and gain.points > 0 and gain.rule not in self._rates
        )
        more = (2 * earned * MONTHS + months) // (2 * months) - earned
        if self.ruleset.at_most is not None:
            more = min(more, hundredths(self.ruleset.at_most) - sum(gain.points for gain in gains))
        says = explanations.converted(earned, months, whole=earned == sum(gain.points for gain in gains))
        return [PointsLine("part_year", "任职月数折算", says, more, [])]

    def _minimums(self, sitting: Sitting, records: Sequence[PointsRecord], months: int) -> list[Duty]:
        duties = [
            self._duty(minimum, records, months)
            for minimum in self.ruleset.minimums
            if (not minimum.posts or sitting.post in minimum.posts)
            and not (minimum.full_year_only and months < self.months)
        ]
        return [duty for duty in duties if duty.due]

    def _duty(self, minimum: Minimum, records: Sequence[PointsRecord], months: int) -> Duty:
        ours = [record for record in records if matches(minimum, record)]
        done = sum(record.quantity for record in ours) if minimum.per == "quantity" else len(ours)
        due = minimum.count if self.ruleset.part_year == "none" else share(minimum.count, months)
        return Duty(minimum.id, minimum.label, done, due, explanations.unit(minimum), minimum.advice, ours)
