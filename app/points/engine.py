"""The points engine (积分): a seat's records, the seat and a ruleset in; a score with lines out. Pure.

A ruleset is a tree: its root holds groups, groups hold groups and rules. Each rule makes gains of the records that
it is about; from the leaves up, each node takes its limits off the gains below it, best first, and says why in
Chinese. Nothing depends on the order in which records are given. Points are whole hundredths inside, so that sums
are exact and the lines of a score always add up to it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from app.points import wording
from app.points.ruleset import MONTHS, Group, Limits, Minimum, Rule, Ruleset, Selector, dimension


class Record(NamedTuple):
    """A live record as rules see it.

    `form` is the kind of its activity, proposal or report, `must_attend` and `half_days` are those of its activity.
    """

    id: int
    kind: str
    role: str
    level: str
    at: datetime
    on: date
    subject: tuple[str, int]
    quantity: int = 1
    form: str | None = None
    must_attend: bool = False
    half_days: int | None = None


class Sitting(NamedTuple):
    """The seat that is measured: its post, and its first and last local day."""

    post: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Gain:
    """What one record gave under a rule, in hundredths, and why not more; no record: base points."""

    rule: str
    record: Record | None
    points: int
    reason: str | None = None

    @property
    def counts(self) -> bool:
        """Whether its record still gives something."""
        return self.record is not None and self.points != 0

    def cut(self, points: int, reason: str) -> "Gain":
        """The same record with less."""
        return replace(self, points=points, reason=reason)


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


def hundredths(points: float) -> int:
    """Points as they are written, as whole hundredths."""
    return round(points * 100)


def months_held(sitting: Sitting, first: date, last: date) -> int:
    """In how many of the twelve months of a year, begun ones counted whole, the seat was held."""
    begins, ends = max(sitting.starts_on, first), min(sitting.ends_on, last)
    if begins > ends:
        return 0
    return _month(ends, first) - _month(begins, first) + 1


def _month(day: date, first: date) -> int:
    return (day.year - first.year) * MONTHS + day.month - first.month - (day.day < first.day)


def share(amount: int, months: int) -> int:
    """The part of a year's amount that falls on some months, half up."""
    return (2 * amount * months + MONTHS) // (2 * MONTHS)


def matches(wanted: Selector, record: Record) -> bool:
    """Whether a record is one of those wanted."""
    return (
        record.kind in wanted.kinds
        and (not wanted.roles or record.role in wanted.roles)
        and (not wanted.levels or record.level in wanted.levels)
        and (not wanted.forms or record.form in wanted.forms)
        and (wanted.must_attend is None or record.must_attend == wanted.must_attend)
        and (wanted.whole is None or (record.quantity >= (record.half_days or 1)) == wanted.whole)
    )


class Engine:
    """A ruleset made ready for many seats in a year from `first` to `last`."""

    def __init__(self, ruleset: Ruleset, first: date, last: date) -> None:
        self.ruleset, self.first, self.last = ruleset, first, last
        nodes: list[Rule | Group] = [*ruleset.groups, *ruleset.rules]
        self._labels = {node.id: node.label for node in nodes}
        self._says = {rule.id: wording.rule(rule) for rule in ruleset.rules}
        self._below: defaultdict[str | None, list[Rule | Group]] = defaultdict(list)
        for node in nodes:
            self._below[node.group].append(node)

    def score(self, sitting: Sitting, records: Iterable[Record]) -> Score:
        """The score of one seat for its live records of the year, given in any order."""
        ours = sorted(records, key=_when)
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
        return _within(below, whole.at_most, whole.at_least, "总分")

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
            return _limited(node, node.label, _raw(node, records))
        if node.take == "highest":
            gains = _highest(
                [(part.label, self._node(part, sitting, records)) for part in self._below[node.id]]
            )
        else:
            gains = self._gains(node.id, sitting, records)
        if node.take == "highest_by_subject":
            gains = _once(gains, lambda record: record.subject, "同一事项已就高计分")
        if node.base:
            gains.append(Gain(node.id, None, hundredths(node.base)))
        return _limited(node, node.label, gains)

    def _lines(self, gains: Iterable[Gain]) -> list[Line]:
        of: defaultdict[str, list[Gain]] = defaultdict(list)
        for gain in gains:
            of[gain.rule].append(gain)
        return [self._line(rule, of[rule]) for rule in ("", *self._labels) if rule in of]

    def _line(self, rule: str, gains: list[Gain]) -> Line:
        gains.sort(key=lambda gain: _when(gain.record) if gain.record else ())
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
        return [
            self._duty(minimum, records, months)
            for minimum in self.ruleset.minimums
            if (not minimum.posts or sitting.post in minimum.posts)
            and not (minimum.full_year_only and months < MONTHS)
        ]

    def _duty(self, minimum: Minimum, records: Sequence[Record], months: int) -> Duty:
        ours = [record for record in records if matches(minimum, record)]
        done = sum(record.quantity for record in ours) if minimum.per == "quantity" else len(ours)
        due = minimum.count if self.ruleset.part_year == "none" else share(minimum.count, months)
        return Duty(minimum.id, minimum.label, done, due, minimum.advice, ours)


def _when(record: Record) -> tuple[datetime, int]:
    return record.at, record.id


def _raw(rule: Rule, records: Sequence[Record]) -> list[Gain]:
    """What each record of a rule gives before any limit, oldest first."""
    ours = [record for record in records if matches(rule, record)]
    if rule.out_of is not None:
        among = {r.id for r in records if matches(rule.out_of, r)} | {r.id for r in ours}
        full, of = hundredths(rule.points or 0), len(among)
        return [Gain(rule.id, r, full * (n + 1) // of - full * n // of) for n, r in enumerate(ours)]
    gains, before = [], 0
    for place, record in enumerate(ours):
        each, missing = _each(rule, record, place)
        amount = record.quantity if rule.per == "quantity" else 1
        times = (before + amount) // rule.every - before // rule.every
        before += amount
        reason = missing or (None if times else wording.not_full(rule))
        gains.append(Gain(rule.id, record, each * times, reason))
    return gains


def _each(rule: Rule, record: Record, place: int) -> tuple[int, str | None]:
    """What a record gives each time, and why nothing."""
    if rule.points_by:
        by = dimension(rule.points_by) or "role"
        code: str | None = getattr(record, by)
        if code not in rule.points_by:
            return 0, wording.no_points(by, code)
        return hundredths(rule.points_by[code]), None
    further = rule.further is not None and place >= rule.first
    return hundredths((rule.further if further else rule.points) or 0), None


def _limited(limits: Limits, label: str, gains: list[Gain]) -> list[Gain]:
    """Gains within the limits of their rule or group."""
    if limits.once is not None:
        gains = _once(gains, _PERIODS[limits.once], wording.ONCE[limits.once])
    if limits.at_most_count is not None:
        left, reason = limits.at_most_count, f"{label}最多计{limits.at_most_count}次"
        for n in _best(gains):
            if gains[n].counts and left == 0:
                gains[n] = gains[n].cut(0, reason)
            elif gains[n].counts:
                left -= 1
    return _within(gains, limits.at_most, limits.at_least, label)


_PERIODS: dict[str, Callable[[Record], object]] = {
    "year": lambda _record: (),
    "quarter": lambda record: (record.on.year, (record.on.month - 1) // 3),
    "month": lambda record: (record.on.year, record.on.month),
    "day": lambda record: record.on,
    "subject": lambda record: record.subject,
}


def _best(gains: Sequence[Gain]) -> list[int]:
    """The places of gains, what gives most first, of equals the oldest."""

    def key(n: int) -> tuple[object, ...]:
        gain = gains[n]
        return (
            -gain.points,
            gain.record is not None,
            *(_when(gain.record) if gain.record else ()),
            gain.rule,
        )

    return sorted(range(len(gains)), key=key)


def _once(gains: list[Gain], period: Callable[[Record], object], reason: str) -> list[Gain]:
    seen: set[object] = set()
    for n in _best(gains):
        record = gains[n].record
        if record is not None and gains[n].counts:
            if (key := period(record)) in seen:
                gains[n] = gains[n].cut(0, reason)
            seen.add(key)
    return gains


def _highest(parts: Sequence[tuple[str, list[Gain]]]) -> list[Gain]:
    """Only the part that gives most counts, of equals the first."""
    totals = [sum(gain.points for gain in gains) for _, gains in parts]
    best = totals.index(max(totals)) if totals else 0
    return [
        gain if place == best or not gain.points else gain.cut(0, f"与“{parts[best][0]}”就高计分")
        for place, (_, gains) in enumerate(parts)
        for gain in gains
    ]


def _within(gains: list[Gain], at_most: float | None, at_least: float | None, label: str) -> list[Gain]:
    """Gains of which what is too much, or too little, in all is taken off the last ones."""
    over = 0 if at_most is None else sum(gain.points for gain in gains) - hundredths(at_most)
    if at_most is not None and over > 0:
        gains = _taken_off(gains, over, f"{label}最多计{at_most:g}分")
    under = 0 if at_least is None else hundredths(at_least) - sum(gain.points for gain in gains)
    if at_least is not None and under > 0:
        gains = _taken_off(gains, -under, f"{label}最少计{at_least:g}分")
    return gains


def _taken_off(gains: list[Gain], amount: int, reason: str) -> list[Gain]:
    """An amount taken off the least gains, or (below zero) off the greatest losses; never past nothing."""
    for n in reversed(_best(gains)):
        points = gains[n].points
        if points * amount > 0:
            off = min(points, amount) if amount > 0 else max(points, amount)
            gains[n], amount = gains[n].cut(points - off, reason), amount - off
    return gains
