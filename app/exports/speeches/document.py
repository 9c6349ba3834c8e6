"""The book of a call's chosen speeches (大会发言材料汇编): contents, oral ones in their order, then written ones."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from app.auth.actor import Actor
from app.core.sql import AnyRow, table
from app.exports.proposals.document import file_name, paragraphs
from app.exports.renderers.document import Document, DocumentTable, Text
from app.people.models import Organization
from app.speeches import queries
from app.speeches.calls import queries as calls

_o = table(Organization)


def book(conn: Connection, actor: Actor, call_id: int) -> Document:
    """The book; `NotFound` when the actor may not see the call."""
    of = calls.read(conn, actor, call_id)
    organization = conn.execute(select(_o.c.name).where(_o.c.id == actor.organization_id)).scalar_one()
    chosen = queries.chosen(conn, actor, call_id)
    contents = tuple(
        (str(number), row.title, _speaker(row), "书面" if row.place is None else "口头")
        for number, row in enumerate(chosen, 1)
    )
    return Document(
        name=file_name(of["name"], "发言材料汇编"),
        author=organization,
        blocks=(
            Text("issuer", organization),
            Text("title", f"{of['name']}材料汇编"),
            Text("caption", "目录" if chosen else "还没有选用的发言"),
            DocumentTable(rows=contents, widths=(1, 7, 5, 2), head=("序号", "题目", "发言人", "形式")),
            *(text for row in chosen for text in _chapter(row)),
        ),
    )


def _speaker(row: AnyRow) -> str:
    return f"{row.body_name}　{row.author}" if row.body_name else str(row.author)


def _chapter(row: AnyRow) -> Iterator[Text]:
    yield Text("chapter", row.title)
    yield Text("label", _speaker(row))
    yield from paragraphs(row.body)
