"""The live stream: server-sent events that name what changed, for those who may see it."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.auth.actor import AnyActor
from app.core.errors import Unavailable, problems
from app.notifications.hub import Hub, Subscriber, events

router = APIRouter(prefix="/api/v1/events", tags=["实时"], responses=problems(401, 403))

LastEventId = Annotated[
    int | None,
    Header(ge=0, le=2**63 - 1, description="Number of the last event that was received; browsers send it."),
]
LastEventIdQuery = Annotated[
    int | None,
    Query(
        alias="last_event_id",
        ge=0,
        le=2**63 - 1,
        description="The same, for clients that cannot set headers.",
    ),
]


async def _subscriber(
    request: Request, actor: AnyActor, last_event_id: LastEventId = None, asked: LastEventIdQuery = None
) -> AsyncIterator[Subscriber]:
    hub: Hub | None = getattr(request.app.state, "hub", None)
    if hub is None:  # an app that was not started, as in tests
        raise Unavailable
    async with hub.stream(actor, asked if last_event_id is None else last_event_id) as subscriber:
        yield subscriber


@router.get(
    "",
    operation_id="live_stream_events",
    response_class=EventSourceResponse,
    responses=problems(422, 429, 503),
)
async def stream_events(
    actor: AnyActor, subscriber: Annotated[Subscriber, Depends(_subscriber)]
) -> AsyncIterator[ServerSentEvent]:
    """What changes, as it happens: each event has a name, a number and ids, never content.

    The first event is `ready`, or `reset` when what was missed cannot be told any more: fetch everything anew. Then
    `id` (the number), `event` (`noun.verb`) and `data` (`channel`, `subject_type`, `subject_id` and further ids).
    A comment every 15 seconds keeps the line open. After a break, resume with `Last-Event-ID`: nothing is lost
    for seven days, nothing comes twice. When the session ends, so does the stream.
    """
    async for event in events(subscriber):
        yield event
