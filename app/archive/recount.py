"""What `lvyi recount` proves of claims."""

from sqlalchemy import Connection, func, select

from app.archive.lifecycle import ClaimState
from app.archive.models import Claim, ClaimStep
from app.core.sql import table
from app.duty.recount import Difference, RecountCheck, register

_c, _t = table(Claim), table(ClaimStep)


def _ends(conn: Connection) -> list[Difference]:
    """The state of each claim, against the end of its track."""
    track = select(_t.c.to_state).where(_t.c.claim_id == _c.c.id)
    reached = func.coalesce(track.order_by(_t.c.id.desc()).limit(1).scalar_subquery(), ClaimState.WAITING)
    rows = conn.execute(select(_c.c.id, _c.c.state, reached).where(_c.c.state != reached))
    return [Difference("履职申报状态", str(row[0]), row[1], row[2]) for row in rows]


register(RecountCheck("履职申报状态", _ends))
