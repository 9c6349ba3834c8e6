"""Reads of the figures of units: the league, one unit, and the proposals that a figure counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection, func, select

from app.auth.actor import Actor
from app.core import clock
from app.core.errors import Forbidden, Invalid, NotFound
from app.core.paging import PageRows, before, decode_cursor, encode_cursor, page
from app.core.sql import table
from app.people.duty_years import local_time
from app.people.models import UNIT_LABELS, Unit
from app.proposals import queries as proposals
from app.proposals.models import Proposal
from app.proposals.windows.queries import window
from app.statistics import rules
from app.statistics.facts.queries import FiguresPeriod, facts
from app.statistics.rules import FIGURE_LABELS, GRADES, MEASURES, FigureName, Measure

_u, _p = table(Unit), table(Proposal)

UNITS = "/api/v1/statistics/units"
#: Years that a period may touch.
YEARS = (2000, 2199)


@dataclass(frozen=True)
class Asked:
    """How a period is asked for: by a window, by a duty year, or by its first and last day."""

    window_id: int | None = None
    year: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None


def period(conn: Connection, actor: Actor, asked: Asked) -> FiguresPeriod:
    """The period that is asked for; this duty year without any."""
    window_id, year, first, last = asked.window_id, asked.year, asked.starts_on, asked.ends_on
    if sum([window_id is not None, year is not None, bool(first or last)]) > 1:
        raise Invalid("征集期、履职年度和起止日期只能选一种。", code="bad_period")
    if window_id is not None:
        found, zone = window(conn, actor, window_id), actor.zone
        days = (clock.local_day(found[end], zone) for end in ("opens_at", "closes_at"))
        return FiguresPeriod(found["name"], window_id, *days)
    if first or last:
        if not first or not last or last < first or not (first.year >= YEARS[0] and last.year <= YEARS[1]):
            raise Invalid("请同时填写开始和结束日期，结束不能早于开始。", code="bad_period")
        return FiguresPeriod(f"{first}至{last}", None, first, last)
    local = local_time(conn, actor.organization_id)
    year = year or local.this_year()
    return FiguresPeriod(local.years.label(year), None, *local.years.days(year))


def league(
    conn: Connection, actor: Actor, span: FiguresPeriod, by: Measure, cursor: str | None, limit: int
) -> dict[str, Any]:
    """The units of a period, best first by one rate, and the rates of all of them together."""
    units, counts = _counts(conn, actor, span)
    ranks, unranked = rules.ranks(counts, by), len(units) + 1
    seen = units if rules.sees_all_units(actor) else units.keys() & {actor.unit_id}
    keys = sorted((ranks.get(unit, unranked), unit) for unit in seen)
    if cursor:
        at = tuple(decode_cursor(cursor, int, int))
        keys = [key for key in keys if key > at]
    shown = keys[:limit]
    return {
        "period": _period(span),
        "by": by,
        "by_label": MEASURES[by].label,
        "items": [_row(actor, span, units[unit], counts[unit], ranks.get(unit)) for _, unit in shown],
        "next": encode_cursor(*shown[-1]) if len(keys) > limit else None,
        "average": _measures(_together(counts)),
    }


def unit(conn: Connection, actor: Actor, span: FiguresPeriod, unit_id: int) -> dict[str, Any]:
    """One unit's figures with its ranks, beside the rates of all; `NotFound` for a unit that may not be seen."""
    name = _require_unit(conn, actor, unit_id)
    _, counts = _counts(conn, actor, span)
    own = counts.get(unit_id, dict.fromkeys(FigureName, 0))
    ranks = {measure: rules.ranks(counts, measure).get(unit_id) for measure in MEASURES}
    return {
        "period": _period(span),
        "unit": name,
        "figures": _figures(actor, span, unit_id, own),
        "measures": [m | {"rank": ranks[m["measure"]]} for m in _measures(own)],
        "average": _measures(_together(counts)),
    }


def page_of_proposals(
    conn: Connection,
    actor: Actor,
    span: FiguresPeriod,
    unit_id: int,
    figure: FigureName,
    cursor: str | None,
    limit: int,
) -> PageRows:
    """The proposals that a figure of a unit counts, newest first, each with how much it counts."""
    _require_unit(conn, actor, unit_id)
    if figure in GRADES and not rules.sees_grades(actor, unit_id):
        raise Forbidden("委员可以看到评价的汇总，不能看到各件提案的评价。", code="grades_closed")
    fact = facts(actor, span, unit_id)
    counted = fact.c[figure]
    found = (
        proposals.rows(actor, counted.label("count"))
        .join(fact, fact.c.proposal_id == _p.c.id)
        .where(counted > 0)
    )
    if cursor:
        found = found.where(before([_p.c.id], decode_cursor(cursor, int)))
    rows = conn.execute(found.order_by(_p.c.id.desc()).limit(limit + 1)).mappings()
    return page([proposals.labelled(dict(row)) for row in rows], limit, ["id"])


def _counts(
    conn: Connection, actor: Actor, span: FiguresPeriod
) -> tuple[dict[int, dict[str, Any]], dict[int, dict[FigureName, int]]]:
    """The units that had anything in a period, and their figures, summed by the database."""
    fact = facts(actor, span)
    sums = [func.sum(fact.c[figure]).label(figure) for figure in FigureName]
    of = fact.join(_u, _u.c.id == fact.c.unit_id)
    found = select(_u.c.id, _u.c.name, _u.c.kind, *sums).select_from(of)
    units, counts = {}, {}
    for row in conn.execute(found.group_by(_u.c.id, _u.c.name, _u.c.kind)).mappings():
        units[row["id"]] = _unit(row)
        counts[row["id"]] = {figure: int(row[figure]) for figure in FigureName}
    return units, counts


def _unit(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {"id": row["id"], "name": row["name"], "kind": row["kind"], "kind_label": UNIT_LABELS[row["kind"]]}


def _require_unit(conn: Connection, actor: Actor, unit_id: int) -> dict[str, Any]:
    found = select(_u.c.id, _u.c.name, _u.c.kind).where(
        _u.c.id == unit_id, _u.c.organization_id == actor.organization_id
    )
    row = conn.execute(found).mappings().one_or_none()
    if row is None or not (rules.sees_all_units(actor) or unit_id == actor.unit_id):
        raise NotFound
    return _unit(row)


def _together(counts: Mapping[int, Mapping[FigureName, int]]) -> dict[FigureName, int]:
    return {figure: sum(each[figure] for each in counts.values()) for figure in FigureName}


def _row(
    actor: Actor,
    span: FiguresPeriod,
    named: dict[str, Any],
    counts: Mapping[FigureName, int],
    rank: int | None,
) -> dict[str, Any]:
    figures = _figures(actor, span, named["id"], counts)
    return {"rank": rank, "unit": named, "figures": figures, "measures": _measures(counts)}


def _figures(
    actor: Actor, span: FiguresPeriod, unit_id: int, counts: Mapping[FigureName, int]
) -> list[dict[str, Any]]:
    days = {"starts_on": span.starts_on, "ends_on": span.ends_on}
    of = {"window_id": span.window_id} if span.window_id is not None else days
    closed = frozenset() if rules.sees_grades(actor, unit_id) else GRADES
    return [
        {
            "figure": figure,
            "figure_label": FIGURE_LABELS[figure],
            "count": counts[figure],
            "path": None
            if figure in closed
            else f"{UNITS}/{unit_id}/proposals?{urlencode({'figure': figure} | of)}",
        }
        for figure in FigureName
    ]


def _measures(counts: Mapping[FigureName, int]) -> list[dict[str, Any]]:
    return [
        {
            "measure": measure,
            "measure_label": ratio.label,
            "how": ratio.how,
            "parts": ratio.parts,
            "whole": ratio.whole,
            "whole_label": FIGURE_LABELS[ratio.whole],
            "rate": _rounded(rules.rate(counts, measure)),
            "apart": ratio.apart,
            "apart_label": FIGURE_LABELS[ratio.apart] if ratio.apart else None,
            "share_apart": _rounded(rules.share_apart(counts, measure)),
        }
        for measure, ratio in MEASURES.items()
    ]


def _rounded(value: Any) -> float | None:
    return None if value is None else round(float(value), 4)


def _period(span: FiguresPeriod) -> dict[str, Any]:
    names = ("label", "window_id", "starts_on", "ends_on")
    return {name: getattr(span, name) for name in names}
