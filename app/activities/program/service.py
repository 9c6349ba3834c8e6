"""Writes agendas and papers."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlmodel import Session

from app.activities.program.models import ActivityPaper, AgendaItem
from app.activities.program.schemas import AgendaLine, PaperFile
from app.auth.actor import Actor
from app.core.errors import Invalid
from app.core.sql import table
from app.files.service import attach, detach

_i, _p = table(AgendaItem), table(ActivityPaper)


def write_agenda(db: Session, activity_id: int, agenda: Sequence[AgendaLine]) -> None:
    """Replace the agenda of an activity."""
    conn = db.connection()
    conn.execute(delete(_i).where(_i.c.activity_id == activity_id))
    if agenda:
        rows = [{"activity_id": activity_id, "position": n, **i.model_dump()} for n, i in enumerate(agenda)]
        conn.execute(insert(_i), rows)


def write_papers(db: Session, actor: Actor, activity_id: int, papers: Sequence[PaperFile]) -> bool:
    """Replace the papers of an activity; whether anything changed.

    A paper that stays may have been uploaded by a colleague: only new files must be the actor's own.
    """
    conn, subject, here = db.connection(), ("activity", activity_id), _p.c.activity_id == activity_id
    rows = conn.execute(select(_p.c.title, _p.c.file_key).where(here).order_by(_p.c.position)).all()
    before = [(row.title, row.file_key) for row in rows]
    after = [(paper.title, paper.file_key) for paper in papers]
    if after == before:
        return False
    keys = [key for _, key in after]
    if len(set(keys)) != len(keys):
        raise Invalid("同一个文件只能列一次。", code="paper_twice")
    known = {key for _, key in before}
    attach(db, actor, [key for key in keys if key not in known], subject)
    detach(db, subject, keep=keys)
    conn.execute(delete(_p).where(here))
    if papers:
        values = [{"activity_id": activity_id, "position": n, **p.model_dump()} for n, p in enumerate(papers)]
        conn.execute(insert(_p), values)
    return True
