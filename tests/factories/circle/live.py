"""Events of test cities as a browser would get them."""

import pytest

from app.core import live
from tests.factories.city import City


def emit(city: City, name: str = "update.posted", **more) -> None:
    with city.database.transaction() as db:
        live.emit(db, city.organization_id, "feed", name, **more)


def behind_the_hub(city: City) -> None:
    """A commit with an event of another process: announced by the database, if at all."""
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.setattr(live, "_wake", [])
        emit(city)
