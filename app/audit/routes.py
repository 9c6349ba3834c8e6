"""The audit log, for the auditor alone."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.audit import anchors, proof, queries, service
from app.audit.schemas import AuditOut, Filters, ProofOut
from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Page, json_response

Auditing = Annotated[Actor, Depends(allow(Permission.AUDIT_READ))]
After = Annotated[int, Query(ge=0, le=2**63 - 1, description="`next` of the answer before; 0 to begin.")]

router = APIRouter(prefix="/api/v1/audit", tags=["审计"], responses=problems(401, 403, 422))

#: Entries proven in one request: about a second.
_PROVEN_AT_ONCE = 50_000


@router.get("", operation_id="audit_list_entries", response_model=Page[AuditOut])
def list_entries(actor: Auditing, reads: Reads, db: Db, asked: Annotated[Filters, Query()]) -> Response:
    """The log, newest first; who reads it is in it too, once for all pages of an answer."""
    if asked.cursor is None:
        filters = asked.model_dump(mode="json", exclude_none=True, exclude={"limit"})
        service.log(db, actor, "audit.read", filters=filters)
    with reads.connect() as conn:
        return json_response(queries.page_of_entries(conn, actor, asked))


@router.get("/verification", operation_id="audit_verify", response_model=ProofOut, responses=problems(409))
def verify(request: Request, actor: Auditing, reads: Reads, after: After = 0) -> Response:
    """Prove that nothing in the log was changed or taken away, up to 50,000 entries at once."""
    kept = anchors.load(request.app.state.settings.data_dir)
    with reads.connect() as conn:
        found = proof.prove(conn, after, _PROVEN_AT_ONCE, kept)
    label = proof.FAULT_LABELS[found["fault"]] if found["fault"] else None
    return json_response({**found, "fault_label": label})
