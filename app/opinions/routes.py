"""Opinion reports (社情民意信息): drafts, editing, combining, and their way upward."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AfterValidator, StringConstraints

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.language.text import clean
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.core.web.idempotency import OnceKey
from app.opinions import combining, queries, service, text
from app.opinions.lifecycle import OpinionKind, OpinionState, Tier
from app.opinions.queries import Filter
from app.opinions.schemas import (
    CombinationIn,
    OpinionIn,
    OpinionOut,
    OpinionRow,
    OpinionTrackOut,
    OpinionTransitionIn,
    OpinionVersionOut,
    OpinionVersionRow,
)
from app.opinions.track import queries as track_queries

router = APIRouter(prefix="/api/v1/opinions", tags=["社情民意"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.OPINION_READ))]
Author = Annotated[Actor, Depends(allow(Permission.OPINION_WRITE))]
Editor = Annotated[Actor, Depends(allow(Permission.OPINION_EDIT))]
InScope = Annotated[
    queries.OpinionScope, Query(description="Mine, what waits on the desk, or what was issued.")
]


async def _filter(
    state: Annotated[OpinionState | None, Query(description="Only reports in this state.")] = None,
    kind: Annotated[OpinionKind | None, Query(description="Only reports of this kind.")] = None,
    tier: Annotated[Tier | None, Query(description="Only reports that came as far as this tier.")] = None,
    seat_id: Annotated[
        int | None, Query(ge=1, le=2**63 - 1, description="Only reports of this seat.")
    ] = None,
    sector_id: Annotated[
        int | None, Query(ge=1, le=2**63 - 1, description="Only reports of this sector.")
    ] = None,
    q: Annotated[
        Annotated[str, StringConstraints(max_length=40), AfterValidator(clean)] | None,
        Query(description="Words that the title contains."),
    ] = None,
    commented: Annotated[
        bool | None, Query(description="Only those with a leader's comment (批示), or only those without.")
    ] = None,
) -> Filter:
    return Filter(state, kind, tier, seat_id, sector_id, q, commented)


Wanted = Annotated[Filter, Depends(_filter)]


@router.get("", operation_id="opinions_list", response_model=Page[OpinionRow])
def list_reports(
    actor: Reader,
    reads: Reads,
    wanted: Wanted,
    *,
    scope: InScope = queries.OpinionScope.MINE,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """My reports, what waits on the desk (or is in `state`), or what was issued; newest first."""
    with reads.connect() as conn:
        return json_response(queries.page_of_reports(conn, actor, scope, wanted, cursor, limit))


@router.post("", operation_id="opinions_write", status_code=201, response_model=OpinionOut)
def write_report(body: OpinionIn, actor: Author, db: Db, once: OnceKey) -> Response:
    """Begin a draft; both parts may still be empty."""
    return once(db, actor.account_id, body, lambda: text.write(db, actor, body))


@router.post(
    "/combined",
    operation_id="opinions_compile",
    status_code=201,
    response_model=OpinionOut,
    responses=problems(404, 409),
)
def compile_report(body: CombinationIn, actor: Editor, db: Db, once: OnceKey) -> Response:
    """Begin a combined report (综合信息) of several on the desk; their authors get credit for what becomes of it."""
    return once(db, actor.account_id, body, lambda: combining.compile_report(db, actor, body))


@router.get("/{report_id}", operation_id="opinions_get", response_model=OpinionOut, responses=problems(404))
def get_report(report_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One report, with the steps that are open to me."""
    with reads.connect() as conn:
        return json_response(queries.read(conn, actor, report_id))


@router.put("/{report_id}", operation_id="opinions_edit", responses=problems(404, 409, 412))
def edit_report(report_id: Id64, body: OpinionIn, actor: Reader, db: Db, version: IfMatch) -> OpinionOut:
    """Save the whole text: its author before, staff while editing; 412 carries the present report as `current`."""
    return text.edit(db, actor, report_id, version, body)


@router.delete("/{report_id}", operation_id="opinions_delete", status_code=204, responses=problems(404, 409))
def delete_report(report_id: Id64, actor: Author, db: Db) -> None:
    """Delete my draft."""
    text.delete(db, actor, report_id)


@router.get(
    "/{report_id}/versions",
    operation_id="opinions_list_versions",
    response_model=Page[OpinionVersionRow],
    responses=problems(404),
)
def list_versions(
    report_id: Id64, actor: Reader, reads: Reads, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Saved versions, newest first: for the author their own and what was released, for staff since the submission."""
    with reads.connect() as conn:
        return json_response(track_queries.page_of_versions(conn, actor, report_id, cursor, limit))


@router.get(
    "/{report_id}/versions/{version}",
    operation_id="opinions_get_version",
    response_model=OpinionVersionOut,
    responses=problems(404),
)
def get_version(report_id: Id64, version: Id64, actor: Reader, reads: Reads) -> Response:
    """The text of one saved version."""
    with reads.connect() as conn:
        return json_response(track_queries.version(conn, actor, report_id, version))


@router.get(
    "/{report_id}/track",
    operation_id="opinions_get_track",
    response_model=OpinionTrackOut,
    responses=problems(404),
)
def get_track(report_id: Id64, actor: Reader, reads: Reads) -> Response:
    """The way so far, step by step, and what I may do next."""
    with reads.connect() as conn:
        return json_response(track_queries.track(conn, actor, report_id))


@router.post(
    "/{report_id}/transitions",
    operation_id="opinions_run_transition",
    response_model=OpinionOut,
    responses=problems(404, 409),
)
def run_transition(
    report_id: Id64, body: OpinionTransitionIn, actor: Reader, db: Db, once: OnceKey
) -> Response:
    """Run one of the report's `actions`, from submitting it to a leader's comment; or undo the last step."""
    return once(
        db, actor.account_id, body, lambda: service.transition(db, actor, report_id, body), status=200
    )
