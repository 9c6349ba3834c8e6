"""Who may see replies, and how far an office of one committee reaches in threads."""

from collections.abc import Collection

from sqlalchemy import Connection, literal, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.subjects import Subject
from app.core.sql import table
from app.people.offices.scope import reach
from app.threads.models import Reply, Thread
from app.threads.queries import shown
from app.threads.rules import rule_of

_t, _r = table(Thread), table(Reply)


def toward(conn: Connection, actor: Actor, subject: tuple[str, int]) -> Actor:
    """The actor as it stands toward what is said under a subject: an office of one committee hides only there."""
    return reach(conn, actor).toward(rule_of(subject[0]).host(conn, subject[1])) if actor.limited else actor


def standing(
    conn: Connection, asked: Collection[tuple[Actor, tuple[str, int]]]
) -> dict[tuple[Actor, tuple[str, int]], Actor]:
    """As `toward`, for many."""
    return {(actor, subject): toward(conn, actor, subject) for actor, subject in asked}


def visible_replies(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which replies are shown, or hidden but open to the actor, in threads that the actor may see."""
    own = _r.c.account_id == actor.account_id
    hidden = literal(actor.may(Permission.CONTENT_HIDE)) | own
    limited = (
        (_r.c.hidden_at.is_not(None) & ~own) if Permission.CONTENT_HIDE in actor.limited else literal(False)
    )
    found = conn.execute(
        select(_r.c.id, _t.c.subject_type, _t.c.subject_id, limited.label("limited"))
        .join(_t, _t.c.id == _r.c.thread_id)
        .where(
            _r.c.id.in_(ids),
            _t.c.organization_id == actor.organization_id,
            shown | (hidden & _r.c.deleted_at.is_(None)),
        )
    ).all()
    rows = [
        row
        for row in found
        if not row.limited
        or toward(conn, actor, (row.subject_type, row.subject_id)).may(Permission.CONTENT_HIDE)
    ]
    seen: set[int] = set()
    for kind in {row.subject_type for row in rows}:
        mine = [row for row in rows if row.subject_type == kind]
        open_ids = subjects.visible(conn, actor, kind, {row.subject_id for row in mine})
        seen |= {row.id for row in mine if row.subject_id in open_ids}
    return seen


#: Characters of a reply that stand for it elsewhere.
EXCERPT = 40
_titles = subjects.excerpted(_r.c.id, _r.c.body, EXCERPT)
subjects.register(Subject("reply", "回复", visible_replies, "/api/v1/replies/{id}", titles=_titles))
