"""Web Push: notifications on this phone, also when the page is closed."""

from fastapi import APIRouter, Response

from app.auth.actor import AnyActor
from app.core.db import Db
from app.core.errors import problems
from app.core.paging import json_response
from app.notifications.push import service
from app.notifications.schemas import PushKey, SubscriptionIn

router = APIRouter(prefix="/api/v1/push", tags=["消息"], responses=problems(401, 403, 422))


@router.get("/key", operation_id="push_get_key", response_model=PushKey)
def get_key(actor: AnyActor) -> Response:
    """The key that a browser subscribes with."""
    return json_response({"key": service.public_key()})


@router.put("/subscription", operation_id="push_subscribe", status_code=204, responses=problems(409))
def subscribe(body: SubscriptionIn, actor: AnyActor, db: Db) -> None:
    """Push my notifications to this browser, as long as its session lives."""
    service.subscribe(db, actor, body)


@router.delete("/subscription", operation_id="push_unsubscribe", status_code=204)
def unsubscribe(actor: AnyActor, db: Db) -> None:
    """Push nothing to this browser any more."""
    service.unsubscribe(db, actor)
