"""Queues of claims and appeals: what waits for those who record."""

from sqlalchemy import Select, false, select

from app.archive.lifecycle import ClaimKind, ClaimState
from app.archive.models import Claim
from app.archive.queries import visible_to
from app.auth import queues
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.queues import DeskKind, Queue, holding
from app.core.sql import table

_c = table(Claim)


def _claims(key: str, label: str, kind: ClaimKind) -> Queue:
    def entries(actor: Actor) -> Select[int, bool]:
        waiting = (_c.c.kind == kind) & (_c.c.state == ClaimState.WAITING)
        return select(_c.c.id.label("thing"), false().label("late")).where(visible_to(actor), waiting)

    path = f"/api/v1/claims?scope=desk&kind={kind}&state={ClaimState.WAITING}"
    return Queue(key, DeskKind.CLAIMS, label, lambda _actor: path, holding(Permission.DUTY_RECORD), entries)


queues.register(
    "archive",
    _claims("claims_waiting", "待审核的履职申报", ClaimKind.CLAIM),
    _claims("appeals_waiting", "待审核的记录申诉", ClaimKind.APPEAL),
)
