"""Answers that many ask for: made once for each version of what they show, and kept in this process.

An answer is made anew when its version moves, and after `KEPT`, because names and posts of people have no version.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from anyio import to_thread
from sqlalchemy import Connection, Engine

from app.core import clock
from app.core.db import Database

V = TypeVar("V")
KEPT = timedelta(minutes=1)
_MOST = 500  # answers kept of each database, about 10 MB


class _Kept(NamedTuple):
    version: object
    until: datetime
    answer: Any


_answers: WeakKeyDictionary[Engine, dict[object, _Kept]] = WeakKeyDictionary()


async def kept(database: Database, key: object, version: object, make: Callable[[Connection], V]) -> V:
    """The answer kept for `key` if it is of this version; else the one that `make` gives, kept from now on.

    `version` is to be read before what is made: then an answer may be newer than it says, never older.
    """
    answers, now = _answers.setdefault(database.read, {}), clock.now()
    found = answers.get(key)
    if found is None or found.version != version or found.until < now:
        found = answers[key] = _Kept(version, now + KEPT, await made(database, make))
        while len(answers) > _MOST:
            del answers[next(iter(answers))]
    answer: V = found.answer
    return answer


async def made(database: Database, make: Callable[[Connection], V]) -> V:
    """An answer made for this request only."""

    def in_thread() -> V:
        with database.read.connect() as conn:
            return make(conn)

    return await to_thread.run_sync(in_thread)
