"""Find suggestions by words of the text."""

from sqlalchemy import Connection, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.finding import MOST, Hit, contains_words
from app.core.sql import table
from app.findings.lifecycle import LIFECYCLE, SOURCES, FindingState
from app.findings.models import Finding
from app.findings.queries import EXCERPT, visible_to

_f = table(Finding)


def find(conn: Connection, actor: Actor, text: str) -> list[Hit]:
    """The newest whose text has the words."""
    if not actor.may(Permission.FINDING_READ):
        return []
    rows = conn.execute(
        select(_f.c.id, _f.c.body, _f.c.source, _f.c.state)
        .where(visible_to(actor), contains_words(_f.c.body, text))
        .order_by(_f.c.id.desc())
        .limit(MOST)
    )
    return [
        Hit(
            "finding",
            "意见建议",
            " ".join(row.body.split())[:EXCERPT],
            f"{SOURCES[row.source].label} · {LIFECYCLE.labels[FindingState(row.state)]}",
            f"/api/v1/findings/{row.id}",
        )
        for row in rows
    ]
