"""Run one action of the secretariat on many proposals, each under the rules of a single one."""

from collections.abc import Callable

from sqlmodel import Session

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.errors import Forbidden
from app.core.web.bulk import BulkItem
from app.proposals import service
from app.proposals.batch.schemas import MARKS, ProposalBatch, ProposalBatchAction
from app.proposals.lifecycle import LABELS, ProposalState
from app.proposals.reminders import service as reminders
from app.proposals.reminders.schemas import ReminderIn
from app.proposals.schemas import ProposalOut, ProposalRow
from app.proposals.supervision import service as supervision
from app.proposals.text import lock, lock_both


def act(actor: Actor, request: ProposalBatch) -> Callable[[Session, BulkItem], ProposalRow]:
    """What is done with each proposal of a batch."""

    def do(db: Session, item: BulkItem) -> ProposalRow:
        if request.into_id is not None:
            lock_both(db, actor, item.id, request.into_id)
        row = lock(db, actor, item.id)
        item.require_unmoved(row.version, row.state, LABELS[ProposalState(row.state)])
        done = _run(db, actor, item.id, request)
        return ProposalRow.model_validate(done.model_dump(include=set(ProposalRow.model_fields)))

    return do


def _run(db: Session, actor: Actor, proposal_id: int, request: ProposalBatch) -> ProposalOut:
    if request.action in MARKS:
        if not actor.may(Permission.PROPOSAL_REVIEW):
            raise Forbidden
        return supervision.mark(db, actor, proposal_id, *request.mark())
    if request.action is ProposalBatchAction.REMIND:
        return reminders.remind(db, actor, proposal_id, ReminderIn(note=request.reason))
    return service.transition(db, actor, proposal_id, request.transition())
