"""Staff enter reports that came on paper, and leads that reached them by word of mouth."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db
from app.core.errors import problems
from app.core.web.idempotency import OnceKey
from app.opinions.entry import service
from app.opinions.entry.schemas import LeadEntryIn, ReportEntryIn
from app.opinions.leads.schemas import LeadOut
from app.opinions.schemas import OpinionOut

router = APIRouter(prefix="/api/v1", responses=problems(401, 403, 422))

Editor = Annotated[Actor, Depends(allow(Permission.OPINION_EDIT))]


@router.post(
    "/opinions/entered",
    operation_id="opinions_enter",
    status_code=201,
    response_model=OpinionOut,
    tags=["社情民意"],
)
def enter_report(body: ReportEntryIn, actor: Editor, db: Db, once: OnceKey) -> Response:
    """Enter a report that came on paper (机关代录), for a member or a body; it is submitted at once."""
    return once(db, actor.account_id, body, lambda: service.enter_report(db, actor, body))


@router.post(
    "/leads/entered", operation_id="leads_enter", status_code=201, response_model=LeadOut, tags=["线索"]
)
def enter_lead(body: LeadEntryIn, actor: Editor, db: Db, once: OnceKey) -> Response:
    """Enter a lead of a citizen, an institution or a member; who has no account gets the code of a receipt."""
    return once(db, actor.account_id, body, lambda: service.enter_lead(db, actor, body))
