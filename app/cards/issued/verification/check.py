"""Check a card: whether it is genuine, whose it is, and whether its owner shares it."""

import json
from typing import Any, NamedTuple

from sqlalchemy import Connection

from app.cards import queries, service
from app.cards.codes import Verifier
from app.cards.format import IssuedCardDict
from app.cards.issued import queries as issued_queries
from app.cards.issued.queries import FrozenCard
from app.cards.issued.schemas import STATE_LABELS
from app.cards.issued.service import is_genuine
from app.cards.issued.settings import CardRules
from app.core import clock
from app.core.errors import NotFound
from app.people.duty_years import local_time


class CardCheck(NamedTuple):
    """The result of a check; `shared` is the card in force whose content its owner shares."""

    found: dict[str, Any]
    shared: FrozenCard | None
    zone: str


def check_card(conn: Connection, code: str, codes: Verifier) -> CardCheck:
    """Check the card of this code: an issued one, or the one computed now."""
    frozen = issued_queries.by_code(conn, code)
    return _not_issued(conn, code, codes) if frozen is None else _issued(conn, frozen, codes)


def _issued(conn: Connection, frozen: FrozenCard, codes: Verifier) -> CardCheck:
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
    return CardCheck(found, shared, local_time(conn, frozen.organization_id).zone)


def _not_issued(conn: Connection, code: str, codes: Verifier) -> CardCheck:
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
    return CardCheck(found, None, whose.zone)


def _in_force(conn: Connection, seat_id: int, period: str, codes: Verifier, asked: str = "") -> str | None:
    """The page of the issued card in force, unless it is the one that was asked for."""
    newest = issued_queries.newest(conn, seat_id, period)
    if newest is None or newest.state != "issued" or newest.code == asked:
        return None
    return codes.page(newest.code)
