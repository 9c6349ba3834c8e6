"""Look-ups of many requests in one go: what is asked while one runs, goes into the next.

An answer is never older than its question. Under load all requests that wait share one hop to a thread, one
connection and one statement; alone a request pays what it would have paid anyway.
"""

import asyncio
from collections.abc import Callable, Collection, Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
#: Finds what it can of some keys, and leaves out the others.
LookUp = Callable[[Connection, Collection[K]], Mapping[K, V]]


class _Question(NamedTuple):
    look_up: LookUp[Any, Any]
    key: Hashable
    answer: asyncio.Future[Any]


class Gather:
    """Answers the look-ups of one database, in a thread of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._asked: list[_Question] = []
        self._running = False
        self._thread = ThreadPoolExecutor(1, "gather")

    def __call__(self, look_up: LookUp[K, V], key: K) -> asyncio.Future[V | None]:
        """What `look_up` will find for a key; None when nothing. Raises what it raises."""
        answer: asyncio.Future[V | None] = asyncio.get_running_loop().create_future()
        with self._lock:
            self._asked.append(_Question(look_up, key, answer))
            start, self._running = not self._running, True
        if start:
            self._thread.submit(self._answer)
        return answer

    def _answer(self) -> None:
        while True:
            with self._lock:
                asked, self._asked = self._asked, []
                self._running = bool(asked)
            if not asked:
                return
            found: dict[LookUp[Any, Any], Mapping[Any, Any] | Exception] = {}
            try:
                with self._engine.connect() as conn:
                    for look_up in {question.look_up for question in asked}:
                        keys = {question.key for question in asked if question.look_up is look_up}
                        found[look_up] = _attempt(look_up, conn, keys)
            except Exception as e:  # noqa: BLE001 - the database is away: raised in every request that asked
                found = {question.look_up: e for question in asked}
            for loop in {question.answer.get_loop() for question in asked}:
                mine = [question for question in asked if question.answer.get_loop() is loop]
                if not loop.is_closed():
                    loop.call_soon_threadsafe(_deliver, mine, found)


def _attempt(look_up: LookUp[K, V], conn: Connection, keys: set[K]) -> Mapping[K, V] | Exception:
    try:
        return look_up(conn, keys)
    except Exception as e:  # noqa: BLE001 - raised in every request that asked for it
        return e


def _deliver(asked: list[_Question], found: Mapping[LookUp[Any, Any], Mapping[Any, Any] | Exception]) -> None:
    for look_up, key, answer in asked:
        mapping = found[look_up]
        if answer.done():  # the client has gone
            continue
        if isinstance(mapping, Exception):
            answer.set_exception(mapping)
        else:
            answer.set_result(mapping.get(key))
