"""Staff enter proposals that came on paper."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db
from app.core.errors import problems
from app.core.web.idempotency import OnceKey
from app.proposals.entry import service
from app.proposals.entry.schemas import EntryIn
from app.proposals.schemas import ProposalOut

router = APIRouter(prefix="/api/v1/proposals", tags=["提案"], responses=problems(401, 403, 422))

Reviewer = Annotated[Actor, Depends(allow(Permission.PROPOSAL_REVIEW))]


@router.post(
    "/entered",
    operation_id="proposals_enter",
    status_code=201,
    response_model=ProposalOut,
    responses=problems(409),
)
def enter_proposal(body: EntryIn, actor: Reviewer, db: Db, once: OnceKey) -> Response:
    """Enter a proposal that came on paper (机关代录), for a member or a body; it is submitted at once."""
    return once(db, actor.account_id, body, lambda: service.enter(db, actor, body))
