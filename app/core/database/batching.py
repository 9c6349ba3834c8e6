"""Batching: requests that arrive during a batch form the next one.

Under load all requests that wait share one hop to a thread and one trip to the database; alone a request pays what
it would have paid anyway. An answer is never older than its question.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, Generic, TypeVar

from app.core.database.driver_errors import busy

Q = TypeVar("Q")
_MOST = 64
#: Seconds after which a question is answered `Unavailable`, whatever becomes of its batch.
PATIENCE = 5.0


class Batch(Generic[Q]):
    """Hands all that waits, up to 64 questions, to `answer` in a thread of its own.

    `answer` gives one answer for each question in their order; those that are exceptions are raised where the
    question was asked, and what it raises itself in all of them.
    """

    def __init__(
        self, name: str, answer: Callable[[Sequence[Q]], Sequence[Any]], patience: float = PATIENCE
    ) -> None:
        self._answer = answer
        self._patience = patience
        self._lock = Lock()
        self._asked: list[tuple[Q, asyncio.Future[Any]]] = []
        self._running = False
        self._thread = ThreadPoolExecutor(1, name)

    def __call__(self, question: Q) -> asyncio.Future[Any]:
        """The answer to one question."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        late = loop.call_later(self._patience, _give_up, answer)
        answer.add_done_callback(lambda _: late.cancel())
        with self._lock:
            self._asked.append((question, answer))
            start, self._running = not self._running, True
        if start:
            self._thread.submit(self._run)
        return answer

    def _run(self) -> None:
        while True:
            with self._lock:
                asked, self._asked = self._asked[:_MOST], self._asked[_MOST:]
                self._running = bool(asked)
            if not asked:
                return
            asked = [pair for pair in asked if not pair[1].done()]  # the others were given up
            if not asked:
                continue
            try:
                found = self._answer([question for question, _ in asked])
            except Exception as e:  # noqa: BLE001 - the database is away: raised in every request that asked
                found = [e] * len(asked)
            answered = [(answer, one) for (_, answer), one in zip(asked, found, strict=True)]
            for loop in {answer.get_loop() for _, answer in asked}:
                mine = [pair for pair in answered if pair[0].get_loop() is loop]
                if not loop.is_closed():
                    loop.call_soon_threadsafe(_deliver, mine)


def _give_up(answer: asyncio.Future[Any]) -> None:
    _deliver([(answer, busy())])


def _deliver(answered: list[tuple[asyncio.Future[Any], Any]]) -> None:
    for answer, found in answered:
        if answer.done():  # the client has gone, or was answered that this takes too long
            continue
        if isinstance(found, Exception):
            answer.set_exception(found)
            answer.exception()  # asked now, so that an answer nobody waits for any more is no error in the log
        else:
            answer.set_result(found)
