"""What `lvyi recount` proves of opinion reports."""

from sqlalchemy import ColumnElement, Connection, and_, func, select

from app.casefiles.steps import undone
from app.core.sql import table
from app.duty import endings, recount
from app.duty.recount import Difference, RecountCheck
from app.opinions.lifecycle import OpinionAction, OpinionState
from app.opinions.models import OpinionReport, OpinionStep

_r, _t = table(OpinionReport), table(OpinionStep)


def _taken(action: OpinionAction) -> ColumnElement[bool]:
    """The reports with a step of `action` that holds."""
    return _r.c.id.in_(select(_t.c.report_id).where(_t.c.action == action, ~undone(_t)))


_done = {
    "opinion.submitted": _r.c.submitted_at.is_not(None),
    "opinion.issued": _taken(OpinionAction.ISSUE),
    "opinion.adopted": _taken(OpinionAction.ADOPT),
    "opinion.commented": _taken(OpinionAction.COMMENT),
}


def _ends(conn: Connection) -> list[Difference]:
    """The state of each report, against the end of its track."""
    track = select(_t.c.to_state).where(_t.c.report_id == _r.c.id)
    end = track.order_by(_t.c.id.desc()).limit(1).scalar_subquery()
    reached = func.coalesce(end, OpinionState.DRAFT)
    rows = conn.execute(select(_r.c.id, _r.c.state, reached).where(_r.c.state != reached))
    return [Difference("社情民意信息状态", str(row[0]), row[1], row[2]) for row in rows]


for kind, done in _done.items():
    credited = and_(done, _r.c.seat_id.is_not(None), _r.c.deleted_at.is_(None))
    recount.register(recount.ledger("社情民意信息与履职记录", kind, _r.c.id, _r.c.seat_id, credited))
recount.register(RecountCheck("社情民意信息状态", _ends))
endings.register("opinion_report", _r, _r.c.state != OpinionState.RETURNED)
