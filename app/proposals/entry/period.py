"""Staff say during which period a proposal came, where the plenary's days do not tell."""

from sqlalchemy import update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.core.errors import Conflict
from app.core.sql import table
from app.proposals.models import Proposal
from app.proposals.schemas import PeriodIn, ProposalOut
from app.proposals.text import lock, out

_p = table(Proposal)


def set_period(db: Session, actor: Actor, proposal_id: int, wanted: PeriodIn) -> ProposalOut:
    """Say whether a submitted proposal came during the plenary or between sessions."""
    row = lock(db, actor, proposal_id)
    if row.submitted_at is None:
        raise Conflict("提案还没有提交。", code="not_submitted", state=row.state)
    db.connection().execute(update(_p).where(_p.c.id == proposal_id).values(period=wanted.period))
    audit(db, actor, "proposal.period_set", ("proposal", proposal_id), before=row.period, after=wanted.period)
    return out(db, actor, proposal_id)
