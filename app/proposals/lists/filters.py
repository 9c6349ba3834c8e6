"""The scope, filter and order of lists of proposals, as query parameters."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query
from pydantic import AfterValidator, StringConstraints

from app.core.language.text import clean
from app.proposals.assignments.lifecycle import ResultClass
from app.proposals.lifecycle import ProposalState
from app.proposals.lists.queries import ProposalFilter, ProposalScope, Sort
from app.proposals.lists.queues import Waiting
from app.proposals.rules import Period

InScope = Annotated[
    ProposalScope,
    Query(
        description="Mine or of a body for which I act, those that I sign or may sign, those on file, under "
        "review, of my unit, supervised, with a reply that waits for my rating, or all that I may see."
    ),
]


def _near(day: date) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(f"应在 {_FIRST_YEAR} 年至 {_LAST_YEAR} 年之间")
    return day


_FIRST_YEAR, _LAST_YEAR = 1900, 2999
#: A day of years in which every zone can say when it begins.
Day = Annotated[date, AfterValidator(_near)]
Sorted = Annotated[
    Sort | None,
    Query(description="The order; newest first without. Rows without a value stand at the end."),
]
Words = Annotated[
    Annotated[str, StringConstraints(max_length=40), AfterValidator(clean)] | None,
    Query(description="What its number, title, author, body or units are called."),
]


async def _filter(  # noqa: PLR0913 - its parameters are a query string
    *,
    state: Annotated[ProposalState | None, Query(description="Only in this state.")] = None,
    window_id: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only of this window.")] = None,
    seat_id: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only led by this seat.")] = None,
    q: Words = None,
    unit_id: Annotated[
        int | None, Query(ge=1, le=2**63 - 1, description="Only those that this unit handles.")
    ] = None,
    result_class: Annotated[ResultClass | None, Query(description="Only with this result.")] = None,
    month: Annotated[
        date | None, Query(description="Only of this supervision month (its first day).")
    ] = None,
    is_key: Annotated[bool | None, Query(description="Only key proposals, or only others.")] = None,
    body_id: Annotated[
        int | None, Query(ge=1, le=2**63 - 1, description="Only those of this body (party, sector …).")
    ] = None,
    period: Annotated[Period | None, Query(description="Only those of this period.")] = None,
    publish_consent: Annotated[
        bool | None, Query(description="Only those whose author agrees to publish them, or does not.")
    ] = None,
    category: Annotated[str | None, Query(max_length=40, description="Only of this field.")] = None,
    submitted_from: Annotated[
        Day | None, Query(description="Only those handed in on this local day or later.")
    ] = None,
    submitted_to: Annotated[
        Day | None, Query(description="Only those handed in up to this local day.")
    ] = None,
    waits_for: Annotated[
        Waiting | None,
        Query(description="Only those in this queue of my desks; with the scope `visible`."),
    ] = None,
    late: Annotated[
        bool | None,
        Query(description="Only those with something overdue or due within three days, or only others."),
    ] = None,
) -> ProposalFilter:
    return ProposalFilter(
        state=state,
        window_id=window_id,
        seat_id=seat_id,
        q=q,
        unit_id=unit_id,
        result_class=result_class,
        month=month,
        is_key=is_key,
        body_id=body_id,
        period=period,
        publish_consent=publish_consent,
        category=category,
        submitted_from=submitted_from,
        submitted_to=submitted_to,
        waits_for=waits_for,
        late=late,
    )


Filter = Annotated[ProposalFilter, Depends(_filter)]
