"""Leads (线索): handed in by information officers, members and citizens; staff make reports of them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.auth.strangers import NOBODY, From
from app.core.db import Data, Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, Limit, Page, json_response
from app.core.web.idempotency import OnceKey
from app.opinions.leads import queries, service
from app.opinions.leads.lifecycle import LeadState, Source
from app.opinions.leads.schemas import (
    LeadCodeIn,
    LeadIn,
    LeadOut,
    LeadStateOut,
    LeadTransitionIn,
    PlaceOut,
    PublicLeadIn,
    ReceiptOut,
)

router = APIRouter(prefix="/api/v1/leads", tags=["线索"], responses=problems(422))

Reader = Annotated[Actor, Depends(allow(Permission.LEAD_READ))]
Author = Annotated[Actor, Depends(allow(Permission.LEAD_WRITE))]
Editor = Annotated[Actor, Depends(allow(Permission.OPINION_EDIT))]
InScope = Annotated[queries.LeadScope, Query(description="Mine, or all that the desk received.")]
InState = Annotated[LeadState | None, Query(description="Only leads in this state.")]
FromSource = Annotated[Source | None, Query(description="Only leads handed in as this.")]


@router.post(
    "",
    operation_id="leads_hand_in_publicly",
    status_code=201,
    response_model=ReceiptOut,
    responses=problems(403, 404, 429),
)
def hand_in_publicly(body: PublicLeadIn, address: From, db: Db, once: OnceKey) -> Response:
    """Hand in a lead without login; the receipt's code tells later what became of it."""
    return once(db, NOBODY, body, lambda: service.hand_in_publicly(db, address, body))


@router.post(
    "/status", operation_id="leads_look_up", response_model=LeadStateOut, responses=problems(403, 404, 429)
)
def look_up(body: LeadCodeIn, address: From, store: Data) -> Response:
    """What became of a lead, for whoever has the code of its receipt."""
    return json_response(service.look_up(store, address, body.code))


@router.get("/organizations", operation_id="leads_list_organizations", response_model=Page[PlaceOut])
def list_organizations(reads: Reads, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """The organizations that take leads, for the public form."""
    with reads.connect() as conn:
        return json_response(queries.page_of_places(conn, cursor, limit))


@router.post(
    "/own",
    operation_id="leads_hand_in",
    status_code=201,
    response_model=LeadOut,
    responses=problems(401, 403),
)
def hand_in(body: LeadIn, actor: Author, db: Db, once: OnceKey) -> Response:
    """Hand in a lead with my account."""
    return once(db, actor.account_id, body, lambda: service.hand_in(db, actor, body))


@router.get("", operation_id="leads_list", response_model=Page[LeadOut], responses=problems(401, 403))
def list_leads(
    actor: Reader,
    reads: Reads,
    *,
    scope: InScope = queries.LeadScope.MINE,
    state: InState = None,
    source: FromSource = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """My leads, or for staff all that were received; newest first."""
    with reads.connect() as conn:
        found = queries.page_of_leads(conn, actor, scope, cursor, limit, state=state, source=source)
        return json_response(found)


@router.get("/{lead_id}", operation_id="leads_get", responses=problems(401, 403, 404))
def get_lead(lead_id: Id64, actor: Reader, db: Db) -> LeadOut:
    """One lead; staff see whom to call, and the audit log that they saw it."""
    return service.read(db, actor, lead_id)


@router.post(
    "/{lead_id}/transitions",
    operation_id="leads_run_transition",
    response_model=LeadOut,
    responses=problems(401, 403, 404, 409),
)
def run_transition(lead_id: Id64, body: LeadTransitionIn, actor: Editor, db: Db, once: OnceKey) -> Response:
    """Run one of the lead's `actions`: make a report of it, decline it, open it again."""
    return once(db, actor.account_id, body, lambda: service.transition(db, actor, lead_id, body), status=200)
