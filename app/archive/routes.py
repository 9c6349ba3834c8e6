"""Claims of acts done elsewhere (履职申报) and appeals against records (记录申诉)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.archive import queries, service
from app.archive.lifecycle import ClaimKind, ClaimState
from app.archive.schemas import ClaimIn, ClaimOut, ClaimRow, ClaimStepIn
from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.core.web.idempotency import OnceKey

router = APIRouter(prefix="/api/v1/claims", tags=["履职申报"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.DUTY_READ))]
Claimant = Annotated[Actor, Depends(allow(Permission.DUTY_CLAIM))]
InScope = Annotated[queries.ClaimScope, Query(description="Mine, or all that the desk received.")]
OfKind = Annotated[ClaimKind | None, Query(description="Only claims, or only appeals.")]
OfProject = Annotated[
    int | None, Query(ge=1, le=2**63 - 1, description="Only what was done in this project.")
]
InState = Annotated[ClaimState | None, Query(description="Only those in this state.")]


@router.get("", operation_id="claims_list", response_model=Page[ClaimRow])
def list_claims(
    actor: Reader,
    reads: Reads,
    *,
    scope: InScope = queries.ClaimScope.MINE,
    kind: OfKind = None,
    state: InState = None,
    project_id: OfProject = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """My claims and appeals, or for staff all that were received; newest first."""
    with reads.connect() as conn:
        found = queries.page_of_claims(
            conn, actor, scope, cursor, limit, kind=kind, state=state, project_id=project_id
        )
        return json_response(found)


@router.post(
    "",
    operation_id="claims_hand_in",
    status_code=201,
    response_model=ClaimOut,
    responses=problems(404, 409),
)
def hand_in(body: ClaimIn, actor: Claimant, db: Db, once: OnceKey) -> Response:
    """Hand in an act done elsewhere with its proof, or say what is wrong with one of my records."""
    return once(db, actor.account_id, body, lambda: service.hand_in(db, actor, body))


@router.get("/{claim_id}", operation_id="claims_get", response_model=ClaimOut, responses=problems(404))
def get_claim(claim_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One claim or appeal, with its track and the steps that are open to me."""
    with reads.connect() as conn:
        return json_response(queries.read(conn, actor, claim_id))


@router.put("/{claim_id}", operation_id="claims_edit", responses=problems(404, 409, 412))
def edit_claim(claim_id: Id64, body: ClaimIn, actor: Claimant, db: Db, version: IfMatch) -> ClaimOut:
    """Save my whole claim while it waits; 412 carries the present one as `current`."""
    return service.edit(db, actor, claim_id, version, body)


@router.post(
    "/{claim_id}/transitions",
    operation_id="claims_run_transition",
    response_model=ClaimOut,
    responses=problems(404, 409, 412),
)
def run_transition(
    claim_id: Id64, body: ClaimStepIn, actor: Reader, db: Db, once: OnceKey, version: IfMatch
) -> Response:
    """Run one of the claim's `actions` on the version that I have seen: withdraw, confirm, refuse, open again."""
    asked = f"claim {claim_id} {version} {body.model_dump_json()}"
    return once(
        db, actor.account_id, asked, lambda: service.step(db, actor, claim_id, version, body), status=200
    )
