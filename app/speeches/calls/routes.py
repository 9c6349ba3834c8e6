"""Calls for speeches: opened, edited, closed, published; the order of their oral speeches."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.core.web.idempotency import OnceKey
from app.speeches.calls import queries, service
from app.speeches.calls.lifecycle import CallState
from app.speeches.calls.schemas import SpeechCallIn, SpeechCallOut, SpeechCallStepIn, SpeechOrderIn

router = APIRouter(prefix="/api/v1/speech-calls", tags=["大会发言"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.SPEECH_READ))]
Manager = Annotated[Actor, Depends(allow(Permission.SPEECH_MANAGE))]


@router.get("", operation_id="speech_calls_list", response_model=Page[SpeechCallOut])
def list_calls(
    actor: Reader,
    reads: Reads,
    state: Annotated[CallState | None, Query(description="Only those that stand so.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Calls for speeches, the newest first."""
    with reads.connect() as conn:
        return json_response(queries.page_of_calls(conn, actor, queries.CallFilter(state), cursor, limit))


@router.post("", operation_id="speech_calls_open", status_code=201, response_model=SpeechCallOut)
def open_call(body: SpeechCallIn, actor: Manager, db: Db, once: OnceKey) -> Response:
    """Open a call, of which all members hear."""
    return once(db, actor.account_id, body, lambda: service.open_call(db, actor, body))


@router.get(
    "/{call_id}", operation_id="speech_calls_get", response_model=SpeechCallOut, responses=problems(404)
)
def get_call(call_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One call, with the steps that are open to me."""
    with reads.connect() as conn:
        return json_response(queries.read(conn, actor, call_id))


@router.put(
    "/{call_id}",
    operation_id="speech_calls_edit",
    response_model=SpeechCallOut,
    responses=problems(404, 409, 412),
)
def edit_call(
    call_id: Id64, body: SpeechCallIn, actor: Manager, db: Db, once: OnceKey, version: IfMatch
) -> Response:
    """Change a call, or move its last day; members hear of that."""
    asked = f"speech call {call_id} {version} {body.model_dump_json()}"
    return once(
        db, actor.account_id, asked, lambda: service.edit(db, actor, call_id, version, body), status=200
    )


@router.post(
    "/{call_id}/transitions",
    operation_id="speech_calls_run_transition",
    response_model=SpeechCallOut,
    responses=problems(404, 409, 412),
)
def run_transition(
    call_id: Id64, body: SpeechCallStepIn, actor: Manager, db: Db, once: OnceKey, version: IfMatch
) -> Response:
    """Run one of its `actions`: close, publish the results, and what undoes them."""
    asked = f"speech call {call_id} {version} {body.model_dump_json()}"
    return once(
        db, actor.account_id, asked, lambda: service.step(db, actor, call_id, version, body), status=200
    )


@router.put(
    "/{call_id}/order",
    operation_id="speech_calls_put_in_order",
    response_model=SpeechCallOut,
    responses=problems(404, 409, 412),
)
def put_in_order(
    call_id: Id64, body: SpeechOrderIn, actor: Manager, db: Db, once: OnceKey, version: IfMatch
) -> Response:
    """Put the oral speeches in order: all of them, on the version of the call that I have seen."""
    asked = f"speech order {call_id} {version} {body.model_dump_json()}"
    return once(
        db,
        actor.account_id,
        asked,
        lambda: service.put_in_order(db, actor, call_id, version, body),
        status=200,
    )
