"""Matters (有事来协商): brought, screened, met on, followed to their result, released to the public."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.cases.rules import Judgement
from app.consultations.matters import queries, service
from app.consultations.matters.entry import service as entry
from app.consultations.matters.figures import figures
from app.consultations.matters.lifecycle import MatterSource, MatterState
from app.consultations.matters.notes.schemas import MatterNoteIn
from app.consultations.matters.schemas import (
    EnteredMatter,
    EnteredMatterIn,
    MatterContact,
    MatterFigures,
    MatterGroup,
    MatterIn,
    MatterOut,
    MatterRow,
    MatterStepIn,
    MeetingIn,
    ReleaseIn,
)
from app.consultations.venues.rules import VenueLevel
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.core.web.idempotency import OnceKey

router = APIRouter(prefix="/api/v1/matters", tags=["协商议题"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.MATTER_READ))]
Author = Annotated[Actor, Depends(allow(Permission.MATTER_BRING))]
Manager = Annotated[Actor, Depends(allow(Permission.MATTER_MANAGE))]
GroupedBy = Annotated[MatterGroup, Query(description="What the figures are divided by.")]


def _one(description: str) -> Any:
    return Query(ge=1, le=2**63 - 1, description=description)


def _filters(
    *,
    state: Annotated[MatterState | None, Query(description="Only those that stand so.")] = None,
    source: Annotated[MatterSource | None, Query(description="Only those brought by such.")] = None,
    venue_id: Annotated[int | None, _one("Only those of this venue.")] = None,
    level: Annotated[VenueLevel | None, Query(description="Only those of venues of this level.")] = None,
    activity_id: Annotated[int | None, _one("Only those that this activity meets on.")] = None,
    met: Annotated[bool | None, Query(description="Only those that were met on, or (false) not yet.")] = None,
    with_findings: Annotated[
        bool | None, Query(description="Only those of which suggestions were made, or (false) none.")
    ] = None,
    solved: Annotated[bool | None, Query(description="Only those solved, or (false) left unsolved.")] = None,
    judgement: Annotated[Judgement | None, Query(description="Only those judged so.")] = None,
    released: Annotated[
        bool | None, Query(description="Only those the public reads, or (false) not.")
    ] = None,
    mine: Annotated[bool, Query(description="Only those that I brought.")] = False,
    convened: Annotated[bool, Query(description="Only those of the venues that I convene.")] = False,
    q: Annotated[str, Query(max_length=60, description="Words of the title.")] = "",
) -> queries.MatterFilter:
    return queries.MatterFilter(
        *(state, source, venue_id, level, activity_id, met, with_findings, solved, judgement, released),
        *(mine, convened, q),
    )


Wanted = Annotated[queries.MatterFilter, Depends(_filters)]


@router.get("", operation_id="matters_list", response_model=Page[MatterRow])
def list_matters(
    actor: Reader, reads: Reads, wanted: Wanted, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Matters: all for staff, those of their venues for conveners, mine and those I meet on for members."""
    with reads.connect() as conn:
        return json_response(queries.page_of_matters(conn, actor, wanted, cursor, limit))


@router.post("", operation_id="matters_bring", status_code=201, response_model=MatterOut)
def bring(body: MatterIn, actor: Author, db: Db, once: OnceKey) -> Response:
    """Bring a matter: as a member, as the convener of the venue, or as the office for a company."""
    return once(db, actor.account_id, body, lambda: entry.bring(db, actor, body))


@router.post("/entered", operation_id="matters_enter", status_code=201, response_model=EnteredMatter)
def enter(body: EnteredMatterIn, actor: Manager, db: Db, once: OnceKey) -> Response:
    """Record a matter for a citizen who came or called (机关代录); only this answer has the receipt's code."""
    return once(db, actor.account_id, body, lambda: entry.enter(db, actor, body))


@router.get("/figures", operation_id="matters_figures", response_model=MatterFigures)
def get_figures(actor: Reader, reads: Reads, by: GroupedBy = "source") -> Response:
    """How many were collected, met on, solved, judged well: by source, venue or level; each figure with its list."""
    with reads.connect() as conn:
        return json_response(figures(conn, actor, by))


@router.get("/{matter_id}", operation_id="matters_get", response_model=MatterOut, responses=problems(404))
def get_matter(matter_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One matter, with its notes, suggestions, track and the steps that are open to me."""
    with reads.connect() as conn:
        return json_response(queries.read(conn, actor, matter_id))


@router.get("/{matter_id}/contact", operation_id="matters_get_contact", responses=problems(404))
def get_contact(matter_id: Id64, actor: Manager, db: Db) -> MatterContact:
    """Whom to ask where no account brought it; that I saw it is in the audit log."""
    return service.contact(db, actor, matter_id)


@router.post(
    "/{matter_id}/transitions",
    operation_id="matters_run_transition",
    response_model=MatterOut,
    responses=problems(404, 409, 412),
)
def run_transition(
    matter_id: Id64, body: MatterStepIn, actor: Reader, db: Db, once: OnceKey, version: IfMatch
) -> Response:
    """Run one of its `actions` on the version that I have seen; `undo` takes the last one back."""
    asked = f"matter {matter_id} {version} {body.model_dump_json()}"
    return once(
        db, actor.account_id, asked, lambda: service.step(db, actor, matter_id, version, body), status=200
    )


@router.put("/{matter_id}/meeting", operation_id="matters_link_meeting", responses=problems(404, 409, 412))
def link_meeting(matter_id: Id64, body: MeetingIn, actor: Reader, db: Db, version: IfMatch) -> MatterOut:
    """Say which consultation meets on it; one may meet on several."""
    return service.link(db, actor, matter_id, version, body)


@router.put("/{matter_id}/release", operation_id="matters_release", responses=problems(404, 409, 412))
def release(matter_id: Id64, body: ReleaseIn, actor: Reader, db: Db, version: IfMatch) -> MatterOut:
    """Let the public read what I wrote of the problem and its result; nothing else of the matter."""
    return service.release(db, actor, matter_id, version, body)


@router.delete("/{matter_id}/release", operation_id="matters_withhold", responses=problems(404, 409, 412))
def withhold(matter_id: Id64, actor: Reader, db: Db, version: IfMatch) -> MatterOut:
    """Take that back."""
    return service.withhold(db, actor, matter_id, version)


@router.post(
    "/{matter_id}/notes",
    operation_id="matters_note",
    status_code=201,
    response_model=MatterOut,
    responses=problems(404, 409),
)
def write_note(matter_id: Id64, body: MatterNoteIn, actor: Author, db: Db, once: OnceKey) -> Response:
    """Note a visit or research for it: a member's is a record of duty at once."""
    asked = f"matter {matter_id} {body.model_dump_json()}"
    return once(db, actor.account_id, asked, lambda: service.note(db, actor, matter_id, body))


@router.put("/notes/{note_id}/withdrawal", operation_id="matters_withdraw_note", responses=problems(404, 409))
def withdraw_note(note_id: Id64, actor: Author, db: Db) -> MatterOut:
    """Withdraw my note: it counts no more."""
    return service.withdraw_note(db, actor, note_id)


@router.delete(
    "/notes/{note_id}/withdrawal", operation_id="matters_restore_note", responses=problems(404, 409)
)
def restore_note(note_id: Id64, actor: Author, db: Db) -> MatterOut:
    """Undo the withdrawal of my note."""
    return service.withdraw_note(db, actor, note_id, restore=True)
