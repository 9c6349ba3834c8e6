"""Events for streams, and what streams hear."""

from app.core import live
from tests.factories.city import City


def emit(city: City, channel: str, name: str, count: int = 1, **more) -> None:
    with city.database.transaction() as db:
        for n in range(count):
            live.emit(db, city.organization_id, channel, name, n=n, **more)


def names(stream, count: int) -> list[str]:
    """The names of the next events; nothing may follow."""
    heard = [stream.next()["event"] for _ in range(count)]
    assert stream.quiet()
    return heard
