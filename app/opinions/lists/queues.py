"""Queues of opinion reports and leads: what waits for editors."""

from sqlalchemy import Select, false, select

from app.auth import queues
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.queues import DeskKind, Queue, holding
from app.core.sql import table
from app.opinions import queries
from app.opinions.leads import queries as lead_queries
from app.opinions.leads.lifecycle import LeadState
from app.opinions.lifecycle import OpinionState
from app.opinions.models import Lead, OpinionReport

_r, _l = table(OpinionReport), table(Lead)
_editor = holding(Permission.OPINION_EDIT)
#: Nothing of this is due by a day.
_never_late = false().label("late")


def _reports(key: str, label: str, state: OpinionState) -> Queue:
    def entries(actor: Actor) -> Select[int, bool]:
        return select(_r.c.id.label("thing"), _never_late).where(
            queries.visible_to(actor), _r.c.state == state
        )

    path = f"/api/v1/opinions?scope=desk&state={state}"
    return Queue(key, DeskKind.OPINIONS, label, lambda _actor: path, _editor, entries)


def _leads(actor: Actor) -> Select[int, bool]:
    received = _l.c.state == LeadState.RECEIVED
    return select(_l.c.id.label("thing"), _never_late).where(lead_queries.visible_to(actor), received)


queues.register(
    "opinions",
    _reports("opinions_submitted", "待编辑的信息", OpinionState.SUBMITTED),
    _reports("opinions_in_editing", "编辑中的信息", OpinionState.EDITING),
)
queues.register(
    "leads",
    Queue(
        "leads_received",
        DeskKind.LEADS,
        "新收到的线索",
        lambda _actor: f"/api/v1/leads?scope=desk&state={LeadState.RECEIVED}",
        _editor,
        _leads,
    ),
)
