"""Opinion reports (社情民意信息): drafts, editing, and their way upward."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AfterValidator, StringConstraints

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.once import OnceKey
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.core.text import clean
from app.opinions import queries, service
from app.opinions.lifecycle import State
from app.opinions.schemas import (
    OpinionIn,
    OpinionOut,
    OpinionRow,
    TrackOut,
    TransitionIn,
    VersionOut,
    VersionRow,
)

router = APIRouter(prefix="/api/v1/opinions", tags=["社情民意"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.OPINION_READ))]
Author = Annotated[Actor, Depends(allow(Permission.OPINION_WRITE))]
InScope = Annotated[queries.Scope, Query(description="Mine, what waits on the desk, or what was issued.")]
InState = Annotated[State | None, Query(description="Only reports in this state.")]
OfSeat = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only reports of this seat.")]
TitlePart = Annotated[
    Annotated[str, StringConstraints(max_length=40), AfterValidator(clean)] | None,
    Query(description="Words that the title contains."),
]


@router.get("", operation_id="opinions_list", response_model=Page[OpinionRow])
def list_reports(
    actor: Reader,
    reads: Reads,
    *,
    scope: InScope = queries.Scope.MINE,
    state: InState = None,
    seat_id: OfSeat = None,
    q: TitlePart = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """My reports, what waits on the desk (or is in `state`), or what was issued; newest first."""
    with reads.connect() as conn:
        found = queries.page_of_reports(conn, actor, scope, cursor, limit, state=state, seat_id=seat_id, q=q)
        return json_response(found)


@router.post("", operation_id="opinions_write", status_code=201, response_model=OpinionOut)
def write_report(body: OpinionIn, actor: Author, db: Db, once: OnceKey) -> Response:
    """Begin a draft; both parts may still be empty."""
    return once(db, actor.account_id, body, lambda: service.write(db, actor, body))


@router.get("/{report_id}", operation_id="opinions_get", response_model=OpinionOut, responses=problems(404))
def get_report(report_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One report, with the steps that are open to me."""
    with reads.connect() as conn:
        return json_response(queries.read(conn, actor, report_id))


@router.put("/{report_id}", operation_id="opinions_edit", responses=problems(404, 409, 412))
def edit_report(report_id: Id64, body: OpinionIn, actor: Reader, db: Db, version: IfMatch) -> OpinionOut:
    """Save the whole text: its author before, staff while editing; 412 carries the present report as `current`."""
    return service.edit(db, actor, report_id, version, body)


@router.delete("/{report_id}", operation_id="opinions_delete", status_code=204, responses=problems(404, 409))
def delete_report(report_id: Id64, actor: Author, db: Db) -> None:
    """Delete my draft."""
    service.delete(db, actor, report_id)


@router.get(
    "/{report_id}/versions",
    operation_id="opinions_list_versions",
    response_model=Page[VersionRow],
    responses=problems(404),
)
def list_versions(
    report_id: Id64, actor: Reader, reads: Reads, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Every saved version, newest first: all for the author, those since the first submission for staff."""
    with reads.connect() as conn:
        return json_response(queries.page_of_versions(conn, actor, report_id, cursor, limit))


@router.get(
    "/{report_id}/versions/{version}",
    operation_id="opinions_get_version",
    response_model=VersionOut,
    responses=problems(404),
)
def get_version(report_id: Id64, version: Id64, actor: Reader, reads: Reads) -> Response:
    """The text of one saved version."""
    with reads.connect() as conn:
        return json_response(queries.version(conn, actor, report_id, version))


@router.get(
    "/{report_id}/track",
    operation_id="opinions_get_track",
    response_model=TrackOut,
    responses=problems(404),
)
def get_track(report_id: Id64, actor: Reader, reads: Reads) -> Response:
    """The way so far, step by step, and what I may do next."""
    with reads.connect() as conn:
        return json_response(queries.track(conn, actor, report_id))


@router.post(
    "/{report_id}/transitions",
    operation_id="opinions_run_transition",
    response_model=OpinionOut,
    responses=problems(404, 409),
)
def run_transition(report_id: Id64, body: TransitionIn, actor: Reader, db: Db, once: OnceKey) -> Response:
    """Run one of the report's `actions`: submit, withdraw, edit, return, issue, forward, adopt, comment."""
    asked = f"opinion {report_id} {body.model_dump_json()}"
    return once(
        db, actor.account_id, asked, lambda: service.transition(db, actor, report_id, body), status=200
    )
