"""Speeches at the plenary session (大会发言): handed in by members, chosen by staff, delivered."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.core.web.idempotency import OnceKey
from app.speeches import queries, service
from app.speeches.lifecycle import SpeechState
from app.speeches.rules import SpeechForm
from app.speeches.schemas import SpeechIn, SpeechOut, SpeechRow, SpeechStepIn, SpeechTextIn, SpeechVersionOut

router = APIRouter(prefix="/api/v1/speeches", tags=["大会发言"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.SPEECH_READ))]
Writer = Annotated[Actor, Depends(allow(Permission.SPEECH_WRITE))]


def _filters(
    *,
    call_id: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only those of this call.")] = None,
    state: Annotated[SpeechState | None, Query(description="Only those that stand so.")] = None,
    wishes: Annotated[
        SpeechForm | None, Query(description="Only those whose author would like to speak so.")
    ] = None,
    mine: Annotated[
        bool, Query(description="Only mine and those of bodies that I speak for, newest first.")
    ] = False,
    q: Annotated[str, Query(max_length=60, description="Words of the title.")] = "",
) -> queries.SpeechFilter:
    return queries.SpeechFilter(call_id, state, wishes, mine, q)


Wanted = Annotated[queries.SpeechFilter, Depends(_filters)]


@router.get("", operation_id="speeches_list", response_model=Page[SpeechRow])
def list_speeches(
    actor: Reader, reads: Reads, wanted: Wanted, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Speeches that I may read, by call: oral ones in their order, then the newest; mine newest first."""
    with reads.connect() as conn:
        return json_response(queries.page_of_speeches(conn, actor, wanted, cursor, limit))


@router.post("", operation_id="speeches_submit", status_code=201, response_model=SpeechOut)
def submit(body: SpeechIn, actor: Writer, db: Db, once: OnceKey) -> Response:
    """Hand in a speech while its call is open."""
    return once(db, actor.account_id, body, lambda: service.submit(db, actor, body))


@router.get("/{speech_id}", operation_id="speeches_get", response_model=SpeechOut, responses=problems(404))
def get_speech(speech_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One speech with its text, its track and the steps that are open to me."""
    with reads.connect() as conn:
        return json_response(queries.read(conn, actor, speech_id))


@router.get(
    "/{speech_id}/versions",
    operation_id="speeches_list_versions",
    response_model=Page[SpeechVersionOut],
    responses=problems(404),
)
def list_versions(
    speech_id: Id64, actor: Reader, reads: Reads, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Every text that was saved, the newest first; for its author and staff."""
    with reads.connect() as conn:
        return json_response(queries.versions(conn, actor, speech_id, cursor, limit))


@router.put(
    "/{speech_id}/text",
    operation_id="speeches_save_text",
    response_model=SpeechOut,
    responses=problems(404, 409, 412),
)
def save_text(
    speech_id: Id64, body: SpeechTextIn, actor: Reader, db: Db, once: OnceKey, version: IfMatch
) -> Response:
    """Save a text as a new version: the author while it is asked for, staff while they work on it."""
    asked = f"speech text {speech_id} {version} {body.model_dump_json()}"
    return once(
        db, actor.account_id, asked, lambda: service.save(db, actor, speech_id, version, body), status=200
    )


@router.post(
    "/{speech_id}/transitions",
    operation_id="speeches_run_transition",
    response_model=SpeechOut,
    responses=problems(404, 409, 412),
)
def run_transition(
    speech_id: Id64, body: SpeechStepIn, actor: Reader, db: Db, once: OnceKey, version: IfMatch
) -> Response:
    """Run one of its `actions` on the version that I have seen: choose, return, deliver, withdraw, undo."""
    asked = f"speech {speech_id} {version} {body.model_dump_json()}"
    return once(
        db, actor.account_id, asked, lambda: service.step(db, actor, speech_id, version, body), status=200
    )
