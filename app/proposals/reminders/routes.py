"""Reminders to units (催办)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db
from app.core.errors import problems
from app.core.paging import Id64
from app.core.web.idempotency import OnceKey
from app.proposals.reminders import service
from app.proposals.reminders.schemas import ReminderIn
from app.proposals.schemas import ProposalOut

router = APIRouter(prefix="/api/v1/proposals", tags=["提案"], responses=problems(401, 403, 422))

Reviewer = Annotated[Actor, Depends(allow(Permission.PROPOSAL_REVIEW))]


@router.post(
    "/{proposal_id}/reminders",
    operation_id="proposals_remind_units",
    status_code=201,
    response_model=ProposalOut,
    responses=problems(404, 409),
)
def remind_units(proposal_id: Id64, body: ReminderIn, actor: Reviewer, db: Db, once: OnceKey) -> Response:
    """Remind units of their work on a proposal, each once a day at most: its officers hear of it, the track says so."""
    return once(db, actor.account_id, body, lambda: service.remind(db, actor, proposal_id, body))
