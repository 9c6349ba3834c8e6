"""Clauses that several cities have."""

from datetime import date
from typing import Any

from app.points.engine.score import Sitting


def since(month: int) -> Sitting:
    return Sitting("member", date(2026, month, 20), date(2026, 12, 31))


def says(found: Any) -> dict[str, str]:
    return {line.id: line.says for line in found.lines}


RATE: dict[str, Any] = {
    "id": "rate",
    "label": "出勤率",
    "kinds": ["activity.attended"],
    "points": 20,
    "out_of": {"kinds": ["activity.absent", "activity.excused"]},
    "full_if_none": True,
}
