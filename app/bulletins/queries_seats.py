"""Reads of the seats that a bulletin measures: who sat where, their points, and the minimum duties they left."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from app.bulletins.counting import Frozen
from app.bulletins.models import BulletinSeat
from app.bulletins.rules import days_held
from app.core import clock
from app.core.sql import AnyRow, table
from app.duty.models import DutyRecord
from app.people.models import Committee, Organization, Person, Seat, SeatCommittee, Sector
from app.points import scores
from app.points.engine import Duty
from app.points.models import Score
from app.points.queries_scores import LoadedRuleset

_s, _p, _x, _o = table(Seat), table(Person), table(Sector), table(Organization)
_c, _sc, _d, _k = table(Committee), table(SeatCommittee), table(DutyRecord), table(Score)
_kept = table(BulletinSeat)


def sitting(conn: Connection, of: AnyRow) -> list[dict[str, Any]]:
    """Who sat, or has records, in a bulletin's year and in the year before, as rows of `BulletinSeat`."""
    starts = conn.execute(select(_o.c.duty_year_starts).where(_o.c.id == of.organization_id)).scalar_one()
    before = clock.duty_year_days(of.duty_year - 1, starts)
    found = []
    for year, first, last in (
        (of.duty_year - 1, *before),
        (of.duty_year, of.starts_on, of.counted_on),
    ):
        acted = select(_d.c.seat_id).where(
            _d.c.organization_id == of.organization_id, _d.c.duty_year == year, _d.c.voided_at.is_(None)
        )
        held = (_s.c.starts_on <= last) & (_s.c.ends_on >= first)
        rows = conn.execute(
            select(_s.c.id, _p.c.name, _s.c.post, _x.c.name.label("sector"), _s.c.starts_on, _s.c.ends_on)
            .select_from(_s.join(_p, _p.c.id == _s.c.person_id).join(_x, _x.c.id == _s.c.sector_id))
            .where(_s.c.organization_id == of.organization_id, or_(held, _s.c.id.in_(acted)))
            .order_by(_s.c.id)
        )
        found += [
            {
                "bulletin_id": of.id,
                "duty_year": year,
                "seat_id": row.id,
                "name": row.name,
                "post": row.post,
                "sector": row.sector,
                "days": days_held(row.starts_on, row.ends_on, first, last),
            }
            for row in rows
        ]
    return found


def committees(conn: Connection, bulletin_id: int, seat_ids: Collection[int]) -> list[dict[str, Any]]:
    """Who of some seats sits in which committee, as rows of `BulletinCommittee`."""
    found = select(_sc.c.seat_id, _c.c.name).join(_c, _c.c.id == _sc.c.committee_id)
    return [
        {"bulletin_id": bulletin_id, "seat_id": row.seat_id, "committee": row.name}
        for row in conn.execute(found)
        if row.seat_id in seat_ids
    ]


def points(conn: Connection, of: Frozen, ruleset: LoadedRuleset) -> list[dict[str, Any]]:
    """Points and what was left of minimum duties of a ruleset's year, by seat."""
    rows = conn.execute(
        select(_k.c.seat_id, _k.c.points, _k.c.months, _k.c.minimums_met)
        .join(_kept, _kept.c.seat_id == _k.c.seat_id)
        .where(
            _k.c.ruleset_id == ruleset.id,
            _kept.c.bulletin_id == of.id,
            _kept.c.duty_year == ruleset.duty_year,
            _kept.c.days > 0,
        )
    ).all()
    unmet: dict[int, list[dict[str, Any]]] = {}
    behind = [row.seat_id for row in rows if not row.minimums_met and ruleset.duty_year == of.duty_year]
    for start in range(0, len(behind), scores.CHUNK):
        for seat, score in scores.scored(conn, ruleset, behind[start : start + scores.CHUNK]):
            unmet[seat.seat_id] = [_left(duty) for duty in score.minimums if not duty.met]
    return [
        {
            "of_year": ruleset.duty_year,
            "of_seat": row.seat_id,
            "points": row.points,
            "months": row.months,
            "behind": row.seat_id in unmet,
            "unmet": unmet.get(row.seat_id, []),
        }
        for row in rows
    ]


def _left(duty: Duty) -> dict[str, Any]:
    said = {name: getattr(duty, name) for name in ("id", "label", "done", "due", "advice")}
    return said | {"records": sorted(record.id for record in duty.records)}


def keep_points(conn: Connection, of: Frozen, rows: list[dict[str, Any]]) -> None:
    """Write the points of a bulletin's seats down."""
    mine = (
        (_kept.c.bulletin_id == of.id)
        & (_kept.c.duty_year == bindparam("of_year"))
        & (_kept.c.seat_id == bindparam("of_seat"))
    )
    values: dict[str, Any] = {name: bindparam(name) for name in ("points", "months", "behind", "unmet")}
    if rows:
        conn.execute(update(_kept).where(mine).values(**values), rows)
