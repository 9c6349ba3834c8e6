"""What is open in a proposal, and what may be behind its end: a promise of the last reply, and its second rating."""

from sqlalchemy import and_, case, literal, or_, select

from app.core.sql import alias, table
from app.duty import endings
from app.proposals.assignments.lifecycle import DONE, GONE, AssignmentState
from app.proposals.assignments.models import (
    ProposalAssignment,
    ProposalCommitment,
    ProposalConsultation,
    ProposalDeadline,
    ProposalReply,
)
from app.proposals.assignments.rules import DeadlineKind
from app.proposals.lifecycle import EDITABLE, ENDS, UNDER_REVIEW, ProposalState
from app.proposals.models import Proposal, ProposalSigner
from app.proposals.talks.lifecycle import Talk

_p, _s, _a, _d = table(Proposal), table(ProposalSigner), table(ProposalAssignment), table(ProposalDeadline)
_c, _r, _t = table(ProposalCommitment), table(ProposalReply), table(ProposalConsultation)

open_deadline = and_(_d.c.met_on.is_(None), _d.c.lifted_on.is_(None))
#: Deadlines that go on when a proposal is closed: somebody still has to, or may, do what they name.
outlives = _d.c.kind.in_([DeadlineKind.COMMITMENT, DeadlineKind.RATE_AGAIN])
_ended = or_(_p.c.state.in_(ENDS), _p.c.deleted_at.is_not(None))
_promised = select(_c.c.id).where(_c.c.id == _d.c.commitment_id, _c.c.state == "open").exists()
_closed = and_(_p.c.state == ProposalState.CLOSED, _p.c.deleted_at.is_(None))
_work_over = (
    select(_a.c.id)
    .where(_a.c.id == _d.c.assignment_id, _a.c.state.in_(DONE - {AssignmentState.REPLIED}))
    .exists()
)
_deadline_over = case(
    (_d.c.kind == DeadlineKind.COMMITMENT, ~_promised),
    else_=or_(_work_over, and_(_ended, ~and_(_closed, outlives))),
)
_newer = alias(_r, "newer")
_replaced = select(_newer.c.id).where(
    _newer.c.assignment_id == _r.c.assignment_id,
    _newer.c.round > _r.c.round,
    _newer.c.replied_at.is_not(None),
)
_promises = (
    _c.join(_p, _p.c.id == _c.c.proposal_id)
    .join(_r, _r.c.id == _c.c.reply_id)
    .join(_a, _a.c.id == _c.c.assignment_id)
)
_unsigned = or_(
    _p.c.deleted_at.is_not(None), _p.c.state.not_in(EDITABLE | UNDER_REVIEW | {ProposalState.CONFIRMING})
)

endings.register(
    "proposal",
    _p,
    _ended,
    select(_p.c.id, literal("期限"))
    .join(_d, _d.c.proposal_id == _p.c.id)
    .where(open_deadline, _deadline_over),
    select(_p.c.id, literal("承办"))
    .join(_a, _a.c.proposal_id == _p.c.id)
    .where(_ended, _a.c.state.not_in(DONE)),
    select(_p.c.id, literal("联名邀请"))
    .join(_s, _s.c.proposal_id == _p.c.id)
    .where(_s.c.state == "invited", _unsigned),
    select(_p.c.id, literal("承诺"))
    .select_from(_promises)
    .where(_c.c.state == "open", or_(and_(_ended, ~_closed), _a.c.state.in_(GONE), _replaced.exists())),
    select(_p.c.id, literal("沟通异议"))
    .join(_t, _t.c.proposal_id == _p.c.id)
    .where(_ended, _t.c.state == Talk.DISPUTED),
)
