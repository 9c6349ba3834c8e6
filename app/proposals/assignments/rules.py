"""Pure rules of deadlines: what is due when, by the defaults or the organization's own settings."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core import clock
from app.workdays.rules import Calendar, Due, after_months, after_workdays


class DeadlineKind(StrEnum):
    """What is due."""

    RETURN = "return"
    CONTACT = "contact"
    REPLY = "reply"
    RATE = "rate"
    RATE_AGAIN = "rate_again"
    COMMITMENT = "commitment"


DEADLINE_LABELS = {
    DeadlineKind.RETURN: "申请退办",
    DeadlineKind.CONTACT: "首次联系提案人",
    DeadlineKind.REPLY: "答复提案人",
    DeadlineKind.RATE: "评价办理",
    DeadlineKind.RATE_AGAIN: "再次评价",
    DeadlineKind.COMMITMENT: "兑现承诺",
}

#: Letting these pass is no fault: after them something is no longer possible, that is all.
OPTIONAL = frozenset({DeadlineKind.RETURN, DeadlineKind.RATE, DeadlineKind.RATE_AGAIN})
#: Half a year after a reply that promised something, its signers may rate again.
AGAIN_MONTHS = 6
#: Reminders come this many days before a deadline, on it, and after it.
STAGES = (10, 3, 0, -3, -10)


@dataclass(frozen=True)
class Spans:
    """How long each deadline is: working days, or months where the name says so."""

    return_days: int = 5
    contact_days: int = 15
    reply_months: int = 3
    reply_months_most: int = 6
    rating_days: int = 15


def span(kind: DeadlineKind, spans: Spans) -> int:
    """How long something is due, in the unit of its kind: months of a reply, else working days."""
    match kind:
        case DeadlineKind.RETURN:
            return spans.return_days
        case DeadlineKind.CONTACT:
            return spans.contact_days
        case DeadlineKind.REPLY:
            return spans.reply_months
        case _:
            return spans.rating_days


def after(kind: DeadlineKind, calendar: Calendar, start: date, span: int) -> Due:
    """When something is due that begins on a local day and is so long."""
    count = after_months if kind is DeadlineKind.REPLY else after_workdays
    return count(calendar, start, span)


def due(kind: DeadlineKind, spans: Spans, calendar: Calendar, start: date) -> Due:
    """When something that begins on a local day is due."""
    return after(kind, calendar, start, span(kind, spans))


def again(kind: DeadlineKind, calendar: Calendar, start: date, span: int, *, was: date, today: date) -> Due:
    """When something that was due on a day is due by the calendar of today: a day ahead is never moved behind today."""
    found = after(kind, calendar, start, span)
    earliest = min(was, today)
    if found.on >= earliest:
        return found
    return Due(earliest, f"{found.how}；按新的放假安排已过，以{clock.in_words(earliest)}为准")


def latest_reply(spans: Spans, calendar: Calendar, start: date) -> date:
    """The last day to which a reply may be put off."""
    return after_months(calendar, start, spans.reply_months_most).on


def stage(due_on: date, today: date) -> int | None:
    """The reminder that is due today: the latest one whose day has come; None before the first."""
    left = (due_on - today).days
    reached = [days for days in STAGES if left <= days]
    return min(reached) if reached else None
