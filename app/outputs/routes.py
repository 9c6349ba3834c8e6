"""Outputs (成果件): reports and recommendations of the conference, from the draft to what became of them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.core.web.idempotency import OnceKey
from app.outputs import queries, service, text
from app.outputs.lifecycle import OutputKind, OutputState
from app.outputs.schemas import (
    OutputIn,
    OutputOut,
    OutputRow,
    OutputStepIn,
    OutputVersionOut,
    OutputVersionRow,
)

router = APIRouter(prefix="/api/v1/outputs", tags=["成果件"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.OUTPUT_READ))]
Manager = Annotated[Actor, Depends(allow(Permission.OUTPUT_MANAGE))]
OfBody = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only those in the name of this body.")]


def _filters(
    *,
    kind: Annotated[OutputKind | None, Query(description="Only papers of this kind.")] = None,
    state: Annotated[OutputState | None, Query(description="Only those that stand so.")] = None,
    year: Annotated[
        int | None, Query(ge=1990, le=2100, description="Only those with a number of this year.")
    ] = None,
    body_id: OfBody = None,
    mine: Annotated[bool, Query(description="Only those of mine, or of a body for which I may act.")] = False,
    q: Annotated[str, Query(max_length=60, description="Words of the title.")] = "",
) -> queries.OutputFilter:
    return queries.OutputFilter(kind, state, year, body_id, mine, q)


Wanted = Annotated[queries.OutputFilter, Depends(_filters)]


@router.get("", operation_id="outputs_list", response_model=Page[OutputRow])
def list_outputs(
    actor: Reader, reads: Reads, wanted: Wanted, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Outputs: all for staff; issued ones for those who are named, addressed, or may read them; newest first."""
    with reads.connect() as conn:
        return json_response(queries.page_of_outputs(conn, actor, wanted, cursor, limit))


@router.post(
    "", operation_id="outputs_write", status_code=201, response_model=OutputOut, responses=problems(404, 409)
)
def write(body: OutputIn, actor: Manager, db: Db, once: OnceKey) -> Response:
    """Begin a draft."""
    return once(db, actor.account_id, body, lambda: text.write(db, actor, body))


@router.get("/{output_id}", operation_id="outputs_get", response_model=OutputOut, responses=problems(404))
def get_output(output_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One output, with its track and the steps that are open to me."""
    with reads.connect() as conn:
        return json_response(queries.read(conn, actor, output_id))


@router.put("/{output_id}", operation_id="outputs_edit", responses=problems(404, 409, 412))
def edit(output_id: Id64, body: OutputIn, actor: Manager, db: Db, version: IfMatch) -> OutputOut:
    """Save the whole output before it is submitted; 412 carries the present one as `current`."""
    return text.edit(db, actor, output_id, version, body)


@router.get(
    "/{output_id}/versions",
    operation_id="outputs_list_versions",
    response_model=Page[OutputVersionRow],
    responses=problems(404),
)
def list_versions(
    output_id: Id64, actor: Manager, reads: Reads, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Saved versions of the text, newest first."""
    with reads.connect() as conn:
        return json_response(queries.page_of_versions(conn, actor, output_id, cursor, limit))


@router.get(
    "/{output_id}/versions/{version}",
    operation_id="outputs_get_version",
    response_model=OutputVersionOut,
    responses=problems(404),
)
def get_version(output_id: Id64, version: Id64, actor: Manager, reads: Reads) -> Response:
    """The text of one saved version."""
    with reads.connect() as conn:
        return json_response(queries.version(conn, actor, output_id, version))


@router.post(
    "/{output_id}/transitions",
    operation_id="outputs_run_transition",
    response_model=OutputOut,
    responses=problems(404, 409, 412),
)
def run_transition(
    output_id: Id64, body: OutputStepIn, actor: Manager, db: Db, once: OnceKey, version: IfMatch
) -> Response:
    """Run one of its `actions` on the text that I have seen: submit, issue, comment, adopt, and their undoing."""
    asked = f"output {output_id} {version} {body.model_dump_json()}"
    return once(
        db, actor.account_id, asked, lambda: service.step(db, actor, output_id, version, body), status=200
    )
