"""Find opinion reports by words of the title."""

from sqlalchemy import Connection, FromClause, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.finding import MOST, Hit, contains_words
from app.core.sql import table
from app.opinions.lifecycle import KIND_LABELS, LABELS
from app.opinions.models import OpinionReport, OpinionVersion
from app.opinions.queries import visible_to

_r, _v = table(OpinionReport), table(OpinionVersion)


def find(conn: Connection, actor: Actor, text: str) -> list[Hit]:
    """The newest whose title has the words: for editors as they write it, for others as it was released."""
    if not actor.may(Permission.OPINION_READ):
        return []
    source: FromClause = _r
    title = _r.c.title
    if actor.may(Permission.OPINION_EDIT):
        source = _r.join(_v, (_v.c.report_id == _r.c.id) & (_v.c.version == _r.c.version))
        title = _v.c.title
    rows = conn.execute(
        select(_r.c.id, title, _r.c.state, _r.c.kind)
        .select_from(source)
        .where(visible_to(actor), contains_words(title, text))
        .order_by(_r.c.id.desc())
        .limit(MOST)
    )
    return [
        Hit(
            "opinion_report",
            "社情民意信息",
            row.title or "（未写标题）",
            f"{KIND_LABELS[row.kind]} · {LABELS[row.state]}",
            f"/api/v1/opinions/{row.id}",
        )
        for row in rows
    ]
