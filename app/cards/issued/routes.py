"""Issued cards (已颁发): issue, correct, revoke, share; one by one or everybody's of a period."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import FileResponse

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.cards import service
from app.cards.issued import batches, queries
from app.cards.issued import service as issued_service
from app.cards.issued.schemas import (
    BatchIn,
    BatchOut,
    CardCorrectionIn,
    IssuedOut,
    IssueIn,
    RevocationIn,
    SharingIn,
    SignedFile,
)
from app.cards.issued.verification.routes import file_response
from app.cards.routes import CardReader, Codes, OfDesign, Posters
from app.core.db import Db, Reads
from app.core.errors import NotFound, problems
from app.core.paging import Cursor, Id64, Limit, Page, json_response
from app.core.web.idempotency import OnceKey

Issuer = Annotated[Actor, Depends(allow(Permission.CARD_ISSUE))]
OfSeat = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Of one member's seat only.")]
OfPeriod = Annotated[
    str | None,
    Query(
        pattern="^(term|[12][0-9]{3})$", description="Of one duty year, or `term`, only.", examples=["2025"]
    ),
]

router = APIRouter(
    prefix="/api/v1/issued-cards", tags=["履职数字纪念卡"], responses=problems(401, 403, 404, 422)
)


@router.get("", operation_id="issued_cards_list", response_model=Page[IssuedOut])
def list_issued(
    *,
    actor: CardReader,
    reads: Reads,
    codes: Codes,
    seat_id: OfSeat = None,
    period: OfPeriod = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Issued cards, newest first: members see their own, the secretariat all."""
    with reads.connect() as conn:
        return json_response(
            queries.page_of(
                conn, actor, codes.address, seat_id=seat_id, period=period, cursor=cursor, limit=limit
            )
        )


@router.post(
    "",
    operation_id="issued_cards_issue",
    status_code=201,
    response_model=IssuedOut,
    responses=problems(409),
)
def issue_card(body: IssueIn, actor: Issuer, reads: Reads, db: Db, codes: Codes, once: OnceKey) -> Response:
    """Freeze and sign a member's card of a period that is over, and tell them."""
    with reads.connect() as conn:  # composed before the writer is taken
        card = issued_service.prepare(conn, actor, body.seat_id, body.period)

    def act() -> IssuedOut:
        issued_id = issued_service.issue(db, actor, card)
        return IssuedOut.model_validate(queries.one(db.connection(), actor, issued_id, codes.address))

    return once(db, actor.account_id, body, act)


@router.get("/batches", operation_id="issued_cards_list_batches", response_model=Page[BatchOut])
def list_batches(actor: Issuer, reads: Reads, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """Batches with their progress, newest first."""
    with reads.connect() as conn:
        return json_response(queries.batches(conn, actor, batch_id=None, cursor=cursor, limit=limit))


@router.post(
    "/batches",
    operation_id="issued_cards_begin_batch",
    status_code=201,
    response_model=BatchOut,
    responses=problems(409),
)
def begin_batch(body: BatchIn, actor: Issuer, db: Db, once: OnceKey) -> Response:
    """Have everybody's card of a period issued, each once; a batch that is not finished goes on."""

    def act() -> BatchOut:
        batch_id = batches.begin(db, actor.organization_id, body.period, actor)
        found = queries.batches(db.connection(), actor, batch_id=batch_id, cursor=None, limit=1)
        return BatchOut.model_validate(found["items"][0])

    return once(db, actor.account_id, body, act)


@router.get("/batches/{batch_id}", operation_id="issued_cards_get_batch", response_model=BatchOut)
def get_batch(batch_id: Id64, actor: Issuer, reads: Reads) -> Response:
    """How far a batch is."""
    with reads.connect() as conn:
        found = queries.batches(conn, actor, batch_id=batch_id, cursor=None, limit=1)["items"]
    if not found:
        raise NotFound
    return json_response(found[0])


@router.get("/{issued_id}", operation_id="issued_cards_get", response_model=IssuedOut)
def get_issued(issued_id: Id64, actor: CardReader, reads: Reads, codes: Codes) -> Response:
    """One issued version of a card."""
    with reads.connect() as conn:
        return json_response(queries.one(conn, actor, issued_id, codes.address))


@router.get("/{issued_id}/file", operation_id="issued_cards_get_file", response_model=SignedFile)
def get_file(issued_id: Id64, actor: CardReader, reads: Reads) -> Response:
    """The signed file, which verifies without this server."""
    with reads.connect() as conn:
        return file_response(queries.frozen(conn, actor, issued_id))


@router.get(
    "/{issued_id}/poster.png",
    operation_id="issued_cards_get_poster",
    response_class=FileResponse,
    responses={200: {"content": {"image/png": {}}, "description": "1080 pixels wide."}},
)
def get_poster(
    issued_id: Id64,
    actor: CardReader,
    reads: Reads,
    codes: Codes,
    posters: Posters,
    design: OfDesign = "standard",
) -> FileResponse:
    """The poster of what was issued; its QR code says whether it still stands."""
    with reads.connect() as conn:
        found = queries.frozen(conn, actor, issued_id)
    file = service.drawn(posters, f"issued-{found.id}", bytes(found.content), codes.page(found.code), design)
    return FileResponse(file, media_type="image/png", headers={"Cache-Control": "private, no-cache"})


@router.post(
    "/{issued_id}/correction",
    operation_id="issued_cards_correct",
    status_code=201,
    response_model=IssuedOut,
    responses=problems(409),
)
def correct_card(
    issued_id: Id64, body: CardCorrectionIn, actor: Issuer, db: Db, codes: Codes, once: OnceKey
) -> Response:
    """Issue the next version of a card in force, because the ledger or the roster has changed; with the reason."""

    def act() -> IssuedOut:
        corrected = issued_service.correct(db, actor, issued_id, body.reason)
        return IssuedOut.model_validate(queries.one(db.connection(), actor, corrected, codes.address))

    return once(db, actor.account_id, f"correct {issued_id} {body.reason}", act)


@router.put(
    "/{issued_id}/revocation",
    operation_id="issued_cards_revoke",
    status_code=204,
    responses=problems(409),
)
def revoke_card(issued_id: Id64, body: RevocationIn, actor: Issuer, db: Db) -> None:
    """Take a card in force back; its public page says so."""
    issued_service.revoke(db, actor, issued_id, body.reason)


@router.put("/{issued_id}/sharing", operation_id="issued_cards_share", status_code=204)
def share_card(issued_id: Id64, body: SharingIn, actor: CardReader, db: Db) -> None:
    """Choose how much of one's own card its public page shows."""
    issued_service.share(db, actor, issued_id, body.sharing)
