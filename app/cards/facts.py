"""What the sections of a card are told: gathered once for each card, then pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlencode

from app.cards.format import PeriodDict, SeatDict
from app.cards.keywords import keywords
from app.duty.kinds import OWN_ACTS
from app.duty.measures.rules import Amounts, Measure
from app.heat.formula import HeatAct
from app.people.duty_years import label
from app.points.engine.score import Duty


@dataclass(frozen=True)
class FactsSpan:
    """A duty year or a term of a seat; `name` is how its path says it (`2026`, `term`)."""

    name: str
    label: str
    first: date
    last: date
    year: int | None = None

    @property
    def long_label(self) -> str:
        """What the period is called where its days do not stand beside it."""
        return self.label if self.year is None else label(self.year, self.first, self.last)

    def complete(self, today: date) -> bool:
        """Whether the period is over on a local day."""
        return today > self.last

    def as_of(self, today: date) -> date:
        """The day until which a card of the period counts on a local day."""
        return min(self.last, today)

    def shape(self, today: date) -> PeriodDict:
        """The period as the card says it."""
        return {
            "kind": "term" if self.year is None else "year",
            "label": self.label,
            "starts_on": self.first.isoformat(),
            "ends_on": self.last.isoformat(),
            "complete": self.complete(today),
            "as_of": self.as_of(today).isoformat(),
        }


class CardRecord(NamedTuple):
    """A live record of the ledger with the title of its subject."""

    kind: str
    on: date
    year: int
    quantity: int
    subject: tuple[str, int]
    title: str
    amounts: Amounts = MappingProxyType({})


class TopPost(NamedTuple):
    """An update or opinion that found the most echo, and how much."""

    type: str
    id: int
    text: str
    echo: int
    on: date


class Writing(NamedTuple):
    """A text of the member that every other member may read."""

    subject: tuple[str, int]
    on: date
    title: str
    text: str


class CardStep(NamedTuple):
    """A step of a proposal's track: what was done (`action`), on which local day."""

    action: str
    on: date


class Companion(NamedTuple):
    """Another member, and how often this one had to do with them."""

    seat_id: int
    name: str
    times: int


@dataclass(frozen=True)
class CardFacts:
    """Everything that a card of a seat says comes from here; `end` is how the seat ended, where that is known.

    `minimums` are those of the ruleset in force in its year: none without one, and none of a term.
    """

    seat: SeatDict
    period: FactsSpan
    today: date
    held: tuple[date, date]
    end: str | None
    everything: Sequence[CardRecord]
    replies: Sequence[HeatAct]
    answers: Sequence[HeatAct]
    supports: Sequence[HeatAct]
    best_update: TopPost | None
    best_opinion: TopPost | None
    journey_of: int | None
    journey: Sequence[CardStep]
    cosigners: Sequence[Companion]
    partners: Sequence[Companion]
    writings: Sequence[Writing]
    minimums: Sequence[Duty]

    @cached_property
    def records(self) -> list[CardRecord]:
        """The records of the period; `everything` holds those of the whole seat, oldest first."""
        return [r for r in self.everything if self.period.year in (None, r.year)]

    def of(self, *kinds: str) -> list[CardRecord]:
        """The period's records of some kinds."""
        return [r for r in self.records if r.kind in kinds]

    @property
    def has_left(self) -> bool:
        """Whether the seat has ended."""
        return self.today > self.held[1]

    @property
    def ends_here(self) -> bool:
        """Whether the seat ended in the period."""
        return self.has_left and self.held[1] <= self.period.last

    @property
    def is_over(self) -> bool:
        """Whether nothing more can come: the period is over, or the seat has ended."""
        return self.has_left or self.period.complete(self.today)

    @cached_property
    def acts(self) -> list[CardRecord]:
        """The period's records of what the member did on a day of their own."""
        return self.of(*OWN_ACTS)

    @cached_property
    def days(self) -> list[date]:
        """The distinct local days of `acts`, in order."""
        return sorted({r.on for r in self.acts})

    @cached_property
    def streak(self) -> list[date]:
        """The longest run of successive days; the first of equal ones."""
        best: list[date] = []
        run: list[date] = []
        for day in self.days:
            run = [*run, day] if run and day - run[-1] == timedelta(days=1) else [day]
            if len(run) > len(best):
                best = run
        return best

    @cached_property
    def keywords(self) -> dict[str, list[Writing]]:
        """The telling words of the member's writings, of most writings first, with those in which they stand."""
        seat = self.seat
        names = [seat["name"], seat["organization"], seat["term"], seat["sector"], *seat["committees"]]
        names += [companion.name for companion in (*self.cosigners, *self.partners)]
        found = keywords([writing.text for writing in self.writings], names)
        return {word: [self.writings[place] for place in places] for word, places in found}

    def ledger(self, *kinds: str) -> str:
        """The path of the period's records of some kinds."""
        return self._path("records", [("kind", kind) for kind in kinds])

    def measured(self, measure: Measure) -> str:
        """The path of the period's records with an amount of a measure."""
        return self._path("records", [("measure", measure)])

    def active_days(self, since: date | None = None, until: date | None = None) -> str:
        """The path of the period's days, or of those of a run."""
        return self._path("days", [(k, d.isoformat()) for k, d in (("since", since), ("until", until)) if d])

    def _path(self, what: str, query: Iterable[tuple[str, str]]) -> str:
        year = [("year", str(self.period.year))] if self.period.year else []
        text = urlencode([*query, *year])
        return f"/api/v1/seats/{self.seat['id']}/{what}" + (f"?{text}" if text else "")

    def listed(self, key: str, **query: str) -> str:
        """The path of a list that the card itself keeps."""
        path = f"/api/v1/cards/{self.seat['id']}/{self.period.name}/lists/{key}"
        return f"{path}?{urlencode(query)}" if query else path


class CardEntry(NamedTuple):
    """One row of a list that a card keeps; `times` counts what was summed up in it."""

    on: date
    title: str
    subject: tuple[str, int] | None
    times: int


def books(facts: CardFacts) -> list[CardEntry]:
    """The distinct books that were logged or noted, latest first."""
    found: dict[str, list[CardRecord]] = {}
    for record in facts.of("reading.logged"):
        found.setdefault(record.title, []).append(record)
    entries = [CardEntry(max(r.on for r in rows), title, None, len(rows)) for title, rows in found.items()]
    return sorted(entries, reverse=True)


def _acts(acts: Iterable[HeatAct]) -> list[CardEntry]:
    return [
        CardEntry(act.on, act.title, act.subject, 1)
        for act in sorted(acts, key=lambda act: act.at, reverse=True)
    ]


#: The lists behind figures that no plain selection of the ledger counts.
_LISTS: dict[str, Callable[[CardFacts], list[CardEntry]]] = {
    "opinions": lambda facts: _acts(a for a in facts.replies if a.topic_id is not None),
    "replies": lambda facts: _acts(a for a in facts.replies if a.topic_id is None),
    "supports": lambda facts: _acts(facts.supports),
    "answers": lambda facts: _acts(facts.answers),
    "books": books,
}


def entries(facts: CardFacts, key: str, word: str = "") -> list[CardEntry]:
    """What the list of a figure holds, latest first: of a `keyword` the writings in which it stands."""
    if key == "keyword":
        return [CardEntry(w.on, w.title, w.subject, 1) for w in reversed(facts.keywords.get(word, []))]
    return _LISTS[key](facts)
