"""What `lvyi recount` proves of opinion reports."""

from sqlalchemy import Connection, and_, func, select

from app.core.sql import table
from app.duty import recount
from app.duty.recount import Check, Difference
from app.opinions.lifecycle import Action, State
from app.opinions.models import OpinionReport, OpinionStep

_r, _t = table(OpinionReport), table(OpinionStep)
_done = {
    "opinion.submitted": _r.c.submitted_at.is_not(None),
    "opinion.adopted": _r.c.state == State.ADOPTED,
    "opinion.commented": _r.c.id.in_(select(_t.c.report_id).where(_t.c.action == Action.COMMENT)),
}


def _ends(conn: Connection) -> list[Difference]:
    """The state of each report, against the end of its track."""
    track = select(_t.c.to_state).where(_t.c.report_id == _r.c.id)
    end = track.order_by(_t.c.id.desc()).limit(1).scalar_subquery()
    reached = func.coalesce(end, State.DRAFT)
    rows = conn.execute(select(_r.c.id, _r.c.state, reached).where(_r.c.state != reached))
    return [Difference("社情民意信息状态", str(row[0]), row[1], row[2]) for row in rows]


for kind, done in _done.items():
    recount.register(
        recount.ledger(
            "社情民意信息与履职记录", kind, _r.c.id, _r.c.seat_id, and_(done, _r.c.deleted_at.is_(None))
        )
    )
recount.register(Check("社情民意信息状态", _ends))
