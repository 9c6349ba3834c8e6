"""A response cache: computed once for each version of what a response shows, in this process.

A response is computed again when its version moves, and after a while, because names and posts of people have no
version; all who ask for it meanwhile wait for the computation that runs.
"""

from asyncio import Task, create_task, get_running_loop, shield
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from anyio import to_thread
from sqlalchemy import Connection, Engine

from app.core import clock
from app.core.db import Database

V = TypeVar("V")
MAX_AGE = timedelta(minutes=1)
_MOST = 500  # cached responses of each database, about 10 MB


class _Cached(NamedTuple):
    version: object
    until: datetime
    answer: Task[Any]

    def serves(self, version: object, now: datetime) -> bool:
        """Whether it may be given to who asks now: a task can be waited for in its own loop only."""
        here = self.answer.done() or self.answer.get_loop() is get_running_loop()
        return here and self.version == version and self.until >= now


_answers: WeakKeyDictionary[Engine, dict[object, _Cached]] = WeakKeyDictionary()


async def cached(database: Database, key: object, version: object, make: Callable[[Connection], V]) -> V:
    """The cached response of `key` if it is of this version; else compute it and cache it.

    Read `version` before the data: then a response may be newer than its version, never older.
    """
    answers, now = _answers.setdefault(database.read, {}), clock.now()
    found = answers.get(key)
    if found is None or not found.serves(version, now):
        found = answers[key] = _Cached(version, now + MAX_AGE, create_task(compute(database, make)))
        found.answer.add_done_callback(partial(_forget_failed, answers, key))
    answers[key] = answers.pop(key, found)  # a dict keeps the order: who was asked last stands last
    while len(answers) > _MOST:
        del answers[next(iter(answers))]
    answer: V = await shield(found.answer)  # who goes away does not take it from the others
    return answer


def _forget_failed(answers: dict[object, _Cached], key: object, answer: Task[Any]) -> None:
    failed = answer.cancelled() or answer.exception() is not None
    if failed and key in answers and answers[key].answer is answer:
        del answers[key]


async def compute(database: Database, make: Callable[[Connection], V]) -> V:
    """Compute a response for this request only."""

    def in_thread() -> V:
        with database.read.connect() as conn:
            return make(conn)

    return await to_thread.run_sync(in_thread)
