"""The second factor: time-based one-time codes (RFC 6238) and recovery codes.

The secret of an account is kept encrypted, so that the database alone gives no codes away. Earlier releases kept a
seed of 16 bytes and derived the secret from it: it is encrypted instead as soon as a code of it is used.
"""

import hmac
import secrets
from base64 import b32encode
from hashlib import sha256
from urllib.parse import quote

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session

from app.auth.keys.tokens import Tokens
from app.auth.models import Account, RecoveryCode
from app.core import clock
from app.core.sql import table

_STEP_SECONDS, _DIGITS = 30, 6
_SECRET_BYTES = 20
_SEED_BYTES = 16
_PURPOSE = "second factor"
_RECOVERY_CODES = 10
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"

_a, _c = table(Account), table(RecoveryCode)


def new_secret() -> bytes:
    """What the authenticator app and the server share: 20 bytes."""
    return secrets.token_bytes(_SECRET_BYTES)


def sealed(tokens: Tokens, account_id: int, secret: bytes) -> bytes:
    """The secret of an account as it is kept."""
    return tokens.seal(_PURPOSE, secret, _about(account_id))


def secret_of(tokens: Tokens, account_id: int, kept: bytes) -> bytes | None:
    """The secret that the authenticator app holds; None when it was sealed with a secret that is not known."""
    if len(kept) == _SEED_BYTES:
        return hmac.digest(tokens.oldest(_PURPOSE), kept, "sha256")[:_SECRET_BYTES]
    return tokens.unseal(_PURPOSE, kept, _about(account_id))


def _about(account_id: int) -> bytes:
    return str(account_id).encode()


def seal_again(db: Session, tokens: Tokens) -> tuple[int, int]:
    """Seal every secret with the present key; how many were, and how many cannot be read any more."""
    done = lost = 0
    held = select(_a.c.id, _a.c.second_factor_seed).where(_a.c.second_factor_seed.is_not(None))
    for account_id, kept in db.execute(held.order_by(_a.c.id)).all():
        secret = secret_of(tokens, account_id, kept)
        if secret is None:
            lost += 1
            continue
        _keep(db, tokens, account_id, kept, secret)
        done += 1
    return done, lost


def seal_old(db: Session, tokens: Tokens, account_id: int, kept: bytes) -> None:
    """Seal the secret of an account if an earlier release kept it as a seed."""
    if len(kept) == _SEED_BYTES and (secret := secret_of(tokens, account_id, kept)):
        _keep(db, tokens, account_id, kept, secret)


def _keep(db: Session, tokens: Tokens, account_id: int, kept: bytes, secret: bytes) -> None:
    same = (_a.c.id == account_id) & (_a.c.second_factor_seed == kept)
    db.execute(update(_a).where(same).values(second_factor_seed=sealed(tokens, account_id, secret)))


def as_text(secret: bytes) -> str:
    """The secret as people type it: base32."""
    return b32encode(secret).decode()


def uri(secret: bytes, label: str) -> str:
    """The `otpauth:` address that authenticator apps read from a QR code."""
    issuer = quote("履易")
    return f"otpauth://totp/{issuer}:{quote(label)}?secret={as_text(secret)}&issuer={issuer}"


def code_at(secret: bytes, step: int) -> str:
    """The code of the half minute number `step` since 1970."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**_DIGITS).zfill(_DIGITS)


def present_step() -> int:
    """The number of the present half minute."""
    return int(clock.now().timestamp()) // _STEP_SECONDS


def accept(db: Session, tokens: Tokens, account_id: int, kept: bytes, code: str) -> bool:
    """Whether `code` is of this half minute or a neighbour, or a recovery code; each is good once."""
    secret, now = secret_of(tokens, account_id, kept), present_step()
    for step in (now - 1, now, now + 1):
        if secret and hmac.compare_digest(code_at(secret, step), code):
            unused = (_a.c.id == account_id) & (_a.c.second_factor_step < step)
            taken = db.execute(update(_a).where(unused).values(second_factor_step=step))
            return bool(taken.rowcount)  # type: ignore[attr-defined]
    spent = db.execute(delete(_c).where(_c.c.account_id == account_id, _c.c.code_hash == _hash(code)))
    return bool(spent.rowcount)  # type: ignore[attr-defined]


def new_recovery_codes(db: Session, account_id: int) -> list[str]:
    """Ten codes of 49 bits in the place of the account's earlier ones; only their hashes are kept."""
    codes = ["".join(secrets.choice(_READABLE) for _ in range(10)) for _ in range(_RECOVERY_CODES)]
    db.execute(delete(_c).where(_c.c.account_id == account_id))
    rows = [{"account_id": account_id, "code_hash": _hash(code)} for code in codes]
    db.connection().execute(insert(_c), rows)
    return codes


def _hash(code: str) -> bytes:
    return sha256(code.encode()).digest()
