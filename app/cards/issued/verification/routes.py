"""What anybody may ask of a card whose code they have: whether it stands; and the keys to check it without us."""

import json
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse

from app.cards.issued import keys
from app.cards.issued.queries import FrozenCard
from app.cards.issued.schemas import KeySet, SignedFile, Verified
from app.cards.issued.service import signed_file
from app.cards.issued.verification.check import check_card
from app.cards.issued.verification.page import page, unknown_page
from app.cards.routes import Codes
from app.core.db import Reads
from app.core.errors import NotFound, problems
from app.core.paging import json_response
from app.core.web.downloads import disposition

Code = Annotated[
    str, InPath(max_length=60, pattern="^[A-Za-z0-9_-]+$", description="The code in the card's QR code.")
]

router = APIRouter(tags=["履职数字纪念卡"], responses=problems(404, 422))


@router.get("/api/v1/cards/verify/{code}", operation_id="cards_verify", response_model=Verified)
def verify(code: Code, reads: Reads, codes: Codes) -> Response:
    """Whether a card is genuine and in force: whose it is, and of which period; no figures."""
    with reads.connect() as conn:
        return json_response(check_card(conn, code, codes).found)


@router.get("/c/{code}", operation_id="cards_show_verification", include_in_schema=False)
def show_verification(code: Code, reads: Reads, codes: Codes) -> Response:
    """The page that a card's QR code opens: what the check says, and what the owner of an issued card shares."""
    kept = {"Cache-Control": "no-store"}
    try:
        with reads.connect() as conn:
            check = check_card(conn, code, codes)
    except NotFound:
        return HTMLResponse(unknown_page(), status_code=404, headers=kept)
    card = json.loads(check.shared.content) if check.shared else None
    return HTMLResponse(page(check.found, card, check.zone), headers=kept)


@router.get(
    "/api/v1/cards/verify/{code}/file", operation_id="cards_get_shared_file", response_model=SignedFile
)
def get_shared_file(code: Code, reads: Reads, codes: Codes) -> Response:
    """The signed file of a card in force whose owner shares it."""
    with reads.connect() as conn:
        shared = check_card(conn, code, codes).shared
    if shared is None:
        raise NotFound
    return file_response(shared)


@router.get("/api/v1/cards/keys", operation_id="cards_list_keys", response_model=KeySet)
def list_keys(reads: Reads) -> Response:
    """The public keys of all issued cards as a JWK set, retired ones too."""
    with reads.connect() as conn:
        return json_response(keys.published(conn))


def file_response(found: FrozenCard) -> Response:
    """The signed file of an issued card, to be kept."""
    name: str = json.loads(found.content)["seat"]["name"]
    kept = disposition(f"{name}-{found.period}-v{found.version}.json", inline=False)
    headers = {"Content-Disposition": kept, "Cache-Control": "no-store"}
    return Response(signed_file(found), headers=headers, media_type="application/json")
