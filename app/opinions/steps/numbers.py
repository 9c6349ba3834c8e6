"""The running number of an issue (期号) within its year."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from app.core import clock
from app.core.sql import table
from app.opinions.lifecycle import OpinionAction
from app.opinions.models import OpinionReport, OpinionStep

_r, _t = table(OpinionReport), table(OpinionStep)


class Number(NamedTuple):
    """The how many-th report that was issued in a calendar year."""

    year: int
    number: int


def number_of(conn: Connection, organization_id: int, report_id: int, zone: str) -> Number | None:
    """The number of a report; None before it was issued.

    It is counted at the first time of issue: a report that is taken back and issued again keeps it, and those after it
    keep theirs. What was issued inside a combined report has the number of that one.
    """
    by_itself = (_t.c.action == OpinionAction.ISSUE) & _t.c.other_id.is_(None)
    first = conn.execute(
        select(func.min(_t.c.id).label("id"), func.min(_t.c.at).label("at")).where(
            by_itself, _t.c.report_id == report_id
        )
    ).one()
    if first.id is None:
        return None
    at: datetime = first.at
    year = clock.local_day(at, zone).year
    firsts = (
        select(func.min(_t.c.id).label("id"), func.min(_t.c.at).label("at"))
        .select_from(_t.join(_r, _r.c.id == _t.c.report_id))
        .where(by_itself, _r.c.organization_id == organization_id)
        .group_by(_t.c.report_id)
        .subquery()
    )
    since = clock.day_starts(date(year, 1, 1), zone)
    before = (firsts.c.at < first.at) | ((firsts.c.at == first.at) & (firsts.c.id <= first.id))
    counted = select(func.count()).where(firsts.c.at >= since, before)
    return Number(year, conn.execute(counted).scalar_one())
