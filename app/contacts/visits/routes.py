"""Visits (走访): logged by members, read by their author and the office."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.contacts.visits import queries, service
from app.contacts.visits.schemas import VisitIn, VisitOut
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.core.web.idempotency import OnceKey

router = APIRouter(prefix="/api/v1/visits", tags=["联系走访"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.CONTACT_READ))]
Logger = Annotated[Actor, Depends(allow(Permission.VISIT_LOG))]


def _filters(
    *,
    contact_id: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only to this contact.")] = None,
    seat_id: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only of this member.")] = None,
    year: Annotated[int | None, Query(ge=1990, le=2100, description="Only of this duty year.")] = None,
    mine: Annotated[bool, Query(description="Only my own.")] = False,
    q: Annotated[str, Query(max_length=60, description="Words of the text or of whom.")] = "",
) -> queries.VisitFilter:
    return queries.VisitFilter(contact_id, seat_id, year, mine, q)


Wanted = Annotated[queries.VisitFilter, Depends(_filters)]


@router.get("", operation_id="visits_list", response_model=Page[VisitOut])
def list_visits(
    actor: Reader, reads: Reads, wanted: Wanted, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Visits: all for the office, mine for members; the newest day first."""
    with reads.connect() as conn:
        return json_response(queries.page_of_visits(conn, actor, wanted, cursor, limit))


@router.post("", operation_id="visits_log", status_code=201, response_model=VisitOut)
def log_visit(body: VisitIn, actor: Logger, db: Db, once: OnceKey) -> Response:
    """Log a visit: it is a record of duty at once."""
    return once(db, actor.account_id, body, lambda: service.log(db, actor, body))


@router.get("/{visit_id}", operation_id="visits_get", response_model=VisitOut, responses=problems(404))
def get_visit(visit_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One visit."""
    with reads.connect() as conn:
        return json_response(queries.read(conn, actor, visit_id))


@router.put("/{visit_id}", operation_id="visits_edit", responses=problems(404, 409, 412))
def edit_visit(visit_id: Id64, body: VisitIn, actor: Logger, db: Db, version: IfMatch) -> VisitOut:
    """Write my visit again; 412 carries the present one as `current`."""
    return service.edit(db, actor, visit_id, version, body)


@router.put("/{visit_id}/withdrawal", operation_id="visits_withdraw", responses=problems(404, 409))
def withdraw_visit(visit_id: Id64, actor: Logger, db: Db) -> VisitOut:
    """Withdraw my visit: it counts no more."""
    return service.withdraw(db, actor, visit_id)


@router.delete("/{visit_id}/withdrawal", operation_id="visits_restore", responses=problems(404, 409))
def restore_visit(visit_id: Id64, actor: Logger, db: Db) -> VisitOut:
    """Undo the withdrawal of my visit."""
    return service.restore(db, actor, visit_id)
