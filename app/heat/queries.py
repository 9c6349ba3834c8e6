"""The SELECTs of heat: the board of a whole organization in one statement, and whose row it is."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    String,
    Subquery,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from app.core import clock
from app.core.sql import table
from app.duty.models import DutyRecord
from app.feed.models import Update
from app.heat import formula, responses
from app.heat.formula import HeatCalendar, ScorePart, Span
from app.people.models import (
    POST_LABELS,
    Committee,
    Organization,
    Person,
    Post,
    Seat,
    SeatCommittee,
    Sector,
    Term,
)

_o, _p, _s, _x = table(Organization), table(Person), table(Seat), table(Sector)
_d, _u = table(DutyRecord), table(Update)


def calendar(conn: Connection, organization_id: int) -> HeatCalendar:
    """Zone, duty years and terms of an organization."""
    t = table(Term)
    rows = conn.execute(
        select(_o.c.timezone, _o.c.duty_years, t.c.id, t.c.starts_on, t.c.ends_on)
        .join(t, t.c.organization_id == _o.c.id, isouter=True)
        .where(_o.c.id == organization_id)
    ).all()
    terms = [(r.id, r.starts_on, r.ends_on) for r in rows if r.id is not None]
    return HeatCalendar(rows[0].timezone, rows[0].duty_years, terms)


def seat(conn: Connection, organization_id: int, seat_id: int) -> dict[str, Any] | None:
    """Whose row it is: id, name, sector and post of a seat of the organization."""
    row = conn.execute(
        select(_s.c.id, _p.c.name, _x.c.name.label("sector"), _s.c.post)
        .select_from(_s.join(_p, _p.c.id == _s.c.person_id).join(_x, _x.c.id == _s.c.sector_id))
        .where(_s.c.id == seat_id, _s.c.organization_id == organization_id)
    ).first()
    if row is None:
        return None
    return {**row._mapping, "post_label": POST_LABELS[Post(row.post)]}  # noqa: SLF001 - SQLAlchemy's documented way


def group_name(conn: Connection, organization_id: int, kind: str, group_id: int) -> str | None:
    """The name of a sector or committee of the organization."""
    g, t = table(Sector if kind == "sector" else Committee), table(Term)
    return conn.scalar(
        select(g.c.name)
        .join(t, t.c.id == g.c.term_id)
        .where(g.c.id == group_id, t.c.organization_id == organization_id)
    )


def board_rows(
    conn: Connection, organization_id: int, calendar: HeatCalendar, span: Span
) -> Iterator[list[Any]]:
    """The rows of a window, hottest first, of seats held in it that have heat.

    Each is `[seat id, name, sector id, sector, post, committee ids, heat, opinions, replies, updates, echoes]`.
    """
    today = formula.shown_day(calendar, clock.local_day(clock.now(), calendar.zone))
    points = _parts(conn, organization_id, calendar, span)
    weight = formula.weights(span)
    point: ColumnElement[Any] = case(weight, value=points.c.day, else_=0) if weight else literal(1)
    warm = (
        select(
            points.c.seat_id,
            func.sum(point).label("heat"),
            *(func.sum(case((points.c.part == part, 1), else_=0)).label(part) for part in ScorePart),
        )
        .group_by(points.c.seat_id)
        .subquery()
    )
    c = table(SeatCommittee)
    committees = (
        select(func.aggregate_strings(cast(c.c.committee_id, String), ","))
        .where(c.c.seat_id == _s.c.id)
        .scalar_subquery()
    )
    found = conn.execute(
        select(_s.c.id, _p.c.name, _s.c.sector_id, _x.c.name, _s.c.post, committees, *list(warm.c)[1:])
        .select_from(
            warm.join(_s, _s.c.id == warm.c.seat_id)
            .join(_p, _p.c.id == _s.c.person_id)
            .join(_x, _x.c.id == _s.c.sector_id)
        )
        .where(
            _s.c.starts_on <= span.last,
            _s.c.ends_on >= (max(span.first, today) if today <= span.last else span.first),
        )
        .order_by(warm.c.heat.desc(), _s.c.id)
    )
    for seat_id, name, sector_id, sector, post, sits_in, warmth, *parts in found:
        heat = formula.rounded(int(warmth)) if weight else int(warmth)
        if heat:
            groups = [int(i) for i in sits_in.split(",")] if sits_in else []
            yield [seat_id, name, sector_id, sector, post, groups, heat, *map(int, parts)]


def _parts(conn: Connection, organization_id: int, calendar: HeatCalendar, span: Span) -> Subquery:
    """One row for each point of a window: whose, on which day, by which part."""
    replies = responses.sound_replies(organization_id, span).cte("replies")
    firsts = responses.firsts(conn, organization_id, calendar, span, replies)
    heard = responses.counted(firsts, calendar, span).subquery()
    spoken = _speaking_days(organization_id, span, replies)
    return union_all(
        select(heard.c.taker.label("seat_id"), heard.c.day, literal(ScorePart.ECHO.value).label("part")),
        select(spoken.c.seat_id, spoken.c.day, spoken.c.part).where(spoken.c.place <= formula.SPEAKING_DAYS),
    ).subquery()


def _speaking_days(organization_id: int, span: Span, replies: CTE) -> Subquery:
    """Each day on which a seat spoke, with the part of what it said first, and its place among those of the month."""
    said = union_all(
        select(
            replies.c.seat_id,
            replies.c.day,
            replies.c.at,
            case((replies.c.is_opinion == 1, ScorePart.OPINION.value), else_=ScorePart.REPLY.value).label(
                "part"
            ),
            replies.c.id,
        ).where(or_(replies.c.is_opinion == 1, replies.c.to_seat_id != replies.c.seat_id)),
        select(_d.c.seat_id, _d.c.occurred_on, _d.c.occurred_at, literal(ScorePart.UPDATE.value), _u.c.id)
        .join(_u, _u.c.id == _d.c.subject_id)
        .where(responses.live(organization_id, "update.posted", span), responses.sound(_u)),
    ).subquery()
    of_day = func.row_number().over(
        partition_by=(said.c.seat_id, said.c.day), order_by=(said.c.at, said.c.part, said.c.id)
    )
    days = select(said.c.seat_id, said.c.day, said.c.part, of_day.label("nth")).subquery()
    of_month = func.row_number().over(
        partition_by=(days.c.seat_id, responses.month(days.c.day)), order_by=days.c.day
    )
    return (
        select(days.c.seat_id, days.c.day, days.c.part, of_month.label("place"))
        .where(days.c.nth == 1)
        .subquery()
    )
