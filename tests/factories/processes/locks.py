"""In which order transactions lock what they share, seen in the statements that they run on PostgreSQL."""

import re
from typing import Any

from sqlalchemy import event

from app.core.db import Database

_CHANGED = re.compile(r'^(?:UPDATE|DELETE FROM) "?(\w+)')
_HELD = re.compile(r'FOR (?:NO KEY )?UPDATE(?: OF "?(\w+))?')
_FROM = re.compile(r'FROM "?(\w+)')
_UPSERT = re.compile(r'^INSERT INTO "?(\w+)"? .* DO UPDATE')


class LockOrder:
    """What is locked after what, by tables and names of advisory locks, with the statements as examples."""

    def __init__(self, database: Database) -> None:
        self.after: dict[tuple[str, str], str] = {}
        self._open: dict[int, dict[str, str]] = {}
        event.listen(database.write, "before_cursor_execute", self._note)
        for end in ("commit", "rollback"):
            event.listen(database.write, end, self._ended)

    def inversions(self) -> list[str]:
        """Every pair that is locked in both orders."""
        pairs = sorted(pair for pair in self.after if pair < pair[::-1] and pair[::-1] in self.after)
        return [f"{a} and {b}:\n  {self.after[a, b]}\n  {self.after[b, a]}" for a, b in pairs]

    def _note(self, conn: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        text = " ".join(statement.split())
        if (name := _locked(text, given)) is None:
            return
        held = self._open.setdefault(id(conn.connection.dbapi_connection), {})
        if name in held:
            return
        for other, example in held.items():
            self.after.setdefault((other, name), f"{example[:150]} … THEN … {text[:150]}")
        held[name] = text

    def _ended(self, conn: Any) -> None:
        self._open.pop(id(conn.connection.dbapi_connection), None)


def _locked(text: str, given: Any) -> str | None:
    if "pg_advisory_xact_lock" in text:
        values = given.values() if isinstance(given, dict) else given
        name = next(value for value in values if isinstance(value, str))
        return f"hold {name.partition(':')[0]}"
    if found := _CHANGED.match(text) or _UPSERT.match(text):
        return found[1]
    if found := _HELD.search(text):
        of = found[1] or _FROM.search(text)[1]  # type: ignore[index] # it reads from something
        return str(of)
    return None
