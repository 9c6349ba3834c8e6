"""Run one action of the secretariat on many proposals, each under the rules of a single one."""

from collections.abc import Callable

from sqlmodel import Session

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.bulk import BulkItem
from app.core.errors import Forbidden
from app.proposals import service, service_supervision
from app.proposals.batch.schemas import MARKS, BatchAction, ProposalBatch
from app.proposals.lifecycle import LABELS, State
from app.proposals.reminders import service as reminders
from app.proposals.reminders.schemas import ReminderIn
from app.proposals.schemas import ProposalOut, ProposalRow
from app.proposals.service_text import lock, lock_both


def act(actor: Actor, wanted: ProposalBatch) -> Callable[[Session, BulkItem], ProposalRow]:
    """What is done with each proposal of a batch."""

    def do(db: Session, item: BulkItem) -> ProposalRow:
        if wanted.into_id is not None:
            lock_both(db, actor, item.id, wanted.into_id)
        row = lock(db, actor, item.id)
        item.require_unmoved(row.version, row.state, LABELS[State(row.state)])
        done = _run(db, actor, item.id, wanted)
        return ProposalRow.model_validate(done.model_dump(include=set(ProposalRow.model_fields)))

    return do


def _run(db: Session, actor: Actor, proposal_id: int, wanted: ProposalBatch) -> ProposalOut:
    if wanted.action in MARKS:
        if not actor.may(Permission.PROPOSAL_REVIEW):
            raise Forbidden
        return service_supervision.mark(db, actor, proposal_id, *wanted.mark())
    if wanted.action is BatchAction.REMIND:
        return reminders.remind(db, actor, proposal_id, ReminderIn(note=wanted.reason))
    return service.transition(db, actor, proposal_id, wanted.transition())
