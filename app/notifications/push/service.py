"""Web Push (RFC 8030, 8291, 8292): notifications on phones that do not have the page open.

The worker sends what `notify` wrote. Where a push goes is a client's word: only public addresses are called.
"""

from base64 import urlsafe_b64decode
from hashlib import sha256
from http import HTTPStatus
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import bindparam, case, delete, select
from sqlmodel import Session

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.keys.tokens import tokens_of
from app.auth.models import LoginSession
from app.core import clock, outbox
from app.core.config import Settings
from app.core.db import Database
from app.core.errors import Conflict, Invalid
from app.core.sql import table
from app.notifications.hearing import hearers
from app.notifications.kinds import NoticeKind
from app.notifications.models import PushSubscription
from app.notifications.schemas import SubscriptionIn
from app.people.models import Organization

if TYPE_CHECKING:
    from app.notifications.push.sender import Sender

#: The subscription has ended (404, 410) or was made for another key (403).
_GONE = {403, 404, 410}
#: A push is tried for so long; afterwards the notification waits in the list.
_NEWS_SECONDS = 3600

log = structlog.get_logger()
_p, _s, _o = table(PushSubscription), table(LoginSession), table(Organization)
_sender: "Sender | None" = None


def configure(config: Settings) -> None:
    """Push from now on if the settings name a contact, else do not."""
    global _sender  # noqa: PLW0603 - handlers of jobs know the database only
    _sender = None
    if config.push_contact:
        from app.notifications.push.sender import Sender  # noqa: PLC0415 - half a second that most starts save

        _sender = Sender(seeds(config), config.push_contact)


def seeds(config: Settings) -> tuple[bytes, ...]:
    """What the keys of a server with these settings are made from, the present one first."""
    return tokens_of(config).keys("web push", _directly)


def _directly(secret: bytes, purpose: str) -> bytes:
    """The seed that earlier releases made: browsers that subscribed then know its key only."""
    return sha256(f"{purpose} ".encode() + secret).digest()


def public_key() -> str | None:
    """What browsers subscribe with (`applicationServerKey`); None when nothing is pushed."""
    return _sender.key if _sender else None


def subscribe(db: Session, actor: Actor, new: SubscriptionIn) -> None:
    """Push to a browser from now on; it replaces what its session or another one had there."""
    if _sender is None:
        raise Conflict("本系统没有开启手机推送。", code="push_off", state="off")
    _check(new)
    conn = db.connection()
    same = (_p.c.endpoint == new.endpoint) | (_p.c.session_id == actor.session_id)
    conn.execute(delete(_p).where(same))
    row = {"session_id": actor.session_id, "endpoint": new.endpoint, "created_at": clock.now()}
    conn.execute(_p.insert().values(row | new.keys.model_dump()))


def _check(new: SubscriptionIn) -> None:
    try:
        parts = urlsplit(new.endpoint)
        usual = parts.scheme == "https" and parts.port in {None, 443} and parts.username is None
        named = "." in (parts.hostname or "")
        point = urlsafe_b64decode(f"{new.keys.p256dh.rstrip('=')}=")
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        usual = named = False
    if not (usual and named):
        raise Invalid("推送地址或密钥不正确。", code="bad_subscription")


def unsubscribe(db: Session, actor: Actor) -> None:
    """Push to this session's browser no more; repeating changes nothing."""
    db.connection().execute(delete(_p).where(_p.c.session_id == actor.session_id))


_SUBSCRIBED = (
    select(
        *(_p.c.endpoint, _p.c.p256dh, _p.c.auth, _s.c.account_id),
        case((_s.c.organization_id != bindparam("organization_id"), _o.c.name)).label("place"),
    )
    .join(_s, _s.c.id == _p.c.session_id)
    .join(_o, _o.c.id == bindparam("organization_id"))
    .where(
        _s.c.account_id.in_(bindparam("account_ids", expanding=True)),
        _s.c.revoked_at.is_(None),
        _s.c.expires_at > bindparam("now"),
    )
)


def announce(
    db: Session,
    organization_id: int,
    account_ids: list[int],
    kind: NoticeKind,
    title: str,
    subject: tuple[str, int],
) -> None:
    """Have a line pushed, after the commit, to every browser of some accounts, whichever organization is open there.

    Where it is another one, the line begins with the name of the organization that it is about. A lock screen is read
    by others: the line says who and where, never what was said.
    """
    if _sender is None or not account_ids:
        return
    given = {"account_ids": account_ids, "organization_id": organization_id, "now": clock.now()}
    for row in [dict(row) for row in db.connection().execute(_SUBSCRIBED, given).mappings()]:
        path, place = subjects.subject(subject[0]).open(subject[1]), row.pop("place")
        at = int(clock.now().timestamp())
        outbox.enqueue(
            db,
            "notification.pushed",
            token_hex(16),
            title=f"{place}：{title}" if place else title,
            path=path,
            at=at,
            organization_id=organization_id,
            news=kind.value,
            subject_type=subject[0],
            subject_id=subject[1],
            **row,
        )


@outbox.handles_outside("notification.pushed", lane="push")
def _push(database: Database, payload: dict[str, Any]) -> outbox.Write | None:
    """Send one push while no connection is held; only what its answer says of the subscription is written."""
    if _sender is None or not _is_heard(database, payload):
        return None
    from app.notifications.push.sender import UnreachableError  # noqa: PLC0415 - loaded with the sender

    told = {name: payload.get(name) for name in ("title", "path", "organization_id")}
    try:
        status = _sender.send(payload["endpoint"], payload["p256dh"], payload["auth"], told)
    except UnreachableError as e:
        if clock.now().timestamp() - payload.get("at", 0) < _NEWS_SECONDS:
            raise outbox.Later(e.seconds) from e
        log.warning("push not delivered", error=str(e))
        return None
    if status in _GONE:
        return lambda db: _forget(db, payload["endpoint"])
    if status >= HTTPStatus.BAD_REQUEST:
        log.warning("push refused", status=status)
    return None


def _is_heard(database: Database, payload: dict[str, Any]) -> bool:
    """Whether its reader may still see the subject: it may be gone since it was announced."""
    if "subject_type" not in payload:  # announced by an older version
        return True
    subject = payload["subject_type"], payload["subject_id"]
    told = payload["organization_id"], [payload["account_id"]], NoticeKind.of(payload["news"]), subject
    with database.read.connect() as conn:
        return bool(hearers(conn, *told))


def _forget(db: Session, endpoint: str) -> None:
    db.connection().execute(delete(_p).where(_p.c.endpoint == endpoint))
