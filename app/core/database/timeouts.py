"""How long a connection waits for a lock, an answer, the next statement of its transaction, and a peer that is gone."""

from dataclasses import dataclass, replace
from typing import Any

import psycopg
from psycopg import errors


@dataclass(frozen=True)
class Timeouts:
    """Seconds; 0 is without end.

    `connection` waits for a free connection of the pool, `lock` for another writer, `statement` bounds one statement
    on PostgreSQL, `idle` a transaction between two statements, `answer` the silence of a server or a link.
    """

    connection: float
    lock: float
    statement: float
    idle: float
    answer: float

    @property
    def options(self) -> str:
        """As settings of a PostgreSQL session."""
        milliseconds = {
            "lock_timeout": self.lock,
            "statement_timeout": self.statement,
            "idle_in_transaction_session_timeout": self.idle,
        }
        return " ".join(f"-c {name}={seconds * 1000:.0f}" for name, seconds in milliseconds.items())


#: Requests: a writer that waits for a place, a connection and two locks is answered within six seconds.
REQUESTS = Timeouts(connection=2.5, lock=2, statement=9, idle=10, answer=10)
#: Jobs and commands: they may compute between two statements, but one that was stopped must not hold rows for ever.
WORK = Timeouts(connection=30, lock=30, statement=30 * 60, idle=5 * 60, answer=0)

#: Commands say soon that they wait, and then try again.
COMMANDS = replace(WORK, connection=5, lock=5)

#: Ends connections of a peer that is gone: unanswered data after 15 s, silence after 25 s.
PEER: dict[str, Any] = {
    "connect_timeout": 3,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def opened(limits: Timeouts, words: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """A connection to PostgreSQL within `limits`; what the URL says wins."""
    connect: Any = _Connection.connect
    connection = connect(*words, **(PEER | named))
    connection.answer = limits.answer or None
    return connection


class _Connection(psycopg.Connection[Any]):
    """Gives a silent server up: neither a stopped one nor a dead link behind a proxy shows in TCP."""

    answer: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """As psycopg's; without an own timeout, silence for `answer` seconds closes the connection."""
        if timeout is not None or self.answer is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.answer)
        except errors._WaitTimeout as e:  # noqa: SLF001 - psycopg raises it to callers of `wait`, who are its own classes
            self.pgconn.finish()
            raise errors.ConnectionTimeout(f"no answer from the database for {self.answer} s") from e
