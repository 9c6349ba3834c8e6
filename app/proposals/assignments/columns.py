"""Columns of lists of proposals that other tables hold: the soonest deadline, how long it waits, its units."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, case, func, select

from app.core.sql import alias, table
from app.people.models import Unit
from app.proposals.assignments.lifecycle import GONE
from app.proposals.assignments.models import ProposalAssignment, ProposalDeadline
from app.proposals.assignments.rules import OPTIONAL
from app.proposals.models import Proposal, ProposalStep

_p, _t, _u = table(Proposal), alias(table(ProposalStep), "moved"), table(Unit)
_a, _d = alias(table(ProposalAssignment), "shared"), alias(table(ProposalDeadline), "open_deadline")
#: Units that a row of a list names at most.
_FEW, _BETWEEN = 4, "\n"


def due_on(today: date, unit_id: int | None = None) -> ColumnElement[date | None]:
    """The soonest day by which something is still due; of a unit's own work alone where one is given."""
    still = (_d.c.due_on >= today) | _d.c.kind.not_in(OPTIONAL)
    found = select(func.min(_d.c.due_on)).where(
        _d.c.proposal_id == _p.c.id, _d.c.met_on.is_(None), _d.c.lifted_on.is_(None), still
    )
    if unit_id is not None:
        own = select(_a.c.id).where(_a.c.proposal_id == _p.c.id, _a.c.unit_id == unit_id)
        found = found.where(_d.c.assignment_id.in_(own))
    return found.scalar_subquery()


def waiting_since() -> ColumnElement[datetime]:
    """Since when a proposal stands in its state."""
    moved = select(func.max(_t.c.at)).where(_t.c.proposal_id == _p.c.id, _t.c.from_state != _t.c.to_state)
    return func.coalesce(moved.scalar_subquery(), _p.c.created_at)


def unit_names() -> ColumnElement[str | None]:
    """The units at work on a proposal, the leading one first, as one text for `names`."""
    few = (
        select(_u.c.name)
        .join(_a, _a.c.unit_id == _u.c.id)
        .where(_a.c.proposal_id == _p.c.id, _a.c.state.not_in(GONE))
        .order_by(case((_a.c.role == "lead", 0), else_=1), _a.c.id)
        .limit(_FEW)
        .correlate(_p)
        .subquery()
    )
    return select(func.aggregate_strings(few.c.name, _BETWEEN)).scalar_subquery()


def names(joined: str | None) -> list[str]:
    """The names in a text of `unit_names`."""
    return joined.split(_BETWEEN) if joined else []
