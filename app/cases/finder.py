"""Find cases by words of the title."""

from sqlalchemy import Connection, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.cases.lifecycle import LIFECYCLE, CaseState
from app.cases.models import DutyCase
from app.cases.queries import visible_to
from app.cases.rules import KIND_LABELS, CaseKind
from app.core.finding import MOST, Hit, contains_words
from app.core.sql import table

_c = table(DutyCase)


def find(conn: Connection, actor: Actor, text: str) -> list[Hit]:
    """The newest whose title has the words."""
    if not actor.may(Permission.CASE_READ):
        return []
    rows = conn.execute(
        select(_c.c.id, _c.c.title, _c.c.kind, _c.c.state)
        .where(visible_to(actor), contains_words(_c.c.title, text))
        .order_by(_c.c.id.desc())
        .limit(MOST)
    )
    return [
        Hit(
            "case",
            "履职呼叫和问题",
            row.title,
            f"{KIND_LABELS[CaseKind(row.kind)]} · {LIFECYCLE.labels[CaseState(row.state)]}",
            f"/api/v1/cases/{row.id}",
        )
        for row in rows
    ]
