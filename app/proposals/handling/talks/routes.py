"""Talks of units with the author of a proposal."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db
from app.core.errors import problems
from app.core.paging import Id64
from app.core.web.idempotency import OnceKey
from app.proposals.handling.schemas import HandlingOut
from app.proposals.handling.talks import service
from app.proposals.talks.schemas import ConsultationIn, TalkTransitionIn

router = APIRouter(prefix="/api/v1/proposals/{proposal_id}", tags=["提案"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.PROPOSAL_READ))]


@router.post(
    "/assignments/{assignment_id}/consultations",
    operation_id="proposals_record_consultation",
    status_code=201,
    response_model=HandlingOut,
    responses=problems(404, 409),
)
def record_consultation(
    proposal_id: Id64, assignment_id: Id64, body: ConsultationIn, actor: Reader, db: Db, once: OnceKey
) -> Response:
    """Record a talk of my unit with the author; staff for any unit."""
    return once(
        db, actor.account_id, body, lambda: service.record(db, actor, proposal_id, assignment_id, body)
    )


@router.post(
    "/consultations/{talk_id}/transitions",
    operation_id="proposals_run_talk_transition",
    response_model=HandlingOut,
    responses=problems(404, 409),
)
def run_talk_transition(
    proposal_id: Id64, talk_id: Id64, body: TalkTransitionIn, actor: Reader, db: Db, once: OnceKey
) -> Response:
    """Run one of the talk's `actions`: the author confirms or disputes it, staff settle a dispute."""
    return once(
        db,
        actor.account_id,
        body,
        lambda: service.transition(db, actor, proposal_id, talk_id, body),
        status=200,
    )
