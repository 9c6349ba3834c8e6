"""Findings (意见建议): written down by staff, answered by units, told to the members who made them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.core.web.idempotency import OnceKey
from app.findings import queries, service
from app.findings.figures import figures
from app.findings.lifecycle import Fate, FindingSource, FindingState
from app.findings.schemas import (
    FigureGroup,
    FindingFigures,
    FindingIn,
    FindingOut,
    FindingRow,
    FindingStepIn,
)

router = APIRouter(prefix="/api/v1/findings", tags=["意见建议"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.FINDING_READ))]
Manager = Annotated[Actor, Depends(allow(Permission.FINDING_MANAGE))]
GroupedBy = Annotated[FigureGroup, Query(description="What the figures are divided by.")]
OfYear = Annotated[
    int | None, Query(ge=1990, le=2100, description="The duty year in which the authors heard the answer.")
]


def _one(description: str) -> Any:
    return Query(ge=1, le=2**63 - 1, description=description)


def _filters(
    *,
    state: Annotated[FindingState | None, Query(description="Only those that stand so.")] = None,
    source: Annotated[FindingSource | None, Query(description="Only those from such a source.")] = None,
    fate: Annotated[Fate | None, Query(description="Only released ones with this fate.")] = None,
    unit_id: Annotated[int | None, _one("Only those addressed to this unit.")] = None,
    sector_id: Annotated[int | None, _one("Only those with an author of this sector.")] = None,
    year: OfYear = None,
    topic_id: Annotated[int | None, _one("Only those from this topic.")] = None,
    activity_id: Annotated[int | None, _one("Only those from this activity.")] = None,
    output_id: Annotated[int | None, _one("Only those from this output.")] = None,
    matter_id: Annotated[int | None, _one("Only those from this matter.")] = None,
    mine: Annotated[bool, Query(description="Only those that I made.")] = False,
    q: Annotated[str, Query(max_length=60, description="Words of the text.")] = "",
) -> queries.FindingFilter:
    places = {"topic": topic_id, "activity": activity_id, "output": output_id, "matter": matter_id}
    subject = next(((kind, place) for kind, place in places.items() if place), None)
    return queries.FindingFilter(state, source, fate, unit_id, sector_id, year, mine, subject, q)


Wanted = Annotated[queries.FindingFilter, Depends(_filters)]


@router.get("", operation_id="findings_list", response_model=Page[FindingRow])
def list_findings(
    actor: Reader, reads: Reads, wanted: Wanted, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Suggestions: all for staff, mine for members, those of the unit for its officers; newest first."""
    with reads.connect() as conn:
        return json_response(queries.page_of_findings(conn, actor, wanted, cursor, limit))


@router.post(
    "", operation_id="findings_note", status_code=201, response_model=FindingOut, responses=problems(404, 409)
)
def note(body: FindingIn, actor: Manager, db: Db, once: OnceKey) -> Response:
    """Write a suggestion down, from a reply of a topic or from what was said in an activity."""
    return once(db, actor.account_id, body, lambda: service.note(db, actor, body))


@router.get("/figures", operation_id="findings_figures", response_model=FindingFigures)
def get_figures(actor: Reader, reads: Reads, by: GroupedBy = "source", year: OfYear = None) -> Response:
    """The adoption of what was released, by source, sector, unit or year; each figure with its list."""
    with reads.connect() as conn:
        return json_response(figures(conn, actor, by, year))


@router.get("/{finding_id}", operation_id="findings_get", response_model=FindingOut, responses=problems(404))
def get_finding(finding_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One suggestion, with its track and the steps that are open to me."""
    with reads.connect() as conn:
        return json_response(queries.read(conn, actor, finding_id))


@router.put("/{finding_id}", operation_id="findings_edit", responses=problems(404, 409, 412))
def edit_finding(finding_id: Id64, body: FindingIn, actor: Manager, db: Db, version: IfMatch) -> FindingOut:
    """Write the whole suggestion again before it is sent; 412 carries the present one as `current`."""
    return service.edit(db, actor, finding_id, version, body)


@router.post(
    "/{finding_id}/transitions",
    operation_id="findings_run_transition",
    response_model=FindingOut,
    responses=problems(404, 409, 412),
)
def run_transition(
    finding_id: Id64, body: FindingStepIn, actor: Reader, db: Db, once: OnceKey, version: IfMatch
) -> Response:
    """Run one of its `actions` on the version that I have seen: send, answer, release, and their undoing."""
    asked = f"finding {finding_id} {version} {body.model_dump_json()}"
    return once(
        db, actor.account_id, asked, lambda: service.step(db, actor, finding_id, version, body), status=200
    )
