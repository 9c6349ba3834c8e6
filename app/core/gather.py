"""Look-ups of many requests in one go: what is asked while one runs, goes into the next.

An answer is never older than its question. Under load this shares one hop to a thread and one statement among all
requests that wait; alone a request pays what it would have paid anyway.
"""

import asyncio
from collections.abc import Callable, Collection, Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Gather(Generic[K, V]):
    """Answers keys by `look_up`, which runs in a thread of its own and leaves out what it does not find."""

    def __init__(self, look_up: Callable[[Collection[K]], Mapping[K, V]]) -> None:
        self._look_up = look_up
        self._lock = Lock()
        self._asked: list[tuple[K, asyncio.Future[V | None]]] = []
        self._running = False
        self._thread = ThreadPoolExecutor(1, "gather")

    async def __call__(self, key: K) -> V | None:
        """The value of a key; None when there is none. Raises what `look_up` raises."""
        future: asyncio.Future[V | None] = asyncio.get_running_loop().create_future()
        with self._lock:
            self._asked.append((key, future))
            start, self._running = not self._running, True
        if start:
            self._thread.submit(self._answer)
        return await future

    def _answer(self) -> None:
        while True:
            with self._lock:
                asked, self._asked = self._asked, []
                self._running = bool(asked)
            if not asked:
                return
            try:
                found, error = self._look_up({key for key, _ in asked}), None
            except Exception as e:  # noqa: BLE001 - raised in every request that asked
                found, error = {}, e
            for loop in {future.get_loop() for _, future in asked}:
                mine = [(key, future) for key, future in asked if future.get_loop() is loop]
                if not loop.is_closed():
                    loop.call_soon_threadsafe(_deliver, mine, found, error)


def _deliver(
    asked: list[tuple[Any, "asyncio.Future[Any]"]], found: Mapping[Any, Any], error: Exception | None
) -> None:
    for key, future in asked:
        if future.done():  # the client has gone
            continue
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(found.get(key))
