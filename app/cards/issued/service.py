"""Issued cards: frozen and signed once, corrected by a later version, revoked; their owner says what is shared."""

import json
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.cards import queries, service
from app.cards.facts import FactsSpan
from app.cards.format import ISSUED_FORMAT, IssuedCardDict, IssueDict
from app.cards.issued import keys
from app.cards.issued import queries as issued_queries
from app.cards.issued.queries import FrozenCard
from app.cards.issued.schemas import STATE_LABELS, Sharing
from app.cards.issued.settings import CardRules
from app.cards.models import IssuedCard
from app.cards.queries import CardOwner
from app.cards.sections.compose import compose, shareable
from app.core import clock
from app.core.errors import Conflict, NotFound
from app.core.sql import insert_new, table
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify_seats
from app.people.queries import is_own_seat

_i = table(IssuedCard)


def prepare(conn: Connection, actor: Actor, seat_id: int, period: str) -> "Made | None":
    """A member's card of a period that is over, to be issued; None while one is in force."""
    whose = service.owner(conn, actor, seat_id)
    of = service.period_of(whose, period)
    if not of.complete(clock.local_day(clock.now(), whose.zone)):
        raise Conflict(f"{of.long_label}尚未结束，结束后才能颁发。", code="period_not_over", state="open")
    last = issued_queries.newest(conn, seat_id, of.name)
    if last and last.state == "issued":
        return None
    return made(conn, whose, of, by=actor.account_id, last=last)


def issue(db: Session, actor: Actor, card: "Made | None") -> int:
    """Issue a card that was prepared; `Conflict` when one is in force. Its id."""
    issued_id = put_in_force(db, card) if card else None
    if card is None or issued_id is None:
        raise Conflict("这张纪念卡已经颁发。", code="already_issued", state="issued")
    audit(db, actor, "card.issued", ("issued_card", issued_id), period=card.row["period"])
    return issued_id


class Made(NamedTuple):
    """A card that was composed and is neither signed nor in force yet."""

    whose: CardOwner
    row: dict[str, Any]
    news: str


def made(
    conn: Connection,
    whose: CardOwner,
    of: FactsSpan,
    *,
    by: int | None,
    last: FrozenCard | None = None,
    because: str | None = None,
) -> Made:
    """The version after `last`, which is corrected `because` of something; nothing is written."""
    now, version = clock.now().replace(microsecond=0), last.version + 1 if last else 1
    code = token_urlsafe(12)
    content = _content(
        conn, whose, of, {"code": code, "version": version, "issued_at": f"{now:%Y-%m-%dT%H:%M:%SZ}"}
    )
    row = {
        "organization_id": whose.organization_id,
        "seat_id": whose.seat_id,
        "period": of.name,
        "version": version,
        "code": code,
        "state": "issued",
        "sharing": last.sharing if last else "seal",
        "content": content,
        "sha256": sha256(content).hexdigest(),
        "issued_by": by,
        "issued_at": now,
    }
    done = f"更正：{because}" if because else "颁发"
    return Made(whose, row, f"您的{of.long_label}履职数字纪念卡已{done}")


def put_in_force(db: Session, card: Made) -> int | None:
    """Sign and issue a card, and tell the member; None when somebody else just issued that version."""
    conn = db.connection()
    row = card.row | keys.sign(conn, card.row["content"])._asdict()
    if not insert_new(conn, _i, row, ["seat_id", "period", "version"]):
        return None
    issued_id: int = conn.execute(select(_i.c.id).where(_i.c.code == card.row["code"])).scalar_one()
    whose, subject = card.whose, ("issued_card", issued_id)
    notify_seats(db, whose.organization_id, [whose.seat_id], NoticeKind.CARD_ISSUED, card.news, subject)
    return issued_id


def _content(conn: Connection, whose: CardOwner, of: FactsSpan, issue: IssueDict) -> bytes:
    """The card as it may be shared, as canonical JSON: sorted keys, UTF-8, no insignificant blanks (RFC 8785)."""
    card = shareable(compose(service.facts(conn, whose, of)))
    issued: IssuedCardDict = {**card, "format": ISSUED_FORMAT, "issue": issue}
    return json.dumps(issued, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def correct(db: Session, actor: Actor, issued_id: int, reason: str) -> int:
    """Issue the next version of a card in force whose content has changed since; the id of that."""
    conn = db.connection()
    found = issued_queries.frozen(conn, actor, issued_id)
    whose = _owner(conn, found)
    of = service.period_of(whose, found.period)
    if _content(conn, whose, of, json.loads(found.content)["issue"]) == bytes(found.content):
        raise Conflict("卡上的内容没有变化，不需要更正。", code="unchanged", state=found.state)
    _end(conn, found, "corrected", reason)
    corrected = put_in_force(db, made(conn, whose, of, by=actor.account_id, last=found, because=reason))
    assert corrected is not None  # noqa: S101 - who ended the version before is the only one to issue the next
    audit(db, actor, "card.corrected", ("issued_card", issued_id), by=corrected)
    return corrected


def revoke(db: Session, actor: Actor, issued_id: int, reason: str) -> None:
    """Take a card in force back, with a reason."""
    conn = db.connection()
    found = issued_queries.frozen(conn, actor, issued_id)
    _end(conn, found, "revoked", reason)
    label = issued_queries.period_label(found.content)
    title = f"您的{label}履职数字纪念卡已撤销：{reason}"
    notify_seats(
        db, found.organization_id, [found.seat_id], NoticeKind.CARD_REVOKED, title, ("issued_card", issued_id)
    )
    audit(db, actor, "card.revoked", ("issued_card", issued_id))


def _owner(conn: Connection, found: FrozenCard) -> CardOwner:
    whose = queries.owner(conn, found.seat_id)
    assert whose is not None  # noqa: S101 - a seat is never deleted
    return whose


def _end(conn: Connection, found: FrozenCard, state: str, reason: str | None = None) -> None:
    """End what is in force; of two at a time one finds it ended."""
    in_force = (_i.c.id == found.id) & (_i.c.state == "issued")
    values = {"state": state, "ended_at": clock.now(), "reason": reason}
    if conn.execute(update(_i).where(in_force).values(**values)).rowcount == 0:
        now: str = conn.execute(select(_i.c.state).where(_i.c.id == found.id)).scalar_one()
        raise Conflict(f"这一版{STATE_LABELS[now]}，不能再更改。", code="not_in_force", state=now)


def share(db: Session, actor: Actor, issued_id: int, sharing: Sharing) -> None:
    """Let the public pages of a card of one's own, in all versions, show this much."""
    conn = db.connection()
    found = issued_queries.frozen(conn, actor, issued_id)
    if actor.shown_seat != found.seat_id and not is_own_seat(conn, actor, found.seat_id):
        raise NotFound
    if sharing == "all" and not CardRules.of(conn, found.organization_id).may_share:
        raise Conflict(
            "本组织规定纪念卡一律不公开，扫码只能核验真伪。", code="sharing_closed", state=found.sharing
        )
    same = (_i.c.seat_id == found.seat_id) & (_i.c.period == found.period)
    conn.execute(update(_i).where(same).values(sharing=sharing))
    audit(db, actor, "card.shared", ("issued_card", issued_id), sharing=sharing)


def is_genuine(conn: Connection, found: FrozenCard) -> bool:
    """Whether what is kept is exactly what one of our keys signed."""
    content = bytes(found.content)
    whole = sha256(content).hexdigest() == found.sha256
    return whole and keys.is_genuine(conn, content, found.signature, found.key_id)


def signed_file(found: FrozenCard) -> bytes:
    """The file that verifies without us."""
    seal = json.dumps({"sha256": found.sha256, "signature": found.signature})
    return b'{"card":' + bytes(found.content) + b"," + seal[1:].encode() + b"\n"
