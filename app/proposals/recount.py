"""What `lvyi recount` proves of proposals."""

from sqlalchemy import Connection, and_, func, select

from app.core.sql import table
from app.duty import recount
from app.duty.recount import Difference, RecountCheck
from app.proposals.lifecycle import ProposalState
from app.proposals.models import Proposal, ProposalSigner, ProposalStep, ProposalWindow

_p, _s, _t, _w = table(Proposal), table(ProposalSigner), table(ProposalStep), table(ProposalWindow)
_signed = and_(_s.c.proposal_id == _p.c.id, _s.c.state == "accepted", _p.c.deleted_at.is_(None))
_credited = {
    "proposal.submitted": _p.c.submitted_at.is_not(None)
    & _s.c.merged_from_id.is_(None),  # they submitted their own
    "proposal.filed": _p.c.filed_at.is_not(None),
    "proposal.marked_key": _p.c.is_key,
    "proposal.commended": _p.c.is_commended,
}


def _ends(conn: Connection) -> list[Difference]:
    """The state of each proposal, against the end of its track."""
    track = select(_t.c.to_state).where(_t.c.proposal_id == _p.c.id)
    end = track.order_by(_t.c.id.desc()).limit(1).scalar_subquery()
    reached = func.coalesce(end, ProposalState.DRAFT)
    rows = conn.execute(select(_p.c.id, _p.c.state, reached).where(_p.c.state != reached))
    return [Difference("提案状态", str(row[0]), row[1], row[2]) for row in rows]


for kind, done in _credited.items():
    recount.register(
        recount.ledger("提案与履职记录", kind, _s.c.proposal_id, _s.c.seat_id, and_(_signed, done))
    )
recount.register(RecountCheck("提案状态", _ends))
_numbers = select(_p.c.window_id, func.max(_p.c.number)).group_by(_p.c.window_id)
recount.register(recount.counter("提案编号", _w, "last_number", _numbers))
