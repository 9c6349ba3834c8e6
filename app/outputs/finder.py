"""Find outputs by words of the title."""

from sqlalchemy import Connection, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.finding import MOST, Hit, contains_words
from app.core.sql import table
from app.outputs.lifecycle import KIND_LABELS, LIFECYCLE, OutputKind, OutputState, number_label
from app.outputs.models import Output
from app.outputs.queries import visible_to

_o = table(Output)


def find(conn: Connection, actor: Actor, text: str) -> list[Hit]:
    """The newest whose title has the words."""
    if not actor.may(Permission.OUTPUT_READ):
        return []
    rows = conn.execute(
        select(_o.c.id, _o.c.title, _o.c.kind, _o.c.state, _o.c.issue_year, _o.c.issue_number)
        .where(visible_to(actor), contains_words(_o.c.title, text))
        .order_by(_o.c.id.desc())
        .limit(MOST)
    )
    return [
        Hit(
            "output",
            "成果件",
            row.title,
            f"{number_label(row.kind, row.issue_year, row.issue_number) or KIND_LABELS[OutputKind(row.kind)]}"
            f" · {LIFECYCLE.labels[OutputState(row.state)]}",
            f"/api/v1/outputs/{row.id}",
        )
        for row in rows
    ]
