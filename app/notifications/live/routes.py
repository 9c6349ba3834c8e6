"""The live stream: server-sent events that name what changed, for those who may see it."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from app.auth.actor import AnyActor
from app.core.errors import Unavailable, problems
from app.notifications.live.hub import Hub
from app.notifications.live.stream import OpenStream, StreamResponse

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
Watched = Annotated[str, Query(max_length=80, pattern=r"^[a-z_]+(:[0-9]+)?(/[a-z_]+\.[a-z_]+)?$")]
Watch = Annotated[
    list[Watched] | None,
    Query(
        max_length=40,
        description="What the screen shows: channels (`thread:12`) or single events of one (`feed/update.posted`); "
        "`own` for nothing but what is for oneself. Without it everything comes that one may see.",
    ),
]


@router.get(
    "",
    operation_id="live_stream_events",
    response_class=StreamResponse,
    status_code=200,
    responses=problems(422, 429, 503),
)
async def stream_events(
    request: Request,
    actor: AnyActor,
    watch: Watch = None,
    last_event_id: LastEventId = None,
    asked: LastEventIdQuery = None,
) -> Response:
    """What changes, as it happens: each event has a name, a number and ids, never content.

    The first event is `ready`, or `reset` when what was missed cannot be told any more: fetch everything again. Then
    `id` (the number), `event` (`noun.verb`) and `data` (`channel`, `subject_type`, `subject_id` and further ids).
    With `watch` only events of what is watched come, and those for oneself (notifications, the end of the session);
    one that belongs to two channels comes once, the second as `also`; when many of one channel come at a time, one
    `refresh` stands for them: fetch again what shows its `channel`. Without `watch` every event comes, once for each
    of its channels. To watch something else, connect again with the last number.

    A `ping` every 15 seconds keeps the line open and brings the newest number. After a break, resume with
    `Last-Event-ID`: nothing is lost for seven days, nothing comes twice. When the session ends, so does the stream.
    """
    hub: Hub | None = getattr(request.app.state, "hub", None)
    if hub is None:  # an app that was not started, as in tests
        raise Unavailable
    stream = OpenStream(actor, None if watch is None else frozenset(watch))
    return StreamResponse(hub, stream, asked if last_event_id is None else last_event_id)
