"""Lock-out: wrong passwords and codes are counted, with growing delays.

Strangers are counted by phone, known or not, and by address. A device that has logged in to the account before, and
an open session, have a counter of their own: whoever locks a phone out locks out strangers only (see `devices`).

An attempt is charged in its own transaction before the password is looked at, so that neither a race nor the
rollback of the failing request gives a guess for free; what was no wrong guess is given back. What may be done
without login is counted here too: so many times in so much time. The row of the address is always locked before that
of the phone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlmodel import Session

from app.auth.models import LoginAttempt
from app.core import clock
from app.core.sql import delete_some, insert, table

#: Failures are counted for so long from the first one, and forgotten so long after the end of a lock-out.
WINDOW = timedelta(minutes=15)
#: Wrong passwords before a lock-out. A conference hall shares one address.
BY_PHONE, BY_ADDRESS = 5, 100
_FIRST_LOCK, _LONGEST_LOCK = timedelta(minutes=1), timedelta(minutes=30)
_KEPT = timedelta(days=1)

_a = table(LoginAttempt)


@dataclass(frozen=True)
class Guesser:
    """Whose wrong guesses are counted together: by `key`, and beside it by address."""

    key: str
    address: str | None = None


def stranger(phone: str, address: str) -> Guesser:
    """Whoever tries a phone without having been there before."""
    return Guesser(f"phone:{phone}", of_address(address))


def known(session_id: int) -> Guesser:
    """Whoever is or was in a session."""
    return Guesser(f"session:{session_id}")


def charge(db: Session, who: Guesser) -> int:
    """Count an attempt: 0, or the seconds to wait when it may not be made."""
    wait = _charge(db, who.address, BY_ADDRESS) if who.address else 0
    return wait or _charge(db, who.key, BY_PHONE)


def give_back(db: Session, who: Guesser) -> None:
    """Take back the charge of an attempt that was no wrong guess, and the lock that it began."""
    for key in filter(
        None, (who.address, who.key)
    ):  # while it was locked nobody else was charged: the lock is its own
        one_less = {"failures": _a.c.failures - 1, "locked_until": None}
        db.execute(update(_a).where(_a.c.key == key, _a.c.failures > 0).values(one_less))


def settle(db: Session, who: Guesser) -> None:
    """Give back the charge of an attempt that was right in everything, and forget the wrong ones before it."""
    give_back(db, who)
    db.execute(delete(_a).where(_a.c.key == who.key))


def spend(db: Session, key: str, window: timedelta, most: int) -> int:
    """Count one of `most` uses in a `window`, of a day at most: 0, or the seconds to wait when they are spent."""
    row = _locked(db, key)
    used, began_at, now = row.failures, row.began_at, clock.now()
    if began_at + window <= now:
        used, began_at = 0, now
    if used >= most:
        return _seconds(began_at + window - now)
    db.execute(update(_a).where(_a.c.key == key).values(failures=used + 1, began_at=began_at))
    return 0


def is_locked(db: Session, who: Guesser) -> bool:
    """Whether the last charge locked them."""
    until: datetime | None = db.scalar(select(_a.c.locked_until).where(_a.c.key == who.key))
    return until is not None and until > clock.now()


def forget_old(db: Session) -> int:
    """Drop some of the counters that mean nothing any more; how many."""
    old = clock.now() - _KEPT
    unlocked = _a.c.locked_until.is_(None) | (_a.c.locked_until < old)
    return delete_some(db.connection(), _a, (_a.c.began_at < old) & unlocked)


def _charge(db: Session, key: str, limit: int) -> int:
    row, now = _locked(db, key), clock.now()
    if row.locked_until and row.locked_until > now:
        return _seconds(row.locked_until - now)
    failures, began_at = row.failures + 1, row.began_at
    if max(began_at, row.locked_until or began_at) < now - WINDOW:
        failures, began_at = 1, now
    locked_until = now + _lock(failures - limit) if failures >= limit else None
    values = {"failures": failures, "began_at": began_at, "locked_until": locked_until}
    db.execute(update(_a).where(_a.c.key == key).values(values))
    return 0


def _locked(db: Session, key: str) -> Row[Any]:
    """The counter of a key, begun now if there is none, held until the commit."""
    new = insert(db.connection(), _a).values(key=key, failures=0, began_at=clock.now())
    # one statement: between two a log-in that was right may delete the row
    held = new.on_conflict_do_update(index_elements=["key"], set_={"failures": _a.c.failures})
    return db.execute(held.returning(*_a.c)).one()


def _lock(beyond: int) -> timedelta:
    return min(_FIRST_LOCK * (1 << min(beyond, 10)), _LONGEST_LOCK)


def _seconds(left: timedelta) -> int:
    return int(left.total_seconds()) + 1


def of_address(address: str) -> str:
    """One household has one IPv4 address or 2^64 IPv6 addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return f"address:{address}"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return f"address:{ip_network((parsed, 64), strict=False)}"
    return f"address:{address}"
