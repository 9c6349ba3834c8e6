"""Reads of the seats that a bulletin measures: who sat where, their points, and the minimum duties they left."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select, update

from app.bulletins.counting import FrozenBulletin, counted, in_year
from app.bulletins.models import BulletinSeat
from app.bulletins.rules import days_held
from app.core import clock
from app.core.sql import AnyRow, table
from app.duty.models import DutyRecord
from app.people.bodies.memberships import listed_on
from app.people.bodies.models import Body, BodyMember
from app.people.bodies.rules import ROSTER_KINDS
from app.people.duty_years import local_time
from app.people.models import Committee, Person, Seat, SeatCommittee, Sector
from app.points import scores
from app.points.engine.score import Duty
from app.points.queries import LoadedRuleset
from app.proposals.lifecycle import ON_FILE
from app.proposals.models import Proposal

_s, _p, _x = table(Seat), table(Person), table(Sector)
_c, _sc, _d = table(Committee), table(SeatCommittee), table(DutyRecord)
_m, _b, _pr = table(BodyMember), table(Body), table(Proposal)
_kept = table(BulletinSeat)


#: The columns of a bulletin's seats, as `sitting` gives them.
SEAT = ("bulletin_id", "duty_year", "seat_id", "name", "post", "sector", "place", "days", "behind")


def sitting(conn: Connection, of: AnyRow) -> list[tuple[Any, ...]]:
    """Who sat, or has records, in a bulletin's year and in the year before, as rows of `SEAT`."""
    found: list[tuple[Any, ...]] = []
    for year, first, last in (
        (of.duty_year - 1, of.before_starts_on, of.before_on),
        (of.duty_year, of.starts_on, of.counted_on),
    ):
        acted = select(_d.c.seat_id).where(
            _d.c.organization_id == of.organization_id, in_year(of, year), _d.c.voided_at.is_(None)
        )
        held = (_s.c.starts_on <= last) & (_s.c.ends_on >= first)
        columns = (_s.c.id, _p.c.name, _s.c.post, _x.c.name, _x.c.position, _s.c.starts_on, _s.c.ends_on)
        rows = conn.execute(
            select(*columns)
            .select_from(_s.join(_p, _p.c.id == _s.c.person_id).join(_x, _x.c.id == _s.c.sector_id))
            .where(_s.c.organization_id == of.organization_id, or_(held, _s.c.id.in_(acted)))
            .order_by(_s.c.id)
        ).all()
        found += [
            (of.id, year, *seat, days_held(starts_on, ends_on, first, last), False)
            for *seat, starts_on, ends_on in rows
        ]
    return found


def committees(conn: Connection, of: AnyRow) -> list[dict[str, Any]]:
    """Which of a bulletin's seats sits in which committee, as rows of `BulletinCommittee`."""
    sits = select(_kept.c.seat_id).where(_kept.c.bulletin_id == of.id)
    found = select(_sc.c.seat_id, _c.c.name).join(_c, _c.c.id == _sc.c.committee_id)
    return [
        {"bulletin_id": of.id, "seat_id": row.seat_id, "committee": row.name}
        for row in conn.execute(found.where(_sc.c.seat_id.in_(sits)))
    ]


def bodies(conn: Connection, of: AnyRow) -> list[dict[str, Any]]:
    """Which of a bulletin's seats belonged to which body on the last day of each year, as rows of `BulletinBody`."""
    found = []
    for year, day in ((of.duty_year - 1, of.before_on), (of.duty_year, of.counted_on)):
        sits = (_kept.c.bulletin_id == of.id) & (_kept.c.duty_year == year)
        rows = select(_m.c.seat_id, _b.c.name).join(_b, _b.c.id == _m.c.body_id).where(listed_on(day))
        found += [
            {"bulletin_id": of.id, "duty_year": year, "seat_id": row.seat_id, "body": row.name}
            for row in conn.execute(rows.where(_m.c.seat_id.in_(select(_kept.c.seat_id).where(sits))))
        ]
    return found


def proposals(conn: Connection, of: AnyRow) -> list[dict[str, Any]]:
    """The collective proposals that stand on file and were filed in its years, as rows of `BulletinProposal`."""
    zone, found = local_time(conn, of.organization_id).zone, []
    for year, first, last in (
        (of.duty_year - 1, of.before_starts_on, of.before_on),
        (of.duty_year, of.starts_on, of.counted_on),
    ):
        since, until = clock.day_starts(first, zone), clock.day_starts(last, zone) + timedelta(days=1)
        rows = (
            select(_pr.c.id, _pr.c.filed_at, _b.c.name)
            .join(_b, _b.c.id == _pr.c.body_id)
            .where(
                _b.c.organization_id == of.organization_id,
                _b.c.kind.not_in(ROSTER_KINDS),
                _pr.c.state.in_(ON_FILE),
                _pr.c.deleted_at.is_(None),
                _pr.c.filed_at >= since,
                _pr.c.filed_at < until,
            )
        )
        found += [
            {
                "bulletin_id": of.id,
                "duty_year": year,
                "proposal_id": row.id,
                "body": row.name,
                "filed_on": clock.local_day(row.filed_at, zone),
            }
            for row in conn.execute(rows)
        ]
    return found


def points(conn: Connection, of: FrozenBulletin, ruleset: LoadedRuleset) -> list[dict[str, Any]]:
    """Points and what was left of minimum duties by a year's ruleset, of the records that the bulletin counts."""
    mine = (_kept.c.bulletin_id == of.id) & (_kept.c.duty_year == ruleset.duty_year) & (_kept.c.days > 0)
    seat_ids = list(conn.scalars(select(_kept.c.seat_id).where(mine).order_by(_kept.c.seat_id)))
    found = []
    for start in range(0, len(seat_ids), scores.CHUNK):
        chunk = seat_ids[start : start + scores.CHUNK]
        for seat, score in scores.scored(conn, ruleset, chunk, which=and_(*counted(of))):
            left = [_left(duty) for duty in score.minimums if not duty.met]
            behind = bool(left) and ruleset.duty_year == of.duty_year
            of_seat = {"of_year": ruleset.duty_year, "of_seat": seat.seat_id, "points": score.points}
            found.append(
                of_seat | {"months": score.months, "behind": behind, "unmet": left if behind else []}
            )
    return found


def _left(duty: Duty) -> dict[str, Any]:
    said = {name: getattr(duty, name) for name in ("id", "label", "done", "due", "advice")}
    return said | {"records": sorted(record.id for record in duty.records)}


def keep_points(conn: Connection, of: FrozenBulletin, rows: Sequence[dict[str, Any]]) -> None:
    """Write the points of a bulletin's seats down."""
    mine = (
        (_kept.c.bulletin_id == of.id)
        & (_kept.c.duty_year == bindparam("of_year"))
        & (_kept.c.seat_id == bindparam("of_seat"))
    )
    values: dict[str, Any] = {name: bindparam(name) for name in ("points", "months", "behind", "unmet")}
    if rows:
        conn.execute(update(_kept).where(mine).values(**values), rows)
