"""The figures of matters by source, venue or level; each has the list of exactly what it counts."""

from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Connection, func, select

from app.auth.actor import Actor
from app.cases.rules import JUDGEMENT_LABELS
from app.consultations.matters.lifecycle import SOURCE_LABELS
from app.consultations.matters.models import Matter
from app.consultations.matters.queries import led_to_findings
from app.consultations.matters.rights import visible_to
from app.consultations.matters.schemas import MatterGroup
from app.consultations.venues.models import Venue
from app.consultations.venues.rules import LEVEL_LABELS
from app.core.sql import AnyRow, table

_m, _v = table(Matter), table(Venue)
_LABELS = {code.value: label for labels in (SOURCE_LABELS, LEVEL_LABELS) for code, label in labels.items()}
#: Each figure: its label, the filter of the list that it opens, and what it counts.
_FIGURES: dict[str, tuple[str, dict[str, str], ColumnElement[bool]]] = {
    "collected": ("收集议题", {}, _m.c.id.is_not(None)),
    "met": ("已协商", {"met": "true"}, _m.c.met_at.is_not(None)),
    "findings": ("形成意见建议", {"with_findings": "true"}, led_to_findings),
    "solved": ("已解决", {"solved": "true"}, _m.c.solved.is_(True)),
    **{
        one.value: (label, {"judgement": one.value}, _m.c.judgement == one.value)
        for one, label in JUDGEMENT_LABELS.items()
    },
}


def figures(conn: Connection, actor: Actor, by: MatterGroup) -> dict[str, Any]:
    """The figures of what the actor may see, in the whole and by one division."""
    seen = visible_to(actor)
    counts = [func.count(_m.c.id).filter(where).label(name) for name, (_, _, where) in _FIGURES.items()]
    whole = conn.execute(select(*counts).where(seen)).one()
    key, label = {
        "source": (_m.c.source, _m.c.source),
        "venue": (_v.c.id, _v.c.name),
        "level": (_v.c.level, _v.c.level),
    }[by]
    joined = _m.outerjoin(_v, _v.c.id == _m.c.venue_id)
    rows = conn.execute(
        select(key.label("key"), label.label("name"), *counts)
        .select_from(joined)
        .where(seen, key.is_not(None))
        .group_by(key, label)
        .order_by(key)
    )
    name = "venue_id" if by == "venue" else by
    return {
        "whole": _figure("whole", "合计", whole, {}),
        "groups": [
            _figure(str(row.key), _LABELS.get(row.name, row.name), row, {name: str(row.key)}) for row in rows
        ],
    }


def _figure(key: str, label: str, row: AnyRow, group: dict[str, str]) -> dict[str, Any]:
    counts = [
        {"label": of, "count": getattr(row, name), "path": f"/api/v1/matters?{urlencode(group | narrowed)}"}
        for name, (of, narrowed, _) in _FIGURES.items()
    ]
    return {"key": key, "label": label, "counts": counts}
