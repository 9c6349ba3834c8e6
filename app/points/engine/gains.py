"""Gains: what records give under a rule, and what limits take off them, best first, with the reason in Chinese."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from app.points.engine import explanations
from app.points.engine.ruleset import Limits, Rule, Selector, dimension


class PointsRecord(NamedTuple):
    """A live record as rules see it.

    `form` is the kind of its activity, proposal or report, or the form of its act outside the platform; `must_attend`
    and `half_days` are those of its activity; `became` is what came of its proposal.
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
    became: str | None = None


@dataclass(frozen=True)
class Gain:
    """What one record gave under a rule, in hundredths, and why not more; no record: base points."""

    rule: str
    record: PointsRecord | None
    points: int
    reason: str | None = None

    @property
    def counts(self) -> bool:
        """Whether its record still gives something."""
        return self.record is not None and self.points != 0

    def cut(self, points: int, reason: str | None) -> "Gain":
        """The same record with less."""
        return replace(self, points=points, reason=reason)


def hundredths(points: float) -> int:
    """Points as they are written, as whole hundredths."""
    return round(points * 100)


def matches(wanted: Selector, record: PointsRecord) -> bool:
    """Whether a record is one of those wanted."""
    return (
        record.kind in wanted.kinds
        and (not wanted.roles or record.role in wanted.roles)
        and (not wanted.levels or record.level in wanted.levels)
        and (not wanted.forms or record.form in wanted.forms)
        and (not wanted.became or record.became in wanted.became)
        and (wanted.must_attend is None or record.must_attend == wanted.must_attend)
        and (wanted.whole is None or (record.quantity >= (record.half_days or 1)) == wanted.whole)
    )


def when(record: PointsRecord) -> tuple[datetime, int]:
    """The order of records."""
    return record.at, record.id


def rate(rule: Rule, full: int, records: Sequence[PointsRecord]) -> list[Gain]:
    """What each record of a rule gives of the `full` mark: its share of all that were due."""
    assert rule.out_of is not None  # noqa: S101 - a rate
    ours = [record for record in records if matches(rule, record)]
    due = len({r.id for r in records if matches(rule.out_of, r)} | {r.id for r in ours})
    if rule.full_if_none and not due:
        return [Gain(rule.id, None, full, explanations.NOTHING_DUE)]
    return [Gain(rule.id, r, full * (n + 1) // due - full * n // due) for n, r in enumerate(ours)]


def raw(rule: Rule, records: Sequence[PointsRecord]) -> list[Gain]:
    """What each record of a rule gives before any limit, oldest first."""
    ours = [record for record in records if matches(rule, record)]
    gains, before = [], 0
    for place, record in enumerate(ours):
        each, missing = _each(rule, record, place)
        amount = record.quantity if rule.per == "quantity" else 1
        times = (before + amount) // rule.every - before // rule.every
        before += amount
        reason = missing or (None if times else explanations.not_full(rule))
        gains.append(Gain(rule.id, record, each * times, reason))
    return gains


def _each(rule: Rule, record: PointsRecord, place: int) -> tuple[int, str | None]:
    """What a record gives each time, and why nothing."""
    if rule.points_by:
        by = dimension(rule.points_by) or "role"
        code: str | None = getattr(record, by)
        if code not in rule.points_by:
            return 0, explanations.no_points(by, code)
        return hundredths(rule.points_by[code]), None
    further = rule.further is not None and place >= rule.first
    return hundredths((rule.further if further else rule.points) or 0), None


def limited(limits: Limits, label: str, gains: list[Gain]) -> list[Gain]:
    """Gains within the limits of their rule or group."""
    if limits.once is not None:
        gains = once(gains, _PERIODS[limits.once], explanations.ONCE[limits.once])
    if limits.at_most_count is not None:
        left, reason = limits.at_most_count, f"{label}最多计{limits.at_most_count}次"
        for n in _best(gains):
            if gains[n].counts and left == 0:
                gains[n] = gains[n].cut(0, reason)
            elif gains[n].counts:
                left -= 1
    return within(gains, limits.at_most, limits.at_least, label)


_PERIODS: dict[str, Callable[[PointsRecord], object]] = {
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
            *(when(gain.record) if gain.record else ()),
            gain.rule,
        )

    return sorted(range(len(gains)), key=key)


def once(gains: list[Gain], period: Callable[[PointsRecord], object], reason: str) -> list[Gain]:
    """Of records that share a period, or a subject, only what gives most."""
    seen: set[object] = set()
    for n in _best(gains):
        record = gains[n].record
        if record is not None and gains[n].counts:
            if (key := period(record)) in seen:
                gains[n] = gains[n].cut(0, reason)
            seen.add(key)
    return gains


def highest(parts: Sequence[tuple[str, list[Gain]]]) -> list[Gain]:
    """Only the part that gives most counts, of equals the first; a part without records is none."""
    given = [(label, gains) for label, gains in parts if any(gain.points for gain in gains)]
    if not given:
        return [gain for _, gains in parts for gain in gains]
    best_label, best = max(given, key=lambda part: sum(gain.points for gain in part[1]))
    return [
        gain if gains is best or not gain.points else gain.cut(0, f"与“{best_label}”就高计分")
        for _, gains in parts
        for gain in gains
    ]


def withheld(gains: Sequence[Gain], reason: str) -> list[Gain]:
    """Gains that do not count yet; what is deducted stays deducted."""
    return [gain.cut(0, reason) if gain.points > 0 else gain for gain in gains]


def within(gains: list[Gain], at_most: float | None, at_least: float | None, label: str) -> list[Gain]:
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
