"""Days by which something is due while a proposal is handled, found as the services find them."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from app.core import clock
from app.proposals.assignments import rules
from app.proposals.assignments.rules import AGAIN_MONTHS, DeadlineKind, Spans
from app.workdays.rules import Calendar, Due, after_months

_CALENDAR, _SPANS = Calendar(), Spans()


@dataclass(slots=True)
class Deadline:
    """A day by which something is due, of a share or a promise or of the proposal itself."""

    id: int
    kind: DeadlineKind
    starts: date
    due: Due
    share: int | None = None
    promise: int | None = None
    met: date | None = None
    lifted: date | None = None
    span: int | None = None

    @property
    def is_open(self) -> bool:
        """Neither met nor lifted."""
        return self.met is None and self.lifted is None

    def extend(self, to: date) -> None:
        """Move it to a later day."""
        self.span = None
        self.due = Due(to, f"原定{clock.in_words(self.due.on)}，经说明理由延长至{clock.in_words(to)}")

    def postpone(self, to: date) -> None:
        """Move that of a promise to a later day."""
        self.due = Due(to, f"经说明理由延期至{clock.in_words(to)}")


def span(kind: DeadlineKind) -> int | None:
    """How long something is due; None where a day was promised."""
    return None if kind is DeadlineKind.COMMITMENT else rules.span(kind, _SPANS)


@cache
def due(kind: DeadlineKind, start: date) -> Due:
    """When something is due that begins on a local day."""
    return rules.due(kind, _SPANS, _CALENDAR, start)


def promised(on: date) -> Due:
    """When a promise is due."""
    return Due(on, f"承办单位在答复中承诺于{clock.in_words(on)}前完成")


@cache
def rated_again_from(replied: date) -> date:
    """From which day on the signers may rate again what was promised."""
    return after_months(_CALENDAR, replied, AGAIN_MONTHS).on
