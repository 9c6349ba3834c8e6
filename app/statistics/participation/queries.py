"""Reads of who takes part: acts of a duty year by month and by sector, and the proposals of each subject."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection, and_, extract, func, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.paging import decode_cursor, encode_cursor
from app.core.sql import AnyRow, table
from app.duty.kinds import KINDS, OWN_ACTS
from app.duty.models import DutyRecord
from app.people.duty_years import local_time
from app.people.models import Person, Seat, Sector
from app.proposals.lifecycle import ON_FILE, UNDER_REVIEW
from app.proposals.lists.queries import ProposalScope
from app.proposals.models import Proposal
from app.proposals.queries import visible_to

_d, _s, _g, _n, _p = table(DutyRecord), table(Seat), table(Sector), table(Person), table(Proposal)

_MEMBERS = "/api/v1/statistics/participation/members"


@dataclass(frozen=True)
class ParticipationGroup:
    """Whose acts are listed: of a duty year, of one month of it, of one sector."""

    year: int | None = None
    month: date | None = None
    sector_id: int | None = None


def participation(conn: Connection, actor: Actor, year: int | None) -> dict[str, Any]:
    """What members did in a duty year, by month and by sector, as `Participation`."""
    local = local_time(conn, actor.organization_id)
    year = year or local.this_year()
    first, last = local.years.days(year)
    rows = conn.execute(_acts(actor, year, first, last)).all()
    return {
        "year": year,
        "label": local.years.label(year),
        "months": _months(rows, year, first, min(last, max(first, local.today()))),
        "sectors": _sectors(rows, year),
    }


def page_of_members(
    conn: Connection, actor: Actor, group: ParticipationGroup, cursor: str | None, limit: int
) -> dict[str, Any]:
    """The members of a group who acted, the busiest first, each with the path of the records."""
    local = local_time(conn, actor.organization_id)
    year = group.year or local.this_year()
    kinds = _kinds(actor)
    acts = func.count(_d.c.id)
    statement = (
        select(_s.c.id, _n.c.name, _g.c.name.label("sector"), acts.label("count"))
        .join_from(_d, _s, _s.c.id == _d.c.seat_id)
        .join(_n, _n.c.id == _s.c.person_id)
        .join(_g, _g.c.id == _s.c.sector_id)
        .where(_counted(actor, year, kinds))
        .group_by(_s.c.id, _n.c.name, _g.c.name)
        .order_by(acts.desc(), _s.c.id)
        .limit(limit + 1)
    )
    filters: dict[str, Any] = {"kind": kinds, "year": year}
    if group.month:
        since, until = _whole(group.month)
        statement = statement.where(_d.c.occurred_on.between(since, until))
        filters |= {"since": since, "until": until}
    if group.sector_id:
        statement = statement.where(_s.c.sector_id == group.sector_id)
    if cursor:
        most, after = decode_cursor(cursor, int, int)
        statement = statement.having((acts < most) | ((acts == most) & (_s.c.id > after)))
    records = urlencode(filters, doseq=True)
    items = [
        {
            "seat_id": row.id,
            "name": row.name,
            "sector": row.sector,
            "acts": {"count": row.count, "path": f"/api/v1/seats/{row.id}/records?{records}"},
        }
        for row in conn.execute(statement).mappings().all()
    ]
    more = len(items) > limit
    items = items[:limit]
    return {
        "items": items,
        "next": encode_cursor(items[-1]["acts"]["count"], items[-1]["seat_id"]) if more else None,
    }


def subjects(conn: Connection, actor: Actor) -> list[dict[str, Any]]:
    """The proposals of each subject: how many are under review, how many on file; the largest first."""
    under_review = func.count().filter(_p.c.state.in_(UNDER_REVIEW))
    on_file = func.count().filter(_p.c.state.in_(ON_FILE), _p.c.filed_at.is_not(None))
    statement = (
        select(_p.c.category, under_review.label("under_review"), on_file.label("on_file"))
        .where(visible_to(actor), _p.c.category.is_not(None), _p.c.state.in_(UNDER_REVIEW | ON_FILE))
        .group_by(_p.c.category)
        .order_by(func.count().desc(), _p.c.category)
    )
    return [
        {
            "category": row.category,
            "under_review": _counted_proposals(row.under_review, ProposalScope.REVIEW, row.category),
            "on_file": _counted_proposals(row.on_file, ProposalScope.FILED, row.category),
        }
        for row in conn.execute(statement)
    ]


def _counted_proposals(count: int, scope: ProposalScope, category: str) -> dict[str, Any]:
    return {
        "count": count,
        "path": f"/api/v1/proposals?{urlencode({'scope': scope, 'category': category})}",
    }


def _kinds(actor: Actor) -> list[str]:
    """The acts that are counted: those whose records the actor may open."""
    return [kind for kind in OWN_ACTS if KINDS[kind].open or actor.may(Permission.DUTY_RECORD)]


def _counted(actor: Actor, year: int, kinds: Iterable[str]) -> Any:
    return and_(
        _d.c.organization_id == actor.organization_id,
        _d.c.duty_year == year,
        _d.c.voided_at.is_(None),
        _d.c.kind.in_(kinds),
    )


def _acts(actor: Actor, year: int, first: date, last: date) -> Any:
    """A row for each seat and month, with one of no month for who did nothing yet."""
    month = (extract("year", _d.c.occurred_on) * 12 + extract("month", _d.c.occurred_on) - 1).label("month")
    return (
        select(
            _g.c.id, _g.c.name, _g.c.position, _s.c.id.label("seat_id"), month, func.count(_d.c.id).label("n")
        )
        .join_from(_s, _g, _g.c.id == _s.c.sector_id)
        .outerjoin(_d, and_(_d.c.seat_id == _s.c.id, _counted(actor, year, _kinds(actor))))
        .where(_s.c.organization_id == actor.organization_id, _s.c.starts_on <= last, _s.c.ends_on >= first)
        .group_by(_g.c.id, _g.c.name, _g.c.position, _s.c.id, month)
        .order_by(_g.c.position, _g.c.id)
    )


def _whole(month: date) -> tuple[date, date]:
    return month.replace(day=1), month.replace(day=monthrange(month.year, month.month)[1])


def _months(rows: Iterable[AnyRow], year: int, first: date, last: date) -> list[dict[str, Any]]:
    acts: Counter[int] = Counter()
    members: Counter[int] = Counter()
    for row in rows:
        if row.month is not None:
            acts[int(row.month)] += row.n
            members[int(row.month)] += 1
    months = []
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        month = date(number // 12, number % 12 + 1, 1)
        months.append(
            {"month": month, "acts": acts[number], "count": members[number]}
            | {"path": f"{_MEMBERS}?{urlencode({'year': year, 'month': month})}"}
        )
    return months


def _sectors(rows: Iterable[AnyRow], year: int) -> list[dict[str, Any]]:
    sectors: dict[int, dict[str, Any]] = {}
    seats: dict[int, set[int]] = {}
    active: dict[int, set[int]] = {}
    for row in rows:
        path = f"{_MEMBERS}?{urlencode({'year': year, 'sector_id': row.id})}"
        sector = sectors.setdefault(row.id, {"id": row.id, "name": row.name, "acts": 0, "path": path})
        sector["acts"] += row.n
        seats.setdefault(row.id, set()).add(row.seat_id)
        if row.n:
            active.setdefault(row.id, set()).add(row.seat_id)
    return [
        sector | {"seats": len(seats[key]), "count": len(active.get(key, ()))}
        for key, sector in sectors.items()
    ]
