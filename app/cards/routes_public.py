"""What anybody may ask of a card whose code they have: whether it stands; and the keys to check it without us."""

import json
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Response
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from app.cards import keys, queries, queries_issued, service
from app.cards.card_rules import CardRules
from app.cards.page import page, unknown_page
from app.cards.queries_issued import Frozen
from app.cards.routes import Codes
from app.cards.schemas_issued import STATE_LABELS, KeySet, SignedFile, Verified
from app.cards.service_issued import is_genuine, signed_file
from app.cards.shape import IssuedCardDict
from app.cards.verify import Verifier
from app.core import clock
from app.core.db import Reads
from app.core.downloads import disposition
from app.core.errors import NotFound, problems
from app.core.paging import json_response
from app.people.organizations.years import local_time

Code = Annotated[
    str, InPath(max_length=60, pattern="^[A-Za-z0-9_-]+$", description="The code in the card's QR code.")
]

router = APIRouter(tags=["履职数字纪念卡"], responses=problems(404, 422))


@router.get("/api/v1/cards/verify/{code}", operation_id="cards_verify", response_model=Verified)
def verify(code: Code, reads: Reads, codes: Codes) -> Response:
    """Whether a card is genuine and in force: whose it is, and of which period; no figures."""
    with reads.connect() as conn:
        return json_response(_check(conn, code, codes).found)


@router.get("/c/{code}", operation_id="cards_show_verification", include_in_schema=False)
def show_verification(code: Code, reads: Reads, codes: Codes) -> Response:
    """The page that a card's QR code opens: what the check says, and what the owner of an issued card shares."""
    kept = {"Cache-Control": "no-store"}
    try:
        with reads.connect() as conn:
            check = _check(conn, code, codes)
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
        shared = _check(conn, code, codes).shared
    if shared is None:
        raise NotFound
    return file_response(shared)


@router.get("/api/v1/cards/keys", operation_id="cards_list_keys", response_model=KeySet)
def list_keys(reads: Reads) -> Response:
    """The public keys of all issued cards as a JWK set, retired ones too."""
    with reads.connect() as conn:
        return json_response(keys.published(conn))


def file_response(found: Frozen) -> Response:
    """The signed file of an issued card, to be kept."""
    name: str = json.loads(found.content)["seat"]["name"]
    kept = disposition(f"{name}-{found.period}-v{found.version}.json", inline=False)
    headers = {"Content-Disposition": kept, "Cache-Control": "no-store"}
    return Response(signed_file(found), headers=headers, media_type="application/json")


class _Check(NamedTuple):
    """What a check says; `shared` is the card in force whose content its owner shares."""

    found: dict[str, Any]
    shared: Frozen | None
    zone: str


def _check(conn: Connection, code: str, codes: Verifier) -> _Check:
    frozen = queries_issued.by_code(conn, code)
    return _not_issued(conn, code, codes) if frozen is None else _issued(conn, frozen, codes)


def _issued(conn: Connection, frozen: Frozen, codes: Verifier) -> _Check:
    card: IssuedCardDict = json.loads(frozen.content)
    genuine = is_genuine(conn, frozen)
    is_open = (frozen.state, frozen.sharing) == ("issued", "all")
    is_open = genuine and is_open and CardRules.of(conn, frozen.organization_id).may_share
    shared = frozen if is_open else None
    found = {
        "genuine": genuine,
        "state": frozen.state,
        "state_label": STATE_LABELS[frozen.state],
        **{name: card["seat"][name] for name in ("name", "organization", "term")},
        "period": card["period"]["label"],
        "starts_on": card["period"]["starts_on"],
        "ends_on": card["period"]["ends_on"],
        "as_of": clock.now(),
        "version": frozen.version,
        "issued_at": frozen.issued_at,
        "ended_at": frozen.ended_at,
        "sha256": frozen.sha256,
        "key_id": frozen.key_id,
        "in_force": _in_force(conn, frozen.seat_id, frozen.period, codes, frozen.code),
        "file": f"/api/v1/cards/verify/{frozen.code}/file" if shared else None,
    }
    return _Check(found, shared, local_time(conn, frozen.organization_id).zone)


def _not_issued(conn: Connection, code: str, codes: Verifier) -> _Check:
    """The card of a seat and period as it is computed now."""
    named = codes.read(code)
    whose = queries.owner(conn, named[0]) if named else None
    if named is None or whose is None:
        raise NotFound("没有这张纪念卡，请核对二维码。")
    period = service.period_of(whose, named[1])
    found = {
        "genuine": True,
        "state": "not_issued",
        "state_label": "未颁发",
        "name": whose.name,
        "organization": whose.organization,
        "term": whose.term,
        "period": period.label,
        "starts_on": period.first,
        "ends_on": period.last,
        "as_of": clock.now(),
        "in_force": _in_force(conn, whose.seat_id, period.name, codes),
        **dict.fromkeys(("version", "issued_at", "ended_at", "sha256", "key_id", "file")),
    }
    return _Check(found, None, whose.zone)


def _in_force(conn: Connection, seat_id: int, period: str, codes: Verifier, asked: str = "") -> str | None:
    """The page of the issued card in force, unless it is the one that was asked for."""
    newest = queries_issued.newest(conn, seat_id, period)
    if newest is None or newest.state != "issued" or newest.code == asked:
        return None
    return codes.page(newest.code)
