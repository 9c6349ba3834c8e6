"""Lock-out: wrong logins are counted by phone, known or not, and by address, with growing delays.

An attempt is charged in its own transaction before the password is looked at, so that neither a race nor the
rollback of the failing request gives a guess for free; a right password gives the charge back. What may be done
without login is counted here too: so many times in so much time. The row of the address is always locked before that
of the phone.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from sqlalchemy import Row, case, delete, select, update
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


def charge(db: Session, phone: str, address: str) -> int:
    """Count an attempt on a phone from an address: 0, or the seconds to wait when either is locked."""
    return _charge(db, of_address(address), BY_ADDRESS) or _charge(db, _of_phone(phone), BY_PHONE)


def settle(db: Session, phone: str, address: str) -> None:
    """Give back the charge of an attempt that was right: the address has one failure less, the phone none."""
    db.execute(
        update(_a)
        .where(_a.c.key == of_address(address), _a.c.failures > 0)
        .values(
            failures=_a.c.failures - 1,
            locked_until=case((_a.c.failures > BY_ADDRESS, _a.c.locked_until), else_=None),
        )
    )
    db.execute(delete(_a).where(_a.c.key == _of_phone(phone)))


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


def is_locked(db: Session, phone: str) -> bool:
    """Whether the last charge of a phone locked it."""
    until: datetime | None = db.scalar(select(_a.c.locked_until).where(_a.c.key == _of_phone(phone)))
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


def _of_phone(phone: str) -> str:
    return f"phone:{phone}"


def of_address(address: str) -> str:
    """One household has one IPv4 address or 2^64 IPv6 addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return f"address:{address}"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return f"address:{ip_network((parsed, 64), strict=False)}"
    return f"address:{address}"
