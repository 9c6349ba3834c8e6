"""The figures of cases by kind, unit or class of problem; each has the list of exactly what it counts."""

from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Connection, func, select

from app.auth.actor import Actor
from app.cases.models import DutyCase
from app.cases.queries import is_late, visible_to
from app.cases.rules import JUDGEMENT_LABELS, KIND_LABELS, PROBLEM_LABELS, Judgement
from app.cases.schemas import CaseGroup
from app.core.sql import AnyRow, table
from app.people.models import Unit

_c, _u = table(DutyCase), table(Unit)
_LABELS = {code.value: label for labels in (KIND_LABELS, PROBLEM_LABELS) for code, label in labels.items()}
#: Each figure: its label, and the filter of the list that it opens.
_FIGURES: dict[str, tuple[str, dict[str, str]]] = {
    "total": ("总数", {}),
    "answered": ("已答复", {"answered": "true"}),
    "in_time": ("按期答复", {"in_time": "true"}),
    "late": ("超期未答复", {"late": "true"}),
    **{one.value: (label, {"judgement": one.value}) for one, label in JUDGEMENT_LABELS.items()},
}


def figures(conn: Connection, actor: Actor, by: CaseGroup) -> dict[str, Any]:
    """The figures of what the actor may see, in the whole and by one division."""
    counts, seen = _counts(actor), visible_to(actor)
    whole = conn.execute(select(*counts).where(seen)).one()
    key, label = (_u.c.id, _u.c.name) if by == "unit" else (_c.c[by], _c.c[by])
    joined = _c.join(_u, _u.c.id == _c.c.unit_id) if by == "unit" else _c
    rows = conn.execute(
        select(key.label("key"), label.label("name"), *counts)
        .select_from(joined)
        .where(seen, key.is_not(None))
        .group_by(key, label)
        .order_by(key)
    )
    name = "unit_id" if by == "unit" else by
    return {
        "whole": _figure("whole", "合计", whole, {}),
        "groups": [
            _figure(str(row.key), _LABELS.get(row.name, row.name), row, {name: str(row.key)}) for row in rows
        ],
    }


def _counts(actor: Actor) -> list[ColumnElement[int]]:
    ids = func.count(_c.c.id)
    narrowed: dict[str, ColumnElement[bool]] = {
        "answered": _c.c.answered_at.is_not(None),
        "in_time": _c.c.in_time.is_(True),
        "late": is_late(actor),
        **{one.value: _c.c.judgement == one.value for one in Judgement},
    }
    return [ids.label("total"), *(ids.filter(where).label(name) for name, where in narrowed.items())]


def _figure(key: str, label: str, row: AnyRow, group: dict[str, str]) -> dict[str, Any]:
    counts = [
        {"label": of, "count": getattr(row, name), "path": f"/api/v1/cases?{urlencode(group | narrowed)}"}
        for name, (of, narrowed) in _FIGURES.items()
    ]
    return {"key": key, "label": label, "counts": counts}
