"""Meetings and activities (会议活动): invitations, sign-in, leave, attendance."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.activities import codes, queries, service
from app.activities.attendance import service as attendance
from app.activities.rules import ActivityKind, AttendanceState
from app.activities.schemas import (
    ActivityDetail,
    ActivityIn,
    ActivityOut,
    ActivityPatch,
    AttendanceOut,
    CancelIn,
    DoorCodes,
    LeaveIn,
    Marking,
    SignIn,
)
from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core import clock
from app.core.db import Data, Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.core.web.idempotency import OnceKey
from app.people.name_lists.queries import matches
from app.people.name_lists.schemas import NameList, NameMatch

Reader = Annotated[Actor, Depends(allow(Permission.ACTIVITY_READ))]
Member = Annotated[Actor, Depends(allow(Permission.ACTIVITY_SIGN))]
Staff = Annotated[Actor, Depends(allow(Permission.ACTIVITY_MANAGE))]
When = Annotated[queries.When, Query(description="Not yet over, over, over and not cancelled, or all.")]
InState = Annotated[AttendanceState | None, Query(description="Only seats in this state.")]
WaitsFor = Annotated[
    queries.Waiting | None,
    Query(description="Only those that are over and wait for me to close their attendance."),
]


def _filters(
    *,
    mine: Annotated[bool, Query(description="Only those that I am invited to.")] = False,
    kind: Annotated[ActivityKind | None, Query(description="Only activities of this kind.")] = None,
    venue_id: Annotated[
        int | None, Query(ge=1, le=2**63 - 1, description="Only those held at this venue of consultation.")
    ] = None,
    year: Annotated[
        int | None, Query(ge=1990, le=2100, description="Only those that began in this duty year.")
    ] = None,
) -> queries.ActivityFilter:
    return queries.ActivityFilter(mine, kind, venue_id, year)


Wanted = Annotated[queries.ActivityFilter, Depends(_filters)]


async def _code_key(request: Request) -> bytes:
    key: bytes = request.app.state.tokens.key(codes.PURPOSE)
    return key


CodeKey = Annotated[bytes, Depends(_code_key)]

router = APIRouter(prefix="/api/v1/activities", tags=["会议活动"], responses=problems(401, 403, 422))


@router.get("", operation_id="activities_list", response_model=Page[ActivityOut])
def list_activities(
    actor: Reader,
    reads: Reads,
    wanted: Wanted,
    when: When = "upcoming",
    *,
    waits_for: WaitsFor = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Upcoming activities soonest first, past ones newest first; staff and leaders see all, members their own."""
    with reads.connect() as conn:
        return json_response(queries.page_of_activities(conn, actor, when, wanted, cursor, limit, waits_for))


@router.post(
    "",
    operation_id="activities_create",
    status_code=201,
    response_model=ActivityDetail,
    responses=problems(404),
)
def create_activity(body: ActivityIn, actor: Staff, db: Db, once: OnceKey) -> Response:
    """Create an activity and invite sectors, committees, single seats, or everybody."""
    return once(db, actor.account_id, body, lambda: service.create(db, actor, body))


@router.post("/name-matches", operation_id="activities_match_names", response_model=list[NameMatch])
def match_names(body: NameList, actor: Staff, reads: Reads) -> Response:
    """Whom a pasted list of names means, before they are invited: namesakes are asked about, unknown ones named."""
    with reads.connect() as conn:
        today = clock.local_day(clock.now(), actor.zone)
        return json_response(matches(conn, actor.organization_id, body.text, today))


@router.get(
    "/{activity_id}", operation_id="activities_get", response_model=ActivityDetail, responses=problems(404)
)
def get_activity(activity_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One activity with my part in it."""
    with reads.connect() as conn:
        return json_response(queries.activity(conn, actor, activity_id))


@router.patch("/{activity_id}", operation_id="activities_edit", responses=problems(404, 409, 412))
def edit_activity(
    activity_id: Id64, body: ActivityPatch, actor: Staff, db: Db, version: IfMatch
) -> ActivityDetail:
    """Change an activity; what is recorded of it follows its day and half-days."""
    return service.edit(db, actor, activity_id, version, body)


@router.put("/{activity_id}/sign-in", operation_id="activities_sign_in", responses=problems(404, 409, 429))
def sign_in(activity_id: Id64, body: SignIn, actor: Member, store: Data, key: CodeKey) -> ActivityDetail:
    """Sign in with the code at the door; repeating changes nothing."""
    return attendance.sign_in(store, actor, activity_id, body, key)


@router.put("/{activity_id}/joining", operation_id="activities_join", responses=problems(404, 409))
def join(activity_id: Id64, actor: Member, db: Db) -> ActivityDetail:
    """Attend by entering the meeting online; repeating changes nothing."""
    return attendance.join(db, actor, activity_id)


@router.get(
    "/{activity_id}/sign-in-codes",
    operation_id="activities_list_sign_in_codes",
    response_model=DoorCodes,
    responses=problems(404, 409),
)
def list_sign_in_codes(
    activity_id: Id64, request: Request, actor: Staff, store: Data, key: CodeKey
) -> Response:
    """The codes at the door for the next ten minutes, a new one every half minute, for a screen in the hall."""
    url = request.app.state.settings.public_url
    return json_response(codes.shown(store, actor, activity_id, key, url))


@router.put("/{activity_id}/leave", operation_id="activities_ask_leave", responses=problems(404, 409))
def ask_leave(activity_id: Id64, body: LeaveIn, actor: Member, db: Db) -> ActivityDetail:
    """Ask for leave before the start."""
    return attendance.excuse(db, actor, activity_id, body.reason)


@router.get(
    "/{activity_id}/attendance",
    operation_id="activities_list_attendance",
    response_model=Page[AttendanceOut],
    responses=problems(404),
)
def list_attendance(
    activity_id: Id64,
    actor: Staff,
    reads: Reads,
    state: InState = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Who is invited, came, is excused or was absent."""
    with reads.connect() as conn:
        return json_response(queries.page_of_attendance(conn, actor, activity_id, state, cursor, limit))


@router.put("/{activity_id}/attendance", operation_id="activities_mark", responses=problems(404, 409))
def mark_attendance(activity_id: Id64, body: Marking, actor: Staff, db: Db) -> ActivityDetail:
    """Settle or correct the attendance of some seats."""
    return attendance.mark(db, actor, activity_id, body)


@router.put("/{activity_id}/closing", operation_id="activities_close", responses=problems(404, 409))
def close_activity(activity_id: Id64, actor: Staff, db: Db) -> ActivityDetail:
    """Close the attendance after the end: whoever is still only invited was absent."""
    return attendance.close(db, actor, activity_id)


@router.put("/{activity_id}/cancellation", operation_id="activities_cancel", responses=problems(404, 409))
def cancel_activity(activity_id: Id64, body: CancelIn, actor: Staff, db: Db) -> ActivityDetail:
    """Cancel an activity: nothing of it counts."""
    return service.cancel(db, actor, activity_id, body.reason)
