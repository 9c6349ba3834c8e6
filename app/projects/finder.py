"""Find projects by words of the title."""

from sqlalchemy import Connection, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.finding import MOST, Hit, contains_words
from app.core.sql import table
from app.projects.lifecycle import LIFECYCLE, ProjectState
from app.projects.models import Project
from app.projects.queries import visible_to

_p = table(Project)


def find(conn: Connection, actor: Actor, text: str) -> list[Hit]:
    """The newest whose title has the words."""
    if not actor.may(Permission.PROJECT_READ):
        return []
    rows = conn.execute(
        select(_p.c.id, _p.c.title, _p.c.campaign, _p.c.state)
        .where(visible_to(actor), contains_words(_p.c.title, text))
        .order_by(_p.c.id.desc())
        .limit(MOST)
    )
    return [
        Hit(
            "project",
            "办实事项目",
            row.title,
            f"{row.campaign} · {LIFECYCLE.labels[ProjectState(row.state)]}",
            f"/api/v1/projects/{row.id}",
        )
        for row in rows
    ]
