"""What `lvyi recount` proves of visits."""

from app.contacts.models import Visit
from app.core.sql import table
from app.duty import recount

_v = table(Visit)

recount.register(
    recount.ledger("走访与履职记录", "visit.made", _v.c.id, _v.c.seat_id, _v.c.withdrawn_at.is_(None))
)
