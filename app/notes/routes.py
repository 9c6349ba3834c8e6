"""Internal notes (内部备注): what staff tell each other about something that they work on."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.desks import SubjectName, parse
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Id64, IfMatch, json_response
from app.core.web.idempotency import OnceKey
from app.notes import colleagues, queries, service
from app.notes.schemas import ColleagueList, InternalNoteIn, NoteList, NotePatch, ReplyNote

router = APIRouter(prefix="/api/v1/notes", tags=["内部备注"], responses=problems(401, 403, 404, 422))

Staff = Annotated[Actor, Depends(allow(Permission.NOTE_TAKE))]
About = Annotated[
    SubjectName, Query(description="What the notes are about: `kind:id`.", examples=["proposal:12"])
]


@router.get("", operation_id="notes_list", response_model=NoteList)
def list_notes(subject: About, actor: Staff, reads: Reads) -> Response:
    """All notes on something that I work on, with their replies, oldest first; 404 for everybody else.

    Watch `proposal_desk:12` (`<kind>_desk:<id>`) for `internal_note.posted`, `.edited` and `.deleted`.
    """
    with reads.connect() as conn:
        return json_response({"items": queries.of_subject(conn, actor, parse(subject))})


@router.get("/colleagues", operation_id="notes_list_colleagues", response_model=ColleagueList)
def list_colleagues(subject: About, actor: Staff, reads: Reads) -> Response:
    """Whom a note on this may call by @: staff who work on it too, by name."""
    with reads.connect() as conn:
        return json_response({"items": colleagues.colleagues(conn, actor, parse(subject))})


@router.post(
    "", operation_id="notes_post", status_code=201, response_model=ReplyNote, responses=problems(409)
)
def post_note(body: InternalNoteIn, actor: Staff, db: Db, once: OnceKey) -> Response:
    """Write a note, or a reply to one; those who are called by @ are told."""
    return once(db, actor.account_id, body, lambda: service.post(db, actor, body))


@router.get("/{internal_note_id}", operation_id="notes_get", response_model=ReplyNote)
def get_note(internal_note_id: Id64, actor: Staff, reads: Reads) -> Response:
    """One note without its replies, to find out what it is about."""
    with reads.connect() as conn:
        return json_response(queries.one(conn, actor, internal_note_id))


@router.patch("/{internal_note_id}", operation_id="notes_edit", responses=problems(409, 412))
def edit_note(internal_note_id: Id64, body: NotePatch, actor: Staff, db: Db, version: IfMatch) -> ReplyNote:
    """Change a note of mine over a version; 412 carries the present one as `current`."""
    return service.edit(db, actor, internal_note_id, version, body)


@router.delete("/{internal_note_id}", operation_id="notes_delete", status_code=204)
def delete_note(internal_note_id: Id64, actor: Staff, db: Db) -> None:
    """Delete a note of mine: a line “已删除” stays with the replies; again it changes nothing."""
    service.delete(db, actor, internal_note_id)
