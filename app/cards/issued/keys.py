"""The keys that sign issued cards: one at a time signs, all there ever were verify."""

from contextlib import suppress
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from app.auth.keys import tokens
from app.auth.keys.tokens import tokens_of
from app.cards.models import CardKey
from app.core import clock
from app.core.config import Settings
from app.core.errors import Conflict
from app.core.sql import advisory_lock, table

_PURPOSE = "card signing"
_k = table(CardKey)
#: Of private halves: the present one, then earlier ones.
_passwords: tuple[bytes, ...] = ()


class Signed(NamedTuple):
    """A signature and the key that made it."""

    signature: str
    key_id: str


def configure(config: Settings) -> None:
    """Take the password of private halves from the token secret: the database alone signs nothing."""
    global _passwords  # noqa: PLW0603 - handlers of jobs know the database only
    _passwords = tuple(key.hex().encode() for key in tokens_of(config).keys(_PURPOSE))


def sign(conn: Connection, content: bytes) -> Signed:
    """Sign with the present key, which is made when there is none; `Conflict` when the token secret is another."""
    present = select(_k.c.id, _k.c.private).where(_k.c.retired_at.is_(None))
    row = conn.execute(present).first()
    if row is None:
        advisory_lock(conn, "card keys")
        row = conn.execute(present).first()
    key_id, private = row or _make(conn)
    for password in _passwords:
        with suppress(ValueError):
            return Signed(tokens.sign_detached(content, bytes(private), password, key_id), key_id)
    raise Conflict(
        "签名密钥与服务器的密钥不符，请管理员运行 lvyi cards rotate-key。", code="key_locked", state="locked"
    )


def encrypt_again(conn: Connection) -> int:
    """Encrypt the private half with the present password if an earlier one did; how many were."""
    advisory_lock(conn, "card keys")
    again = 0
    for key_id, private in conn.execute(select(_k.c.id, _k.c.private).where(_k.c.retired_at.is_(None))).all():
        for password in _passwords[1:]:
            with suppress(ValueError):
                pem = tokens.with_password(bytes(private), password, _passwords[0])
                conn.execute(update(_k).where(_k.c.id == key_id).values(private=pem))
                again += 1
    return again


def rotate(conn: Connection) -> str:
    """Retire the present key, erasing its private half, and make another one; the id of that."""
    advisory_lock(conn, "card keys")
    retired = {"private": None, "retired_at": clock.now()}
    conn.execute(update(_k).where(_k.c.retired_at.is_(None)).values(**retired))
    return _make(conn)[0]


def _make(conn: Connection) -> tuple[str, bytes]:
    private, public = tokens.new_key_pair(_passwords[0])
    row = {"id": public["kid"], "public": public, "private": private, "created_at": clock.now()}
    conn.execute(insert(_k).values(**row))
    return public["kid"], private


def published(conn: Connection) -> dict[str, list[dict[str, str]]]:
    """The public halves of all keys as a JWK set (RFC 7517), oldest first."""
    return {"keys": list(conn.scalars(select(_k.c.public).order_by(_k.c.created_at, _k.c.id)))}


def is_genuine(conn: Connection, content: bytes, signature: str, key_id: str) -> bool:
    """Whether one of our keys signed exactly this content."""
    public = conn.scalar(select(_k.c.public).where(_k.c.id == key_id))
    return public is not None and tokens.is_signed(content, signature, public)
