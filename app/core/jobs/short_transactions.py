"""Long work beside everybody else's: in short writing transactions, with a pause after each.

SQLite has one writer, and who waits for it asks again after ever longer pauses, up to a tenth of a second: a loop of
short transactions keeps others out as one long transaction does. So whoever has held the writer leaves it alone for
twice as long as that took.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:  # commands import this module before they know whether they need a database
    from collections.abc import Callable, Iterator, Sequence

    from sqlmodel import Session

    from app.core.db import Database

T = TypeVar("T")

#: Seconds that a patient command waits for its turn, and between two attempts.
PATIENCE_SECONDS, _AGAIN_SECONDS = 600.0, 1.0
#: The pause after a transaction, in times of what it took: a third of the time is the job's, the rest is everybody's.
_PAUSE = 2
_on_wait: ContextVar[Callable[[], None] | None] = ContextVar("on_wait", default=None)


@contextmanager
def patient(on_wait: Callable[[], None]) -> Iterator[None]:
    """Let `write` try again while the database is busy or away; `on_wait` is called once for each wait."""
    before = _on_wait.set(on_wait)
    try:
        yield
    finally:
        _on_wait.reset(before)


def write(database: Database, work: Callable[[Session], T]) -> T:
    """What `work` returns, once its writes are committed; then pause for twice as long as they held the writer.

    `work` reads what it relies on itself: it is called again when its transaction failed in a `patient` block.
    """
    ends_at = time.monotonic() + PATIENCE_SECONDS
    waiting = False
    while True:
        try:
            with database.transaction() as db:
                db.connection()  # waits for the writer
                began = time.monotonic()
                done = work(db)
        except Exception as error:
            on_wait = _on_wait.get()
            if on_wait is None or time.monotonic() > ends_at or not _passes(error):
                raise
            if not waiting:
                on_wait()
            waiting = True
            time.sleep(_AGAIN_SECONDS)
        else:
            time.sleep(_PAUSE * (time.monotonic() - began))
            return done


def _passes(error: Exception) -> bool:
    """Whether a database that is busy or away is all that is wrong."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - see above

    from app.core.database.driver_errors import database_trouble  # noqa: PLC0415

    trouble = database_trouble(error) if isinstance(error, SQLAlchemyError) else None
    return trouble is not None and trouble.code in {"busy", "unavailable"}


def parts(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """`rows` in order, `size` at a time."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
