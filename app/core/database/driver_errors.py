"""What errors of the database and its driver mean to who asked."""

import sqlite3

from psycopg import errors
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.core.errors import AppError, Invalid, Unavailable

_LOCKED = (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure)
_BUSY = (*_LOCKED, errors.QueryCanceled, errors.IdleInTransactionSessionTimeout, PoolTimeout)
_AWAY = (errors.ReadOnlySqlTransaction, errors.OperationalError, errors.InterfaceError)


def busy() -> Unavailable:
    """Others write for too long: the same request will succeed later."""
    return Unavailable("系统繁忙，请稍后再试，您填写的内容没有丢失。", code="busy", retry_after=2)


def database_trouble(error: Exception) -> AppError | None:
    """What a database error means to the client: away, locked or full is `Unavailable`; None for our own bugs."""
    origin = _origin(error)
    if isinstance(origin, sqlite3.OperationalError):
        text = str(origin)
        if "locked" in text or "busy" in text:
            return busy()
        full = "full" in text or "disk I/O" in text or "readonly" in text or "unable to open" in text
        return _no_room() if full else None
    if isinstance(origin, _BUSY):
        return busy()
    if isinstance(origin, errors.DiskFull):
        return _no_room()
    if isinstance(origin, errors.DataError):
        return Invalid(code="out_of_range")  # SQLite takes any number; PostgreSQL knows bounds
    return Unavailable(retry_after=5) if isinstance(origin, _AWAY) else None


def is_locked(error: Exception) -> bool:
    """Whether one statement did not get its lock, and others may get theirs."""
    return isinstance(_origin(error), _LOCKED)


def _no_room() -> Unavailable:
    return Unavailable("存储空间已满或不可写，请联系管理员。", code="storage", retry_after=60)


def _origin(error: Exception) -> BaseException:
    return error.orig or error if isinstance(error, DBAPIError) else error
