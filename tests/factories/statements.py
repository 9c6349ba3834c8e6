"""How many statements something costs."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from app.core.db import Database


def statements(database: Database, act: Callable[[], Any]) -> int:
    """The number of SQL statements that `act` runs on the engines of `database`."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    for engine in (database.read, database.write):
        event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        for engine in (database.read, database.write):
            event.remove(engine, "before_cursor_execute", note)
    return len(seen)
