"""An output in the official layout: a red head, number, title, whom it goes to, text, in whose name, day, copies."""

from typing import Any

from sqlalchemy import Connection, select

from app.auth.actor import Actor
from app.core import clock
from app.core.sql import table
from app.exports.proposals.document import attachment_list, file_name, paragraphs
from app.exports.renderers.document import Document, DocumentTable, Text, Together
from app.outputs import queries
from app.outputs.lifecycle import UPWARD
from app.people.models import Organization

_o = table(Organization)


def paper(conn: Connection, actor: Actor, output_id: int) -> Document:
    """An output as a document; `NotFound` when the actor may not see it.

    Before it is issued its state stands in the place of the number, and it has no day.
    """
    of = queries.read(conn, actor, output_id)
    organization = conn.execute(select(_o.c.name).where(_o.c.id == actor.organization_id)).scalar_one()
    is_issued = of["state"] in UPWARD
    number = of["number_label"] if is_issued else f"（{of['kind_label']}　{of['state_label']}）"
    to = "、".join([*of["addressees"].split("\n"), *(unit["name"] for unit in of["units"])]).strip("、")
    closing = [Text("closing", organization)]
    if is_issued:
        closing.append(Text("closing", clock.in_words(of["issued_on"])))
    *body, last = (*paragraphs(of["body"]), *attachment_list(file["name"] for file in of["files"]))
    return Document(
        name=file_name(number, of["title"]),
        author=organization,
        blocks=(
            Text("issuer", organization),
            Text("number", number),
            Text("title", of["title"]),
            *([Text("left", f"{to}：")] if to else []),
            *body,
            Together((last, *closing)),  # no page that holds a signature alone
            DocumentTable(rows=_foot(of), widths=(2, 9), labels=(0,)),
        ),
    )


def _foot(of: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    names = [author["name"] for author in of["authors"]]
    known = (
        ("署名", "、".join(filter(None, [of["body_name"], *names]))),
        ("抄送", of["copies"].replace("\n", "、")),
    )
    return tuple((label, value) for label, value in known if value)
