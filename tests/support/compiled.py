"""What SQLAlchemy compiles, shared by the databases of all tests of a process."""

from sqlalchemy import Engine

from app.core.db import Database

#: The first engine of each kind in this process.
_first: dict[tuple[str, str], Engine] = {}


def share_compiled(database: Database) -> None:
    """Let engines of one kind share what SQLAlchemy compiles: compiling anew for each test took a quarter of the run."""
    for use, engine in (("write", database.write), ("read", database.read)):
        first = _first.get((engine.dialect.name, use))
        if first is None:
            with engine.connect():  # the dialect learns what the server is
                _first[engine.dialect.name, use] = engine
            continue
        engine.dialect = first.dialect
        engine.pool._dialect = first.dialect
        engine._compiled_cache = first._compiled_cache
