"""Hot statements: written in SQLAlchemy Core, compiled once, run on the driver's own cursor.

Of the time that `conn.execute` takes for a small statement the database has a tenth (docs/performance.md). A
`Prepared` keeps the one thing needed of the rest: values are converted by the types of their columns.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Column, Connection, Dialect, Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import iterate

Convert = Callable[[Any], Any]


class _Bind(NamedTuple):
    """A parameter of the text: the value given as `source`, of a list the `place`th; else the `fixed` value."""

    source: str | None
    place: int | None
    fixed: Any
    convert: Convert | None


class _Text(NamedTuple):
    sql: str
    names: list[str] | None
    binds: list[_Bind]
    columns: list[str]
    converts: list[tuple[int, Convert]]


class Prepared:
    """A statement whose `bindparam`s are given by name at each run; an `expanding` one is given a list."""

    def __init__(self, statement: Executable) -> None:
        self._statement: Any = statement
        found = iterate(statement)  # type: ignore[arg-type] # every statement of Core can be walked
        binds = (bind for bind in found if isinstance(bind, BindParameter))
        self._lists = {bind.key for bind in binds if bind.expanding and bind.required}
        self._texts: dict[object, _Text] = {}

    def rows(self, conn: Connection, **values: Any) -> list[dict[str, Any]]:
        """All rows, by the names of their columns."""
        text, rows = self._run(conn, values)
        return [dict(zip(text.columns, row, strict=True)) for row in rows]

    def tuples(self, conn: Connection, **values: Any) -> list[tuple[Any, ...]]:
        """All rows; none of a statement that returns nothing."""
        return self._run(conn, values)[1]

    def first(self, conn: Connection, **values: Any) -> tuple[Any, ...] | None:
        """The first row; None when there is none."""
        rows = self._run(conn, values)[1]
        return rows[0] if rows else None

    def each(self, conn: Connection, rows: list[dict[str, Any]]) -> None:
        """Run once for each of `rows`, in one round trip; nothing is returned."""
        if rows:
            text = self._text(conn, rows[0])
            _execute(conn, text, [_given(text, values) for values in rows], many=True)

    def scalar(self, conn: Connection, **values: Any) -> Any:
        """The first column of the first row; None when there is none."""
        rows = self._run(conn, values)[1]
        return rows[0][0] if rows else None

    def _run(self, conn: Connection, values: dict[str, Any]) -> tuple[_Text, list[Any]]:
        if self._lists:
            values |= {name: _grown(values[name]) for name in self._lists}
        text = self._text(conn, values)
        rows = _execute(conn, text, _given(text, values))
        if text.converts:
            rows = [list(row) for row in rows]
            for row in rows:
                for place, convert in text.converts:
                    if row[place] is not None:
                        row[place] = convert(row[place])
        return text, rows

    def _text(self, conn: Connection, values: dict[str, Any]) -> _Text:
        key = (conn.dialect.name, *(len(values[name]) for name in self._lists))
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = _compiled(self._statement, conn.dialect, values)
        return text


def _grown(values: list[Any]) -> list[Any]:
    """Lists grow to powers of two by repeating their last value, so that few texts serve all lengths."""
    return values + values[-1:] * ((1 << (len(values) - 1).bit_length()) - len(values))


def _given(text: _Text, values: dict[str, Any]) -> list[Any] | dict[str, Any]:
    given = []
    for source, place, value, convert in text.binds:
        if source is not None:
            value = values[source] if place is None else values[source][place]  # noqa: PLW2901 - else it is fixed
        given.append(convert(value) if convert is not None and value is not None else value)
    return given if text.names is None else dict(zip(text.names, given, strict=True))


def _execute(conn: Connection, text: _Text, given: Any, *, many: bool = False) -> list[Any]:
    raw: Any = conn.connection.dbapi_connection
    if conn._has_events or conn.engine._has_events:  # noqa: SLF001 - as SQLAlchemy asks itself
        for listen in conn.dispatch.before_cursor_execute:
            listen(conn, raw, text.sql, given, None, many)
    try:
        if many:
            raw.cursor().executemany(text.sql, given)
            return []
        cursor = raw.execute(text.sql, given)
        rows: list[Any] = cursor.fetchall() if text.columns else []
    except Exception:
        if getattr(
            raw, "closed", False
        ):  # psycopg's: the server has gone, and with it what else the pool holds
            conn.invalidate()
            conn.engine.dispose()
        raise
    return rows


def _compiled(statement: Any, dialect: Dialect, values: dict[str, Any]) -> _Text:
    compiled: SQLCompiler = statement.compile(dialect=dialect)
    defaults = {
        column.key: _default(column) for column in (*compiled.insert_prefetch, *compiled.update_prefetch)
    }
    state = compiled.construct_expanded_state(values)
    member = {
        name: (of, i) for of, names in state.parameter_expansion.items() for i, name in enumerate(names)
    }
    binds = []
    names = list(state.positiontup) if state.positiontup is not None else list(state.parameters)
    for name in names:
        of, place = member.get(name, (name, None))
        convert = compiled.binds[of].type.dialect_impl(dialect).bind_processor(dialect)
        fixed = None if of in values else defaults.get(name, state.parameters[name])
        binds.append(_Bind(of if of in values else None, place, fixed, convert))
    columns = list(statement.exported_columns)
    processors = [c.type.dialect_impl(dialect).result_processor(dialect, None) for c in columns]
    return _Text(
        state.statement,
        names if state.positiontup is None else None,
        binds,
        [c.key for c in columns],
        [(i, p) for i, p in enumerate(processors) if p is not None],
    )


def _default(column: Column[Any]) -> object:
    default: Any = column.default
    if not default.is_scalar:
        raise ValueError(f"{column} has no constant default and is to be given")
    return default.arg
