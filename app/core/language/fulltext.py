"""Word search alike on both databases: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL.

A caller cuts texts and queries into tokens itself and hands over tokens only, which hold no blanks, quotes or ASCII
signs: no tokenizer, locale or Unicode version of a database has a say, and nothing that a person typed is parsed.
Beside the index stands a table of how many documents hold each token, for who looks for what is rare.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select, bindparam, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite

from app.core.sql import Id

#: Tokens of a document that are searched: PostgreSQL numbers no more places than 16,383.
MOST_TOKENS = 16_000
#: Under this term stands how many documents there are.
ALL = ""


@dataclass(frozen=True)
class SearchPhrase:
    """Tokens that follow each other; of an `open` one the last token may go on."""

    tokens: tuple[str, ...]
    open: bool = False


class WordIndex:
    """The index in the tables whose names begin with `name`; the migrations make them.

    One transaction at a time may write: the caller holds others off.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        tables = sa.MetaData()
        self._index = sa.Table(
            name,
            tables,
            sa.Column("rowid", Id, primary_key=True),
            sa.Column("tokens", sa.Text),
            sa.Column(name, sa.Text),  # where FTS5 takes commands
        )
        self._terms = sa.Table(
            f"{name}_terms",
            tables,
            sa.Column("term", sa.Text, primary_key=True),
            sa.Column("documents", sa.Integer, nullable=False),
        )

    def owns(self, table: str) -> bool:
        """Whether a table belongs to the index, those that FTS5 makes beside it included."""
        return table.startswith(self.name)

    def add(self, conn: Connection, documents: Mapping[int, Sequence[str]]) -> None:
        """Index documents by id that are not in the index."""
        rows = [{"id": i, "stored": _stored(conn, tokens)} for i, tokens in documents.items()]
        if rows:
            conn.execute(self._adding[conn.dialect.name], rows)
        self._count(conn, documents, 1)

    def remove(self, conn: Connection, documents: Mapping[int, Sequence[str]]) -> None:
        """Take documents out; FTS5, which keeps no copy, is told of the tokens with which they came in."""
        rows = [{"id": i, "stored": _stored(conn, tokens)} for i, tokens in documents.items()]
        if not rows:
            return
        if conn.dialect.name == "sqlite":
            conn.execute(self._deleting, rows)
        else:
            conn.execute(sa.delete(self._index).where(self._index.c.rowid.in_(documents)))
        self._count(conn, documents, -1)

    def clear(self, conn: Connection) -> None:
        """Take everything out."""
        if conn.dialect.name == "sqlite":
            conn.execute(sa.insert(self._index).values({self.name: "delete-all"}))
        else:
            conn.execute(sa.delete(self._index))
        conn.execute(sa.delete(self._terms))

    def documents(self, conn: Connection, terms: Collection[str]) -> dict[str, int]:
        """How many documents hold each of `terms`; those that stand in none are left out."""
        t = self._terms
        rows = conn.execute(select(t.c.term, t.c.documents).where(t.c.term.in_(terms), t.c.documents > 0))
        return {term: documents for term, documents in rows}  # noqa: C416 - rows are no pairs to mypy

    def matching(self, conn: Connection, phrases: Sequence[SearchPhrase]) -> Select[int]:
        """The ids of the documents in which all of `phrases` stand."""
        of = _fts5 if conn.dialect.name == "sqlite" else _tsquery
        query = (" AND " if conn.dialect.name == "sqlite" else " & ").join(map(of, phrases))
        return select(self._index.c.rowid.label("id")).where(self._holds(conn, sa.literal(query)))

    def sharing(self, conn: Connection, weights: Mapping[str, float]) -> Select[tuple[int, float]]:
        """The `id` of each document that holds any of these terms, and the sum of their weights as `weight`."""
        of = _fts5 if conn.dialect.name == "sqlite" else _tsquery
        rows = [(of(SearchPhrase((term,))), weight) for term, weight in weights.items()]
        wanted = (
            sa.values(sa.column("query", sa.Text), sa.column("weight", sa.Float), name="wanted")
            .data(rows)
            .cte("wanted")
        )
        return (
            select(self._index.c.rowid.label("id"), func.sum(wanted.c.weight).label("weight"))
            .select_from(wanted.join(self._index, self._holds(conn, wanted.c.query)))
            .group_by(self._index.c.rowid)
        )

    def _holds(self, conn: Connection, query: ColumnElement[str]) -> ColumnElement[bool]:
        tokens = self._index.c.tokens
        if conn.dialect.name == "sqlite":
            return tokens.bool_op("MATCH")(query)
        return tokens.bool_op("@@")(cast(query, postgresql.TSQUERY))

    @cached_property
    def _adding(self) -> dict[str, sa.Insert]:
        new, stored = sa.insert(self._index), bindparam("stored", type_=sa.Text)
        return {
            "sqlite": new.values(rowid=bindparam("id"), tokens=stored),
            "postgresql": new.values(rowid=bindparam("id"), tokens=cast(stored, postgresql.TSVECTOR)),
        }

    @cached_property
    def _deleting(self) -> sa.Insert:
        row = {self.name: sa.literal("delete"), "rowid": bindparam("id"), "tokens": bindparam("stored")}
        return sa.insert(self._index).values(row)

    @cached_property
    def _counting(self) -> dict[str, sa.Insert]:
        t = self._terms
        one = sqlite.insert(t)
        terms = bindparam("terms", type_=postgresql.ARRAY(sa.Text))
        numbers = bindparam("numbers", type_=postgresql.ARRAY(sa.Integer))
        unnested = select(func.unnest(terms).label("term"), func.unnest(numbers).label("documents"))
        many = postgresql.insert(t).from_select(["term", "documents"], unnested)
        more, key = {"documents": t.c.documents + sa.literal_column("excluded.documents")}, ["term"]
        return {
            "sqlite": one.on_conflict_do_update(index_elements=key, set_=more),
            "postgresql": many.on_conflict_do_update(index_elements=key, set_=more),
        }

    def _count(self, conn: Connection, documents: Mapping[int, Sequence[str]], by: int) -> None:
        counted = Counter(term for tokens in documents.values() for term in {ALL, *tokens[:MOST_TOKENS]})
        terms = sorted(counted)
        if not terms:
            return
        if conn.dialect.name == "sqlite":
            conn.execute(self._counting["sqlite"], [{"term": t, "documents": by * counted[t]} for t in terms])
        else:
            numbers = [by * counted[term] for term in terms]
            conn.execute(self._counting["postgresql"], {"terms": terms, "numbers": numbers})


def _stored(conn: Connection, tokens: Sequence[str]) -> str:
    tokens = tokens[:MOST_TOKENS]
    if conn.dialect.name == "sqlite":
        return " ".join(tokens)
    places: dict[str, list[str]] = {}
    for place, token in enumerate(tokens, 1):
        places.setdefault(token, []).append(str(place))
    return " ".join(f"'{token}':{','.join(found)}" for token, found in places.items())


def _fts5(phrase: SearchPhrase) -> str:
    return f'"{" ".join(phrase.tokens)}"' + ("*" if phrase.open else "")


def _tsquery(phrase: SearchPhrase) -> str:
    words = " <-> ".join(f"'{token}'" for token in phrase.tokens)
    return f"({words}{':*' if phrase.open else ''})"
