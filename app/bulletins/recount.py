"""What `lvyi recount` proves of bulletins: what is kept of each is what its frozen records add up to."""

from sqlalchemy import Connection, select

from app.bulletins import counting
from app.bulletins.models import Bulletin, BulletinCount
from app.bulletins.queries import frozen
from app.core.sql import table
from app.duty.recount import Difference, RecountCheck, register

_b, _n = table(Bulletin), table(BulletinCount)
_KEY = ("duty_year", "dimension", "name", "kind")
_SAID = ("records", "subjects", "members", "quantity", "measures")


def _differences(conn: Connection) -> list[Difference]:
    found = []
    for row in conn.execute(select(_b).where(_b.c.counted_at.is_not(None)).order_by(_b.c.id)).all():
        kept = conn.execute(select(_n).where(_n.c.bulletin_id == row.id)).mappings().all()
        stored = {tuple(cell[name] for name in _KEY): tuple(cell[name] for name in _SAID) for cell in kept}
        counted = {
            tuple(cell[name] for name in _KEY): tuple(cell[name] for name in _SAID)
            for cell in counting.cells(conn, frozen(row))
        }
        for key in sorted(stored.keys() | counted.keys()):
            if stored.get(key) != counted.get(key):
                where = " ".join(str(part) for part in (row.id, *key) if part != "")
                found.append(Difference("年度通报", where, stored.get(key), counted.get(key)))
    return found


register(RecountCheck("年度通报", _differences))
