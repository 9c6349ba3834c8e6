"""The queue of outputs: what waits for review."""

from sqlalchemy import Select, false, select

from app.auth import queues
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.queues import DeskKind, Queue, holding
from app.core.sql import table
from app.outputs.lifecycle import OutputState
from app.outputs.models import Output
from app.outputs.queries import visible_to

_o = table(Output)


def _to_review(actor: Actor) -> Select[int, bool]:
    waiting = select(_o.c.id.label("thing"), false().label("late"))
    return waiting.where(visible_to(actor), _o.c.state == OutputState.SUBMITTED)


queues.register(
    "outputs",
    Queue(
        "outputs_to_review",
        DeskKind.OUTPUTS,
        "待审核的成果件",
        lambda _actor: f"/api/v1/outputs?state={OutputState.SUBMITTED}",
        holding(Permission.OUTPUT_MANAGE),
        _to_review,
    ),
)
