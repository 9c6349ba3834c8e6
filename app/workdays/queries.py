"""Reads of the calendar of working days."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select

from app.core.errors import Invalid
from app.core.sql import table
from app.workdays.models import WorkdayOverride
from app.workdays.rules import Calendar, SpecialDay, days, unknown_years

_o = table(WorkdayOverride)

#: Of one answer.
MAX_DAYS = 400

#: National days first, so that the organization's own replace them.
_OVERRIDES = (
    select(_o.c.day, _o.c.is_workday, _o.c.name)
    .where(_o.c.organization_id.is_(None) | (_o.c.organization_id == bindparam("organization_id")))
    .order_by(_o.c.organization_id.is_not(None))
)


def calendar(conn: Connection, organization_id: int | None) -> Calendar:
    """The calendar of an organization (the national one without) at present; read once for all dates of an answer."""
    rows = conn.execute(_OVERRIDES, {"organization_id": organization_id})
    return Calendar({day: SpecialDay(is_workday, name) for day, is_workday, name in rows})


def period(conn: Connection, organization_id: int | None, first: date, last: date) -> dict[str, Any]:
    """Every day of a period of at most `MAX_DAYS`, as `WorkdaysOut`."""
    if not 0 <= (last - first).days < MAX_DAYS:
        raise Invalid(f"结束日期不能早于开始日期，一次最多查询{MAX_DAYS}天。", code="bad_period")
    found = calendar(conn, organization_id)
    items = [
        {
            "day": day,
            "is_workday": found.is_workday(day),
            "name": found.name(day),
            "overridden": day in found.overrides,
        }
        for day in days(first, last)
    ]
    return {"items": items, "unknown_years": unknown_years(found, first, last)}
