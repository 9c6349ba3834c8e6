"""Every SELECT of heat: the board of a whole organization in one statement, and the acts of one seat.

Own acts are read from the ledger, whose live records know their local day and leave out what was hidden or
deleted; echoes are read from replies and supports. What hangs on a hidden update or note counts for nobody.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from app.core import clock
from app.core.sql import local_day, table
from app.duty.models import DutyRecord
from app.feed.models import Update
from app.heat import formula
from app.heat.formula import Calendar, Part, Span
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
from app.reading.models import ReadingNote
from app.threads.models import Reply, Support, Thread

_d, _o, _p, _s, _x = table(DutyRecord), table(Organization), table(Person), table(Seat), table(Sector)
_note, _reply, _support, _thread, _update = (
    table(ReadingNote),
    table(Reply),
    table(Support),
    table(Thread),
    table(Update),
)


def calendar(conn: Connection, organization_id: int) -> Calendar:
    """Zone, start of the duty year and terms of an organization."""
    t = table(Term)
    rows = conn.execute(
        select(_o.c.timezone, _o.c.duty_year_starts, t.c.id, t.c.starts_on, t.c.ends_on)
        .join(t, t.c.organization_id == _o.c.id, isouter=True)
        .where(_o.c.id == organization_id)
    ).all()
    terms = [(r.id, r.starts_on, r.ends_on) for r in rows if r.id is not None]
    return Calendar(rows[0].timezone, rows[0].duty_year_starts, terms)


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


def _live(organization_id: int, kind: str, span: Span) -> ColumnElement[bool]:
    """The live records of one kind in a window."""
    return and_(
        _d.c.organization_id == organization_id,
        _d.c.kind == kind,
        _d.c.voided_at.is_(None),
        _d.c.occurred_on.between(span.first, span.last),
    )


# What is hidden or deleted is little: it is looked for once, instead of at every reply and support.
_GONE_UPDATES = select(_update.c.id).where(
    or_(_update.c.hidden_at.is_not(None), _update.c.deleted_at.is_not(None))
)
_GONE_NOTES = select(_note.c.id).where(or_(_note.c.hidden_at.is_not(None), _note.c.deleted_at.is_not(None)))
_GONE_THREADS = select(_thread.c.id).where(
    or_(
        and_(_thread.c.subject_type == "update", _thread.c.subject_id.in_(_GONE_UPDATES)),
        and_(_thread.c.subject_type == "reading_note", _thread.c.subject_id.in_(_GONE_NOTES)),
    )
)


def _replies(organization_id: int, span: Span) -> Select[Any]:
    """Replies of seats in a window: who, on which day, in which thread, to whom, and whether it is an opinion."""
    opinion = and_(_thread.c.subject_type == "topic", _reply.c.parent_id.is_(None))
    return (
        select(
            _d.c.seat_id,
            _d.c.occurred_on.label("day"),
            _d.c.occurred_at.label("at"),
            _reply.c.to_seat_id,
            case((opinion, _thread.c.id)).label("topic_thread"),
        )
        .select_from(
            _d.join(_reply, _reply.c.id == _d.c.subject_id).join(_thread, _thread.c.id == _reply.c.thread_id)
        )
        .where(_live(organization_id, "reply.posted", span), _reply.c.thread_id.not_in(_GONE_THREADS))
    )


def _supports(organization_id: int, calendar: Calendar, span: Span) -> Select[Any]:
    """Supports of others in a window for what is still shown, by the seats that they honour."""
    for_reply = _support.c.target_type == "reply"
    shown = case(
        (
            for_reply,
            and_(
                _reply.c.hidden_at.is_(None),
                _reply.c.deleted_at.is_(None),
                _reply.c.thread_id.not_in(_GONE_THREADS),
            ),
        ),
        else_=_support.c.target_id.not_in(_GONE_UPDATES),
    )
    return (
        select(_support.c.to_seat_id, _support.c.seat_id.label("by"), _support.c.created_at.label("at"))
        # from the seats, whose index of supports received knows the time
        .select_from(
            _s.join(_support, _support.c.to_seat_id == _s.c.id).join(
                _reply, and_(for_reply, _reply.c.id == _support.c.target_id), isouter=True
            )
        )
        .where(
            _s.c.organization_id == organization_id,
            _support.c.created_at >= clock.day_starts(span.first, calendar.zone),
            _support.c.created_at < clock.day_starts(span.last + timedelta(days=1), calendar.zone),
            _support.c.seat_id != _support.c.to_seat_id,
            shown,
        )
    )


def board_rows(conn: Connection, organization_id: int, calendar: Calendar, span: Span) -> Iterator[list[Any]]:
    """The rows of a window, hottest first, of seats held in it that have heat.

    Each is `[seat id, name, sector id, sector, post, committee ids, heat, opinions, replies, updates, echoes]`.
    """
    today = clock.local_day(clock.now(), calendar.zone)
    weighted = span.window == "now"
    days = _days(conn, organization_id, calendar, span)
    given = sum((days.c[part] * points for part, points in formula.POINTS.items()), literal(0))
    capped: ColumnElement[Any] = case((given > formula.DAY_CAP, formula.DAY_CAP), else_=given)
    if weight := formula.weights(span):
        capped = capped * case(weight, value=days.c.day, else_=0)
    warm = (
        select(
            days.c.seat_id,
            func.sum(capped).label("heat"),
            *(func.sum(days.c[part]).label(part) for part in formula.Part),
        )
        .group_by(days.c.seat_id)
        .having(func.sum(capped) > 0)
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
        points = formula.rounded(int(warmth)) if weighted else int(warmth)
        if points:
            groups = [int(i) for i in sits_in.split(",")] if sits_in else []
            yield [seat_id, name, sector_id, sector, post, groups, points, *map(int, parts)]


def _days(conn: Connection, organization_id: int, calendar: Calendar, span: Span) -> Subquery:
    """The parts of each seat and day of a window: what it did, and who echoed it for the first time."""
    replies = _replies(organization_id, span).cte("replies")
    answered = select(replies.c.to_seat_id, replies.c.seat_id.label("by"), replies.c.at).where(
        replies.c.to_seat_id != replies.c.seat_id
    )
    echoes = union_all(answered, _supports(organization_id, calendar, span)).subquery()
    first = (
        select(echoes.c.to_seat_id, func.min(echoes.c.at).label("at"))
        .group_by(echoes.c.to_seat_id, echoes.c.by)
        .subquery()
    )
    day = local_day(conn, first.c.at, calendar.zone, clock.now())
    answers = and_(replies.c.topic_thread.is_(None), replies.c.to_seat_id != replies.c.seat_id)
    nothing = literal(0)
    parts = union_all(
        select(
            replies.c.seat_id,
            replies.c.day,
            func.count(replies.c.topic_thread.distinct()).label(Part.OPINION),
            func.sum(case((answers, 1), else_=0)).label(Part.REPLY),
            nothing.label(Part.UPDATE),
            nothing.label(Part.ECHO),
        ).group_by(replies.c.seat_id, replies.c.day),
        select(_d.c.seat_id, _d.c.occurred_on, nothing, nothing, func.count(), nothing)
        .where(_live(organization_id, "update.posted", span))
        .group_by(_d.c.seat_id, _d.c.occurred_on),
        select(first.c.to_seat_id, day, nothing, nothing, nothing, func.count()).group_by(
            first.c.to_seat_id, day
        ),
    ).subquery()
    return (
        select(parts.c.seat_id, parts.c.day, *(func.sum(parts.c[part]).label(part) for part in Part))
        .group_by(parts.c.seat_id, parts.c.day)
        .subquery()
    )
