"""Find matters by words of the title."""

from sqlalchemy import Connection, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.consultations.matters.lifecycle import LIFECYCLE, SOURCE_LABELS, MatterSource, MatterState
from app.consultations.matters.models import Matter
from app.consultations.matters.rights import visible_to
from app.core.finding import MOST, Hit, contains_words
from app.core.sql import table

_m = table(Matter)


def find(conn: Connection, actor: Actor, text: str) -> list[Hit]:
    """The newest whose title has the words."""
    if not actor.may(Permission.MATTER_READ):
        return []
    rows = conn.execute(
        select(_m.c.id, _m.c.title, _m.c.source, _m.c.state)
        .where(visible_to(actor), contains_words(_m.c.title, text))
        .order_by(_m.c.id.desc())
        .limit(MOST)
    )
    return [
        Hit(
            "matter",
            "协商议题",
            row.title,
            f"{SOURCE_LABELS[MatterSource(row.source)]}提出 · {LIFECYCLE.labels[MatterState(row.state)]}",
            f"/api/v1/matters/{row.id}",
        )
        for row in rows
    ]
