"""Places among the request threads: writers take a share only, so that those who wait never keep a reader waiting."""

from collections.abc import AsyncIterator
from typing import Annotated

from anyio import CapacityLimiter, WouldBlock, move_on_after, to_thread
from anyio.lowlevel import RunVar
from fastapi import Depends

from app.core.database.driver_errors import busy

#: The share of a process's request threads that writers may take, and the seconds that a request waits for a place.
SHARE, SECONDS = 0.75, 1.0

#: Threads of commits, which do not queue behind requests that wait for the connections they hold.
commits = CapacityLimiter(64)
_places: RunVar[CapacityLimiter] = RunVar("places of writers")


async def _place() -> AsyncIterator[None]:
    """A place taken before a writer blocks its thread; `Unavailable` when none gets free in time."""
    places = _places.get(None)
    if places is None:
        threads = to_thread.current_default_thread_limiter().total_tokens
        places = CapacityLimiter(max(1, int(threads * SHARE)))
        _places.set(places)
    mine = object()
    try:
        places.acquire_on_behalf_of_nowait(mine)
    except WouldBlock:
        with move_on_after(SECONDS) as waiting:
            await places.acquire_on_behalf_of(mine)
        if waiting.cancelled_caught:
            raise busy() from None
    try:
        yield
    finally:
        places.release_on_behalf_of(mine)


WriterPlace = Annotated[None, Depends(_place, scope="function")]
