"""Annual bulletins (年度通报): draw up, publish and correct; read the figures and open what they count."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.bulletins import queries, service
from app.bulletins.rules import BulletinState
from app.bulletins.schemas import (
    BulletinDetail,
    BulletinEdit,
    BulletinIn,
    BulletinOut,
)
from app.core.db import Data, Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.core.web.idempotency import OnceKey

Reader = Annotated[Actor, Depends(allow(Permission.BULLETIN_READ))]
Maker = Annotated[Actor, Depends(allow(Permission.BULLETIN_MANAGE))]

router = APIRouter(prefix="/api/v1/bulletins", tags=["年度通报"], responses=problems(401, 403, 404, 422))


@router.get("", operation_id="bulletins_list", response_model=Page[BulletinOut])
def list_bulletins(
    actor: Reader,
    reads: Reads,
    year: Annotated[int | None, Query(ge=2000, le=2999, description="Only of this duty year.")] = None,
    state: Annotated[BulletinState | None, Query(description="Only versions in this state.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Bulletins with all their versions, the newest first; drafts for those who make them."""
    with reads.connect() as conn:
        return json_response(queries.page_of_bulletins(conn, actor, year, cursor, limit, state))


@router.post(
    "",
    operation_id="bulletins_draft",
    status_code=201,
    response_model=BulletinOut,
    responses=problems(409, 503),
)
def draft_bulletin(body: BulletinIn, actor: Maker, database: Data, once: OnceKey) -> Response:
    """Draw up the next version of a year's bulletin: its records are fixed and counted now."""
    place = actor.organization_id
    with database.transaction() as db:
        response = once(db, actor.account_id, body, lambda: service.draft(db, place, body, actor))
    service.count(database, place)
    return response


@router.get("/{bulletin_id}", operation_id="bulletins_get", response_model=BulletinDetail)
def get_bulletin(bulletin_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One version with the figures of the whole organization by kind, beside the year before."""
    with reads.connect() as conn:
        return json_response(queries.detail(conn, actor, bulletin_id))


@router.put(
    "/{bulletin_id}",
    operation_id="bulletins_edit",
    responses=problems(409, 412),
)
def edit_bulletin(
    bulletin_id: Id64, body: BulletinEdit, actor: Maker, revision: IfMatch, db: Db
) -> BulletinDetail:
    """Write the preface of a draft, and the reason of a correction."""
    return service.edit(db, actor, bulletin_id, revision, body)


@router.delete("/{bulletin_id}", operation_id="bulletins_discard", status_code=204, responses=problems(409))
def discard_bulletin(bulletin_id: Id64, actor: Maker, db: Db) -> None:
    """Delete a draft."""
    service.discard(db, actor, bulletin_id)


@router.put(
    "/{bulletin_id}/counts",
    operation_id="bulletins_count_again",
    response_model=BulletinDetail,
    responses=problems(409, 503),
)
def count_again(bulletin_id: Id64, actor: Maker, database: Data, reads: Reads) -> Response:
    """Recount a draft from the current ledger."""
    with database.transaction() as db:
        service.fix_again(db, actor, bulletin_id)
    service.count(database, actor.organization_id)
    with reads.connect() as conn:
        return json_response(queries.detail(conn, actor, bulletin_id))


@router.put(
    "/{bulletin_id}/publication",
    operation_id="bulletins_publish",
    status_code=204,
    responses=problems(409),
)
def publish_bulletin(bulletin_id: Id64, actor: Maker, db: Db) -> None:
    """Publish a draft; the version that it corrects stays readable, members are told."""
    service.publish(db, actor, bulletin_id)
