"""Records, and what the engine of points gives for them."""

from datetime import date, datetime
from functools import cache
from itertools import count
from typing import Any

from app.points.engine.gains import PointsRecord
from app.points.engine.ruleset import Ruleset
from app.points.engine.score import ComputedScore, Engine, Sitting
from app.points.engine.yaml_text import read, shipped
from tests.points.world import SHANGHAI

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
WHOLE = Sitting("member", date(2022, 1, 1), date(2026, 12, 31))
BOARDS = [
    {
        "id": "all",
        "label": "全部",
        "posts": ["chair", "vice_chair", "secretary_general", "standing_member", "member"],
    }
]
_ids = count(1)


def record(kind: str, form: str | None = None, on: str = "2026-03-04", **more: Any) -> PointsRecord:
    number = next(_ids)
    at = datetime.fromisoformat(f"{on}T09:00").replace(tzinfo=SHANGHAI)
    values = {"role": "lead", "level": "city", "subject": (kind.partition(".")[0], number)} | more
    return PointsRecord(id=number, kind=kind, form=form, at=at, on=at.date(), **values)


@cache
def engine(name: str) -> Engine:
    return Engine(read(shipped()[name]), *YEAR)


def score(of: str | dict[str, Any], *records: PointsRecord, sitting: Sitting = WHOLE) -> ComputedScore:
    if isinstance(of, str):
        return engine(of).score(sitting, records)
    whole = Ruleset.model_validate({"name": "办法", "boards": BOARDS} | of)
    return Engine(whole, *YEAR).score(sitting, records)


def given_of(found: ComputedScore) -> dict[str, float]:
    return {line.id: line.points / 100 for line in found.lines}


def reasons(found: ComputedScore, rule: str) -> list[str | None]:
    return [gain.reason for line in found.lines if line.id == rule for gain in line.gains]
