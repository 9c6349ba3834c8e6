"""One wait for the disk for all commits that stand in line.

A commit of the write engine does not wait for the disk itself (SQLite: `synchronous=NORMAL`; PostgreSQL:
`synchronous_commit=off`), so that nobody holds the writer's place or the row of event numbers while the disk turns.
`core.db.commit` waits here instead, before anything is acknowledged.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine, text

_sync = getattr(os, "fdatasync", os.fsync)


class Flush:
    """Calls `flush` for all who wait: those who come while one runs share the next."""

    def __init__(self, flush: Callable[[], None]) -> None:
        self._flush = flush
        self._counting, self._flushing = Lock(), Lock()
        self._asked = self._done = 0

    def __call__(self) -> None:
        """Return when everything that was committed before is on disk."""
        with self._counting:
            self._asked += 1
            mine = self._asked
        with self._flushing:
            if self._done >= mine:
                return
            with self._counting:
                upto = self._asked
            self._flush()
            self._done = upto


def of_sqlite(database: str) -> Flush:
    """Flushes the write-ahead log of a database file."""
    log = Path(f"{database}-wal")

    def flush() -> None:
        with suppress(FileNotFoundError):  # the last connection has closed: all was moved to the database
            opened = os.open(log, os.O_RDONLY)
            try:
                _sync(opened)
            finally:
                os.close(opened)

    return Flush(flush)


def of_postgresql(read: Engine) -> Flush:
    """Flushes the server's log up to now, by a commit of nothing that does wait."""
    nothing = text("SELECT pg_logical_emit_message(true, 'lvyi', '')")

    def flush() -> None:
        with read.connect() as conn:
            conn.execute(nothing)

    return Flush(flush)
