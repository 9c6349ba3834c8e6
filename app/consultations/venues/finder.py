"""Find venues by words of the name."""

from sqlalchemy import Connection, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.consultations.venues.models import Venue
from app.consultations.venues.queries import visible_to
from app.consultations.venues.rules import KIND_LABELS, VenueKind
from app.core.finding import MOST, Hit, contains_words
from app.core.sql import table

_v = table(Venue)


def find(conn: Connection, actor: Actor, text: str) -> list[Hit]:
    """The first of the tree whose name has the words."""
    if not actor.may(Permission.VENUE_READ):
        return []
    rows = conn.execute(
        select(_v.c.id, _v.c.name, _v.c.kind, _v.c.place)
        .where(visible_to(actor), contains_words(_v.c.name, text))
        .order_by(_v.c.branch)
        .limit(MOST)
    )
    return [
        Hit(
            "venue",
            "议事场所",
            row.name,
            " · ".join(filter(None, (KIND_LABELS[VenueKind(row.kind)], row.place))),
            f"/api/v1/venues/{row.id}",
        )
        for row in rows
    ]
