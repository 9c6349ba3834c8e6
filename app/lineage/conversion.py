"""A proposal that is no proposal becomes an opinion report (转社情民意), and back."""

from sqlalchemy import select
from sqlmodel import Session

from app.core.language.text import MOST
from app.core.sql import table
from app.duty import domain_events
from app.lineage import queries
from app.lineage.rules import Thing
from app.lineage.service import add, remove
from app.opinions.entry import received
from app.opinions.lifecycle import OpinionKind
from app.proposals.models import Proposal

_p = table(Proposal)
_CUT = "……（原提案较长，全文请看原提案）"


@domain_events.on("proposal.converted")
def convert(db: Session, organization_id: int, proposal: Thing, by: int | None) -> None:
    """Hand its text in as a report of its author; those who signed keep the proposal's track and credit."""
    row = db.connection().execute(select(_p).where(_p.c.id == proposal[1])).one()
    report = received.hand_in(
        db,
        organization_id,
        (row.account_id, row.seat_id),
        row.title,
        _one_text(row.situation, row.suggestions),
        by or row.account_id,
        body_id=row.body_id,
        kind=OpinionKind.CONVERSION,
    )
    add(db, organization_id, proposal, ("opinion_report", report), by or row.account_id)


def _one_text(situation: str, suggestions: str) -> str:
    """Both parts as the text of a report, which may be half as long; the whole stays in the proposal it came of."""
    text = f"{situation}\n\n{suggestions}".strip()
    return text if len(text) <= MOST else text[: MOST - len(_CUT)] + _CUT


@domain_events.on("proposal.unconverted")
def unconvert(db: Session, organization_id: int, proposal: Thing, by: int | None) -> None:
    """Take the report back; `Conflict` when staff have begun with it."""
    for report in queries.came_of(db.connection(), proposal, "opinion_report"):
        received.take_back(db, report, "转办已撤销", by)
        remove(db, organization_id, proposal, ("opinion_report", report), "转办已撤销", by)
