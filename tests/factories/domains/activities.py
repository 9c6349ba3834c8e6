"""A meeting in May 2026, at moments before, during and after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.core import clock
from app.core.sql import table
from app.duty.models import DutyRecord
from tests.factories.city import City, Who

START = datetime(2026, 5, 20, 1, tzinfo=UTC)  # nine in the morning in Shanghai
EVE, DOORS, DURING, AFTER = (
    START - timedelta(days=1),
    START - timedelta(minutes=30),
    START + timedelta(hours=1),
    START + timedelta(days=2),
)
PATH = "/api/v1/activities"


@contextmanager
def at(city: City, moment: datetime, *people: Who) -> Iterator[None]:
    """Another moment; `people` log in anew, their tokens having expired."""
    with clock.frozen_at(moment):
        for who in people:
            city.log_in(who)
        yield
    for who in people:
        city.log_in(who)


def meeting(staff: Who, **changes) -> dict:
    body = {
        "kind": "plenary",
        "title": "十六届四次全体会议",
        "place": "市会展中心",
        "starts_at": START.isoformat(),
        "ends_at": (START + timedelta(hours=8)).isoformat(),
        "half_days": 2,
        "must_attend": True,
    }
    answer = staff.post(PATH, body | changes)
    assert answer.status_code == 201, answer.text
    return answer.json()


def acts(city: City, who: Who) -> list[tuple[str, int, str, bool]]:
    r = table(DutyRecord)
    with city.database.read.connect() as conn:
        rows = conn.execute(select(r).where(r.c.seat_id == who.seat_id).order_by(r.c.id))
        return [(row.kind, row.quantity, str(row.occurred_on), row.voided_at is None) for row in rows]


def live(city: City, who: Who) -> list[tuple[str, int, str]]:
    return [act[:3] for act in acts(city, who) if act[3]]


def match(who: Who, path: str) -> dict[str, str]:
    """The header that names the version which `who` sees there; 0 where there is nothing yet."""
    return {"If-Match": f'"{who.get(path).json().get("version", 0)}"'}


def edited(who: Who, path: str, changes: dict) -> Any:
    return who.patch(path, changes, headers=match(who, path))


def fill_hall(who: Who, path: str, hall: dict) -> Any:
    return who.put(path, hall, headers=match(who, path))


def moved(who: Who, path: str, seat_id: int, row: int, chair: int) -> Any:
    return who.put(f"{path}/{seat_id}", {"row": row, "chair": chair}, headers=match(who, path))
