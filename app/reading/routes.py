"""Reading (委员读书): topics, logs and notes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, CircleReader, DutyReader, allow
from app.auth.permissions import Permission
from app.core import live
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, IfNoneMatch, Limit, Page, fresh, json_response, not_modified
from app.core.web.idempotency import OnceKey
from app.reading import queries, service
from app.reading.schemas import (
    LogIn,
    LogOut,
    NoteRow,
    ReadingNoteIn,
    ReadingNoteOut,
    ReadingTopicIn,
    ReadingTopicOut,
    ReadingYear,
    TopicPatch,
)
from app.threads.schemas import HideIn

Reading = Annotated[Actor, Depends(allow(Permission.READING_LOG))]
Staff = Annotated[Actor, Depends(allow(Permission.READING_MANAGE))]
Hider = Annotated[Actor, Depends(allow(Permission.CONTENT_HIDE))]
Year = Annotated[
    int | None,
    Query(ge=2000, le=2100, description="A duty year, named by its end; by default the present one."),
]
When = Annotated[queries.When, Query(description="Of today, past ones, coming ones, or all.")]
OfTopic = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only notes on this reading topic.")]
OfSeat = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only notes of this seat.")]
Commended = Annotated[bool, Query(description="Only commended notes.")]

router = APIRouter(prefix="/api/v1/reading", tags=["委员读书"], responses=problems(401, 403, 422))


@router.get("/topics", operation_id="reading_list_topics", response_model=Page[ReadingTopicOut])
def list_topics(
    actor: CircleReader,
    reads: Reads,
    when: When = "current",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Reading topics with their books, newest first."""
    with reads.connect() as conn:
        return json_response(queries.page_of_topics(conn, actor, when, cursor, limit))


@router.post("/topics", operation_id="reading_add_topic", status_code=201, response_model=ReadingTopicOut)
def add_topic(body: ReadingTopicIn, actor: Staff, db: Db, once: OnceKey) -> Response:
    """Open a reading topic."""
    return once(db, actor.account_id, body, lambda: service.add_topic(db, actor, body))


@router.get(
    "/topics/{topic_id}",
    operation_id="reading_get_topic",
    response_model=ReadingTopicOut,
    responses=problems(404),
)
def get_topic(topic_id: Id64, actor: CircleReader, reads: Reads) -> Response:
    """One reading topic."""
    with reads.connect() as conn:
        return json_response(queries.topic(conn, actor, topic_id))


@router.patch("/topics/{topic_id}", operation_id="reading_edit_topic", responses=problems(404))
def edit_topic(topic_id: Id64, body: TopicPatch, actor: Staff, db: Db) -> ReadingTopicOut:
    """Change a reading topic."""
    return service.edit_topic(db, actor, topic_id, body)


@router.get("/logs", operation_id="reading_list_logs", response_model=Page[LogOut])
def list_logs(actor: DutyReader, reads: Reads, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """My reading log, newest first."""
    with reads.connect() as conn:
        return json_response(queries.page_of_logs(conn, actor, cursor, limit))


@router.post(
    "/logs",
    operation_id="reading_add_log",
    status_code=201,
    response_model=LogOut,
    responses=problems(404, 409),
)
def add_log(body: LogIn, actor: Reading, db: Db, once: OnceKey) -> Response:
    """Log minutes or pages that I read on a day."""
    return once(db, actor.account_id, body, lambda: service.add_log(db, actor, body))


@router.get("/logs/{log_id}", operation_id="reading_get_log", response_model=LogOut, responses=problems(404))
def get_log(log_id: Id64, actor: DutyReader, reads: Reads) -> Response:
    """One entry of my log; staff may see any."""
    with reads.connect() as conn:
        return json_response(queries.log(conn, actor, log_id))


@router.delete("/logs/{log_id}", operation_id="reading_delete_log", status_code=204, responses=problems(404))
def delete_log(log_id: Id64, actor: Reading, db: Db) -> None:
    """Take an entry of my log back; its record is voided."""
    service.delete_log(db, actor, log_id)


@router.get("/year", operation_id="reading_get_year", response_model=ReadingYear)
def get_year(actor: DutyReader, reads: Reads, year: Year = None) -> Response:
    """My reading year: minutes, pages, days, books, notes, month by month."""
    with reads.connect() as conn:
        return json_response(queries.reading_year(conn, actor, year))


@router.get("/notes", operation_id="reading_list_notes", response_model=Page[NoteRow])
def list_notes(
    actor: CircleReader,
    reads: Reads,
    topic_id: OfTopic = None,
    seat_id: OfSeat = None,
    *,
    commended: Commended = False,
    limit: Limit = 20,
    cursor: Cursor = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Notes, newest first: all, of a topic, of one member, or the commended ones."""
    with reads.connect() as conn:
        etag = f'"r{live.last_seq(conn, actor.organization_id, "reading")}-{actor.session_id}"'
        if fresh(etag, if_none_match):
            return not_modified(etag)
        found = queries.page_of_notes(
            conn, actor, topic_id=topic_id, seat_id=seat_id, commended=commended, cursor=cursor, limit=limit
        )
        return json_response(found, etag=etag)


@router.post(
    "/notes",
    operation_id="reading_post_note",
    status_code=201,
    response_model=ReadingNoteOut,
    responses=problems(404),
)
def post_note(body: ReadingNoteIn, actor: Reading, db: Db, once: OnceKey) -> Response:
    """Post a note on what I read; others exchange on it in its thread."""
    return once(db, actor.account_id, body, lambda: service.post_note(db, actor, body))


@router.get(
    "/notes/{note_id}",
    operation_id="reading_get_note",
    response_model=ReadingNoteOut,
    responses=problems(404),
)
def get_note(note_id: Id64, actor: DutyReader, reads: Reads) -> Response:
    """One note with its text."""
    with reads.connect() as conn:
        return json_response(queries.note(conn, actor, note_id))


@router.delete(
    "/notes/{note_id}", operation_id="reading_delete_note", status_code=204, responses=problems(404)
)
def delete_note(note_id: Id64, actor: Reading, db: Db) -> None:
    """Delete my note; its records are voided."""
    service.delete_note(db, actor, note_id)


@router.put(
    "/notes/{note_id}/hidden", operation_id="reading_hide_note", status_code=204, responses=problems(404)
)
def hide_note(note_id: Id64, body: HideIn, actor: Hider, db: Db) -> None:
    """Hide a note with a reason."""
    service.hide_note(db, actor, note_id, body.reason)


@router.put(
    "/notes/{note_id}/commendation",
    operation_id="reading_commend_note",
    status_code=204,
    responses=problems(404),
)
def commend_note(note_id: Id64, actor: Staff, db: Db) -> None:
    """Commend a note (优秀笔记); repeating changes nothing."""
    service.commend(db, actor, note_id)


@router.delete(
    "/notes/{note_id}/commendation",
    operation_id="reading_withdraw_commendation",
    status_code=204,
    responses=problems(404),
)
def withdraw_commendation(note_id: Id64, actor: Staff, db: Db) -> None:
    """Take a commendation back."""
    service.withdraw_commendation(db, actor, note_id)
