"""Lists in an order of the reader's choice: keyset pages over one column, rows without a value last, ties by id."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_

from app.core.errors import Invalid
from app.core.paging import decode_cursor, encode_cursor


@dataclass(frozen=True)
class Order:
    """Sort by `column`, whose values are of type `kind`, then by `id_column`; both `descending` or neither.

    A cursor carries `name`, so that one of another order is refused.
    """

    name: str
    column: ColumnElement[Any]
    id_column: ColumnElement[int]
    kind: type
    descending: bool

    @property
    def by(self) -> list[ColumnElement[Any]]:
        """What to ORDER BY; the databases differ in where they put NULL, so that it is a key of its own."""
        keys = [self.column.is_(None), self.column, self.id_column]
        return [keys[0], *(key.desc() for key in keys[1:])] if self.descending else keys

    def after(self, cursor: str) -> ColumnElement[bool]:
        """The rows that follow a cursor; `Invalid` when it is not of this order."""
        value, row_id = self._decoded(cursor)
        later = self._beyond(self.id_column, row_id)
        if value is None:
            return and_(self.column.is_(None), later)
        at = literal(value, type_=self.column.type)
        return or_(self._beyond(self.column, at), and_(self.column == at, later), self.column.is_(None))

    def cursor(self, value: str | int | date | None, row_id: int) -> str:
        """The cursor behind a row."""
        return encode_cursor(self.name, row_id) if value is None else encode_cursor(self.name, value, row_id)

    def _beyond(self, column: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
        beyond: ColumnElement[bool] = column < value if self.descending else column > value
        return beyond

    def _decoded(self, cursor: str) -> tuple[Any, int]:
        try:
            name, value, row_id = decode_cursor(cursor, str, self.kind, int)
        except Invalid:
            name, row_id = decode_cursor(cursor, str, int)
            value = None
        if name != self.name:
            raise Invalid("翻页参数无效，请从第一页重新开始。", code="bad_cursor")
        return value, row_id
