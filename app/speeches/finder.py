"""Find speeches by words of the title."""

from sqlalchemy import Connection, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.finding import MOST, Hit, contains_words
from app.core.sql import table
from app.speeches.lifecycle import LIFECYCLE, SpeechState
from app.speeches.models import Speech
from app.speeches.visible import visible_to

_s = table(Speech)


def find(conn: Connection, actor: Actor, text: str) -> list[Hit]:
    """The newest whose title has the words."""
    if not actor.may(Permission.SPEECH_READ):
        return []
    rows = conn.execute(
        select(_s.c.id, _s.c.title, _s.c.state)
        .where(visible_to(actor), contains_words(_s.c.title, text))
        .order_by(_s.c.id.desc())
        .limit(MOST)
    )
    return [
        Hit(
            "speech",
            "大会发言",
            row.title,
            LIFECYCLE.labels[SpeechState(row.state)],
            f"/api/v1/speeches/{row.id}",
        )
        for row in rows
    ]
