"""Take one step of many reports, each under the rules of a single one."""

from collections.abc import Callable

from sqlmodel import Session

from app.auth.actor import Actor
from app.core.web.bulk import BulkItem
from app.opinions import service
from app.opinions.batch.schemas import OpinionBatch
from app.opinions.lifecycle import LABELS, OpinionState
from app.opinions.schemas import OpinionRow
from app.opinions.steps import service as step_service
from app.opinions.text import lock


def act(actor: Actor, wanted: OpinionBatch) -> Callable[[Session, BulkItem], OpinionRow]:
    """What is done with each report of a batch; `Invalid` for what the step lacks."""
    step = wanted.transition()
    step_service.check_fields(actor, step)

    def do(db: Session, item: BulkItem) -> OpinionRow:
        held = {
            report_id: lock(db, actor, report_id)
            for report_id in sorted({item.id, step.into_id or item.id})  # in one order for all
        }
        row = held[item.id]
        item.require_unmoved(row.version, row.state, LABELS[OpinionState(row.state)])
        done = service.transition(db, actor, item.id, step)
        return OpinionRow.model_validate(done.model_dump(include=set(OpinionRow.model_fields)))

    return do
