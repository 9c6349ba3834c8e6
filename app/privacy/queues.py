"""Queues of requests about personal data: what waits for those who keep the roster."""

from sqlalchemy import Select, false, select

from app.auth import queues
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.queues import DeskKind, Queue, holding
from app.core.sql import table
from app.privacy.lifecycle import RequestState
from app.privacy.models import PersonalRequest
from app.privacy.queries import visible

_r = table(PersonalRequest)


def _requests(key: str, label: str, state: RequestState) -> Queue:
    def entries(actor: Actor) -> Select[int, bool]:
        return select(_r.c.id.label("thing"), false().label("late")).where(
            visible(actor), _r.c.state == state
        )

    path = f"/api/v1/privacy/requests?scope=all&state={state}"
    return Queue(
        key, DeskKind.PRIVACY, label, lambda _actor: path, holding(Permission.PEOPLE_MANAGE), entries
    )


queues.register(
    "privacy",
    _requests("privacy_submitted", "新的个人信息申请", RequestState.SUBMITTED),
    _requests("privacy_accepted", "已受理待办结的个人信息申请", RequestState.ACCEPTED),
)
