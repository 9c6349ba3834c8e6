"""Collects the rows of all tables and writes them in batches, parents before children."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from sqlalchemy import ColumnDefault, Connection, Table
from sqlmodel import SQLModel

from app.core.schema.migrations import load_models
from app.core.sql import ids_were_given, load, table

#: Rows held before they are written: bounds the memory of a city of any size.
BATCH = 20_000

Add = Callable[[tuple[Any, ...]], None]


class _Batch:
    """The rows of one table that wait to be written; columns not named get their constant default."""

    def __init__(self, target: Table, columns: list[str]) -> None:
        rest = [c for c in target.columns if c.name not in columns and not c.nullable]
        fixed = [c for c in rest if isinstance(c.default, ColumnDefault) and c.default.is_scalar]
        if missing := {c.name for c in rest if c not in fixed and c is not target.autoincrement_column}:
            raise ValueError(f"{target.name} needs {sorted(missing)}")
        self.target, self.named = target, columns
        self._columns = [*columns, *(c.name for c in fixed)]
        self._constants = tuple(c.default.arg for c in fixed if isinstance(c.default, ColumnDefault))
        self.rows: list[tuple[Any, ...]] = []

    def write(self, conn: Connection) -> int:
        """Bring the rows in; how many they were."""
        load(conn, self.target, self._columns, (row + self._constants for row in self.rows))
        written = len(self.rows)
        self.rows.clear()
        return written


class Rows:
    """The open batch of one filling."""

    def __init__(self, conn: Connection, written: Callable[[int], None]) -> None:
        self.conn = conn
        self.written = written
        load_models()  # tables without demo rows too: others refer to them
        self._order = SQLModel.metadata.sorted_tables
        self._batches: dict[Table, _Batch] = {}
        self._ids: dict[Table, count[int]] = {}

    def into(self, model: type[SQLModel], columns: str) -> Add:
        """A function that adds one row to a table, with values for `columns` in their order."""
        target, names = table(model), columns.split()
        batch = self._batches.setdefault(target, _Batch(target, names))
        if batch.named != names:
            raise ValueError(f"{target.name} is filled with two sets of columns")
        return batch.rows.append

    def ids(self, model: type[SQLModel]) -> Callable[[], int]:
        """A function that gives the next id of a table."""
        return self._ids.setdefault(table(model), count(1)).__next__

    def step(self) -> None:
        """Write when the batch is full; called between things that belong together."""
        if sum(len(batch.rows) for batch in self._batches.values()) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write all rows collected so far."""
        for target in self._order:
            batch = self._batches.get(target)
            if batch and batch.rows:
                self.written(batch.write(self.conn))

    @contextmanager
    def without_indexes(self, *models: type[SQLModel]) -> Iterator[None]:
        """Build the indexes of large tables once, after their rows: several times faster."""
        indexes = [
            index for model in models for index in sorted(table(model).indexes, key=lambda i: str(i.name))
        ]
        for index in indexes:
            index.drop(self.conn)
        yield
        self.flush()
        for index in indexes:
            index.create(self.conn)

    def finish(self) -> None:
        """Write what is left and let the databases go on counting ids."""
        self.flush()
        for target in self._ids:
            ids_were_given(self.conn, target)
