"""How long the one writer of SQLite is held: measured from the moment a transaction has it until it is free again."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, Pool, event


@dataclass
class Holds:
    """The transactions that wrote, in seconds of the clock and of the CPU of their thread."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def longest(self) -> float:
        """The most CPU of one transaction: what a busy machine does not change."""
        return max(self.cpu, default=0.0)


def watch(ended: Callable[[float, float], None]) -> Callable[[], None]:
    """Call `ended` after every transaction that any engine of this process began as a writer; returns the undo."""

    def began(conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement == "BEGIN IMMEDIATE":
            conn.info["held"] = time.perf_counter(), time.thread_time()

    def free(_connection: Any, record: Any) -> None:
        if held := record.info.pop("held", None):
            ended(time.perf_counter() - held[0], time.thread_time() - held[1])

    event.listen(Engine, "after_cursor_execute", began)
    event.listen(Pool, "checkin", free)

    def undo() -> None:
        event.remove(Engine, "after_cursor_execute", began)
        event.remove(Pool, "checkin", free)

    return undo


@contextmanager
def watched() -> Iterator[Holds]:
    """What `watch` sees within the block."""
    holds = Holds()

    def note(seconds: float, cpu: float) -> None:
        holds.seconds.append(seconds)
        holds.cpu.append(cpu)

    undo = watch(note)
    try:
        yield holds
    finally:
        undo()
