"""Annual bulletins for tests, and the walk along all their figures."""

from collections.abc import Iterator
from typing import Any

from tests.factories.city import City, Who
from tests.factories.points.points import done

BULLETINS = "/api/v1/bulletins"


def drafted(staff: Who, year: int = 2026, **more: Any) -> dict[str, Any]:
    answer = staff.post(BULLETINS, {"duty_year": year, **more})
    assert answer.status_code == 201, answer.text
    return read(staff, answer.json()["id"])


def published(city: City, staff: Who, year: int = 2026, **more: Any) -> dict[str, Any]:
    draft = drafted(staff, year, **more)
    answer = staff.put(f"{BULLETINS}/{draft['id']}/publication")
    assert answer.status_code == 204, answer.text
    done(city)
    return read(staff, draft["id"])


def read(who: Who, bulletin_id: int) -> dict[str, Any]:
    answer = who.get(f"{BULLETINS}/{bulletin_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def whole(who: Who, path: str, limit: int = 100) -> list[dict[str, Any]]:
    """All rows of a list."""
    rows: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        mark = "&" if "?" in path else "?"
        answer = who.get(f"{path}{mark}limit={limit}" + (f"&cursor={cursor}" if cursor else ""))
        assert answer.status_code == 200, (path, answer.text)
        rows += answer.json()["items"]
        cursor = answer.json()["next"]
    return rows


def figures(value: Any) -> Iterator[dict[str, Any]]:
    """Every figure with a path, wherever it stands in an answer."""
    if isinstance(value, list):
        for each in value:
            yield from figures(each)
    elif isinstance(value, dict):
        if value.keys() == {"count", "path"}:
            yield value
        for each in value.values():
            yield from figures(each)


def kinds(of: dict[str, Any]) -> dict[str, tuple[int, int, int, int]]:
    """Records, subjects and members of each kind in the year, and records in the year before."""
    return {
        row["kind"]: (
            row["now"]["records"]["count"],
            row["now"]["subjects"]["count"],
            row["now"]["members"]["count"],
            row["before"]["records"]["count"],
        )
        for row in of["kinds"]
    }
