"""Known devices: a browser that has logged in to an account keeps a way in while strangers have locked it out.

Each account that a browser logs in to leaves a cookie there that names the session and is signed (the "device cookies"
of OWASP). It opens nothing: the right password is needed as ever. But wrong passwords of strangers do not count
against it, nor its own against them. A device is known no longer when its session was ended by somebody else than
its user, or when the password was changed or reset after the session was over.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from app.auth.keys.tokens import Tokens
from app.auth.models import LoginSession
from app.core.sql import table

#: A cookie is of use for as long as its session is kept; see `revocation.forget_sessions`.
COOKIE_AGE = timedelta(days=360)
#: Ends of sessions that say nothing against the device.
_HARMLESS = {"logout", "role_changed"}
_DIGITS = 19

_s = table(LoginSession)


def cookie_name(account_id: int) -> str:
    """The cookie of one account: a tablet may be shared by several."""
    return f"lvyi_device_{account_id}"


def cookie(tokens: Tokens, session_id: int) -> str:
    """What the device of a session keeps."""
    return f"{session_id}.{_mac(tokens.key('device'), session_id)}"


def known(conn: Connection, tokens: Tokens, cookies: Mapping[str, str], account: Row[Any]) -> int | None:
    """The session that makes the sender of these cookies a known device of an account."""
    number, _, mac = cookies.get(cookie_name(account.id), "").partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < _DIGITS):
        return None
    session_id = int(number)
    given = mac.encode("utf-8", "replace")
    if not any(hmac.compare_digest(_mac(key, session_id).encode(), given) for key in tokens.keys("device")):
        return None
    session = conn.execute(
        select(_s).where(_s.c.id == session_id, _s.c.account_id == account.id)
    ).one_or_none()
    if session is None or session.revoke_reason not in {None, *_HARMLESS}:
        return None
    over = session.revoked_at or session.expires_at
    return session_id if over > account.password_changed_at else None


def name_of(conn: Connection, session_id: int) -> str:
    """What the device of a session calls itself; empty when it said nothing."""
    s = table(LoginSession)
    return conn.scalar(select(s.c.device).where(s.c.id == session_id)) or ""


def _mac(key: bytes, session_id: int) -> str:
    return urlsafe_b64encode(hmac.digest(key, str(session_id).encode(), "sha256")).decode().rstrip("=")
