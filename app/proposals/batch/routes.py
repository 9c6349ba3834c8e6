"""One action on many proposals."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Data
from app.core.errors import problems
from app.core.web import bulk
from app.core.web.bulk import BulkOut
from app.core.web.idempotency import OnceKey
from app.proposals.batch import service
from app.proposals.batch.schemas import ProposalBatch
from app.proposals.schemas import ProposalRow

router = APIRouter(prefix="/api/v1/proposals", tags=["提案"], responses=problems(401, 403, 422))

Inspector = Annotated[Actor, Depends(allow(Permission.PROPOSAL_INSPECT))]


@router.post("/batch", operation_id="proposals_run_batch", response_model=BulkOut[ProposalRow])
def run_batch(body: ProposalBatch, actor: Inspector, database: Data, once: OnceKey) -> Response:
    """Run one action on up to a hundred proposals: each is done or refused by itself, under the rules of a single one.

    A retry with the same key finishes what was cut off, and does nothing twice.
    """
    body.check()
    act = service.act(actor, body)
    return bulk.run(database, once, actor.account_id, body, body.items, of=ProposalRow, act=act)
