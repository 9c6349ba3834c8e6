"""The code at the door of an activity: a new one every half minute, from the server's key, the activity and the time.

A photograph of it is worthless a minute later. A phone without a connection sends its code afterwards and says how long
ago it was read; nobody can prove that, so it is believed for `LATE` only, and such a sign-in is in the audit log.
"""

import hmac
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import segno

from app.activities import queries
from app.audit.queries import was_done
from app.audit.service import log as audit
from app.auth.actor import Actor
from app.core import clock
from app.core.db import Database

#: The purpose of the server's key.
PURPOSE = "sign-in codes"
STEP_SECONDS = 30
#: Codes that a wall is given at once: it goes on for ten minutes without a connection.
AHEAD = 20
#: How long ago a code may have been read without a connection.
LATE = timedelta(minutes=30)
#: The audit log says once in this time who lets a wall show the codes of an activity: it asks every minute.
SHOWN_EVERY = timedelta(hours=12)
#: Tries of an account to sign in: in how long, how many.
TRIES = (timedelta(minutes=5), 10)
#: Without letters and digits that look alike: it is read from a screen at the door.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 6


def code_at(key: bytes, activity_id: int, moment: datetime, ahead: int = 0) -> str:
    """The code of the half minute of a moment, or of one `ahead` of it."""
    step = int(moment.timestamp()) // STEP_SECONDS + ahead
    number = int.from_bytes(hmac.digest(key, f"{activity_id} {step}".encode(), "sha256"))
    code = ""
    for _ in range(_LENGTH):
        number, sign = divmod(number, len(SIGNS))
        code += SIGNS[sign]
    return code


def is_valid(code: str, key: bytes, activity_id: int, moment: datetime) -> bool:
    """Whether a code was shown in the half minute of a moment or in the one before."""
    return any(hmac.compare_digest(code, code_at(key, activity_id, moment, ahead)) for ahead in (0, -1))


def shown(database: Database, actor: Actor, activity_id: int, key: bytes, public_url: str) -> dict[str, Any]:
    """The codes at the door for a wall; the audit log says once in `SHOWN_EVERY` who had them."""
    now = clock.now()
    with database.read.connect() as conn:
        queries.require_running(conn, actor, activity_id)
        is_told = was_done(conn, actor, "activity.codes_shown", ("activity", activity_id), now - SHOWN_EVERY)
    if not is_told:
        with database.transaction() as db:
            audit(db, actor, "activity.codes_shown", ("activity", activity_id))
    return next_codes(key, activity_id, public_url, now)


def next_codes(key: bytes, activity_id: int, public_url: str, moment: datetime) -> dict[str, Any]:
    """The present code and those after it, each with the QR code of the link that signs in with it."""
    codes = [code_at(key, activity_id, moment, ahead) for ahead in range(AHEAD)]
    link = f"{public_url.rstrip('/')}/activities/{activity_id}/sign-in?code="
    return {
        "step_seconds": STEP_SECONDS,
        "seconds_left": STEP_SECONDS - moment.timestamp() % STEP_SECONDS,
        "codes": [{"code": code, "qr": _qr(link + code)} for code in codes],
    }


@lru_cache(maxsize=400)
def _qr(link: str) -> str:
    """The picture of a link; it takes 6 ms, and a wall that asks every minute gets two new ones."""
    picture: str = segno.make(link, error="m", micro=False).svg_data_uri(omitsize=True)
    return picture
