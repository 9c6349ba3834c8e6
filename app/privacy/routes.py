"""My personal data: the notice and my consent, everything about me as an archive, requests to correct and to erase."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.auth.actor import Actor, AnyActor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, Limit, Page, json_response
from app.core.web.downloads import gives
from app.core.web.idempotency import OnceKey
from app.files.service import folder
from app.people.schemas import SeatOut
from app.privacy import queries, service, staff
from app.privacy.lifecycle import RequestState
from app.privacy.retention import cleaning
from app.privacy.schemas import (
    ConsentIn,
    KeptListOut,
    NoticeOut,
    PersonalOut,
    PersonCorrectionIn,
    RequestIn,
    RequestOut,
    RequestStepIn,
)

#: Open also before the notice is agreed to, and after consent was withdrawn.
SigningIn = Annotated[Actor, Depends(allow(Permission.SIGN_IN))]
PeopleKeeper = Annotated[Actor, Depends(allow(Permission.PEOPLE_MANAGE))]
InScope = Annotated[queries.RequestScope, Query(description="Mine, or for staff all of the organization.")]
InState = Annotated[RequestState | None, Query(description="Only those in this state.")]

router = APIRouter(prefix="/api/v1", tags=["个人信息"], responses=problems(401, 403, 422))


@router.get("/privacy/notice", operation_id="privacy_get_notice", response_model=NoticeOut)
def get_notice(actor: SigningIn, reads: Reads) -> Response:
    """The privacy notice in the name of my organization."""
    with reads.connect() as conn:
        return json_response(queries.notice_for(conn, actor))


@router.put("/auth/consent", operation_id="auth_give_consent", status_code=204, responses=problems(409))
def give_consent(body: ConsentIn, actor: SigningIn, db: Db, request: Request) -> None:
    """Agree to the notice that I read; 409 when there is a newer one."""
    device = "".join(c for c in request.headers.get("user-agent", "") if c.isprintable())[:200]
    service.agree(db, actor, body.version, device)


@router.delete("/auth/consent", operation_id="auth_withdraw_consent", status_code=204)
def withdraw_consent(actor: SigningIn, db: Db) -> None:
    """Take my consent back: everything but my own data is closed until I agree again."""
    service.withdraw(db, actor)


@router.get("/privacy/retention", operation_id="privacy_list_retention", response_model=KeptListOut)
def list_retention(actor: SigningIn, reads: Reads, request: Request) -> Response:
    """How long my organization keeps each kind of data."""
    with reads.connect() as conn:
        items = cleaning.table(conn, actor.organization_id, request.app.state.settings)
    return json_response({"items": items})


@router.get(
    "/me/data.zip",
    operation_id="privacy_get_data",
    response_class=Response,
    responses=gives("zip"),
)
def get_data(actor: SigningIn, reads: Reads, db: Db, request: Request) -> Response:
    """Everything that the platform holds about me: JSON, CSV and my files."""
    return service.archive(reads, db, actor, folder(request.app.state.settings))


@router.get("/me/personal", operation_id="privacy_get_personal", response_model=PersonalOut | None)
def get_personal(actor: AnyActor, reads: Reads) -> Response:
    """What the roster of my organization says about me."""
    with reads.connect() as conn:
        return json_response(queries.personal(conn, actor))


@router.get("/privacy/requests", operation_id="privacy_list_requests", response_model=Page[RequestOut])
def list_requests(
    *,
    actor: AnyActor,
    reads: Reads,
    scope: InScope = queries.RequestScope.MINE,
    state: InState = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Requests to correct or erase personal data, newest first."""
    with reads.connect() as conn:
        return json_response(queries.page_of_requests(conn, actor, scope, state, cursor, limit))


@router.post(
    "/privacy/requests",
    operation_id="privacy_hand_in_request",
    status_code=201,
    response_model=RequestOut,
    responses=problems(409),
)
def hand_in_request(body: RequestIn, actor: AnyActor, db: Db, once: OnceKey) -> Response:
    """Ask for a correction or an erasure."""
    return once(db, actor.account_id, body, lambda: service.hand_in(db, actor, body))


@router.get(
    "/privacy/requests/{request_id}",
    operation_id="privacy_get_request",
    response_model=RequestOut,
    responses=problems(404),
)
def get_request(request_id: Id64, actor: AnyActor, reads: Reads) -> Response:
    """One request with its track and the steps that are open to me."""
    with reads.connect() as conn:
        return json_response(queries.one(conn, actor, request_id))


@router.post(
    "/privacy/requests/{request_id}/transitions",
    operation_id="privacy_move_request",
    responses=problems(404, 409),
)
def move_request(request_id: Id64, body: RequestStepIn, actor: AnyActor, db: Db) -> RequestOut:
    """Do a step of a request."""
    return service.transition(db, actor, request_id, body)


@router.post(
    "/seats/{seat_id}/corrections", operation_id="privacy_correct_person", responses=problems(404, 409)
)
def correct_person(seat_id: Id64, body: PersonCorrectionIn, actor: PeopleKeeper, db: Db) -> SeatOut:
    """Correct name, sex, birth, phone, employer or portrait of a seat's holder, with a reason that they read.

    The account and the cards follow; an issued card can be corrected then. Requests that ask for the same are done.
    """
    return staff.correct(db, actor, seat_id, body)
