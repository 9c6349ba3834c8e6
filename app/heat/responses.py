"""Who responded to whom in a window, and which of it counts: parts of statements.

Own acts are read from the ledger, whose live records know their local day and leave out what was hidden or
deleted; support is read from its table. What hangs on a hidden update or note counts for nobody.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    extract,
    func,
    or_,
    select,
    union_all,
)

from app.core import clock
from app.core.sql import local_day, table
from app.duty.models import DutyRecord
from app.feed.models import Update
from app.heat.formula import ACTIVE_DAYS, SUBSTANCE, Circle, Given, HeatCalendar, Span
from app.people.models import Seat
from app.reading.models import ReadingNote
from app.threads.models import Reply, Support, Thread

_d, _s = table(DutyRecord), table(Seat)
_note, _reply, _support, _thread, _update = (
    table(ReadingNote),
    table(Reply),
    table(Support),
    table(Thread),
    table(Update),
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


def live(organization_id: int, kind: str, span: Span) -> ColumnElement[bool]:
    """The live records of one kind in a window."""
    return and_(
        _d.c.organization_id == organization_id,
        _d.c.kind == kind,
        _d.c.voided_at.is_(None),
        _d.c.occurred_on.between(span.first, span.last),
    )


def sound(of: Any) -> ColumnElement[bool]:
    """Whether a text says enough; one that was never measured does."""
    return func.coalesce(of.c.substance, SUBSTANCE) >= SUBSTANCE


def month(day: ColumnElement[Any]) -> ColumnElement[int]:
    """The calendar month of a day, as `formula.month` numbers it."""
    found: ColumnElement[int] = extract("year", day) * 12 + extract("month", day)
    return found


def sound_replies(organization_id: int, span: Span) -> Select[Any]:
    """Replies of seats in a window that say enough: who, when, to whom, and whether it is an opinion."""
    opinion = and_(_thread.c.subject_type == "topic", _reply.c.parent_id.is_(None))
    return (
        select(
            _d.c.seat_id,
            _d.c.occurred_on.label("day"),
            _d.c.occurred_at.label("at"),
            _reply.c.id,
            _reply.c.to_seat_id,
            _reply.c.created_at,
            case((opinion, 1), else_=0).label("is_opinion"),
        )
        .select_from(
            _d.join(_reply, _reply.c.id == _d.c.subject_id).join(_thread, _thread.c.id == _reply.c.thread_id)
        )
        .where(
            live(organization_id, "reply.posted", span),
            _reply.c.thread_id.not_in(_GONE_THREADS),
            sound(_reply),
        )
    )


def _supports(conn: Connection, organization_id: int, calendar: HeatCalendar, span: Span) -> Select[Any]:
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
        select(
            _support.c.seat_id.label("giver"),
            _support.c.to_seat_id.label("taker"),
            _support.c.created_at.label("at"),
            local_day(conn, _support.c.created_at, calendar.zone, clock.now()).label("day"),
        )
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


def firsts(
    conn: Connection,
    organization_id: int,
    calendar: HeatCalendar,
    span: Span,
    replies: CTE,
    among: Collection[int] | None = None,
) -> CTE:
    """The first response of each member to each other member (`among` some) in each month of a window."""
    answered = select(
        replies.c.seat_id.label("giver"),
        replies.c.to_seat_id.label("taker"),
        replies.c.created_at.label("at"),
        replies.c.day,
    ).where(replies.c.to_seat_id != replies.c.seat_id)
    supported = _supports(conn, organization_id, calendar, span)
    if among is not None:
        answered = answered.where(replies.c.to_seat_id.in_(among))
        supported = supported.where(_s.c.id.in_(among), _support.c.seat_id.in_(among))
    every = union_all(answered, supported).subquery()
    when = month(every.c.day)
    return (
        select(
            when.label("month"),
            every.c.giver,
            every.c.taker,
            func.min(every.c.at).label("at"),
            func.min(every.c.day).label("day"),
        )
        .group_by(when, every.c.giver, every.c.taker)
        .cte("firsts")
    )


def mutual(firsts: CTE) -> CTE:
    """Those who responded to each other in a month, both ways round."""
    returned = firsts.alias("returned")
    return (
        select(firsts.c.month, firsts.c.giver.label("one"), firsts.c.taker.label("other"))
        .join(returned, _reverses(firsts, returned))
        .cte("mutual")
    )


def _reverses(one: Any, other: Any) -> ColumnElement[bool]:
    return and_(other.c.month == one.c.month, other.c.giver == one.c.taker, other.c.taker == one.c.giver)


def _earlier(one: Any, other: Any) -> ColumnElement[bool]:
    return or_(one.c.at < other.c.at, and_(one.c.at == other.c.at, one.c.giver < other.c.giver))


def counted(firsts: CTE, calendar: HeatCalendar, span: Span) -> Select[Any]:
    """The responses that count: `taker` and `day`."""
    back, both, heard = firsts.alias("back"), mutual(firsts), firsts.alias("heard")
    in_a_circle = (
        select(firsts.c.month, firsts.c.giver, firsts.c.taker)
        .distinct()
        .join(both, and_(both.c.month == firsts.c.month, both.c.one == firsts.c.giver))
        .join(
            heard,
            and_(
                heard.c.month == firsts.c.month,
                heard.c.giver == both.c.other,
                heard.c.taker == firsts.c.taker,
                _earlier(heard, firsts),
            ),
        )
        .cte("in_a_circle")
    )
    same = and_(
        in_a_circle.c.month == firsts.c.month,
        in_a_circle.c.giver == firsts.c.giver,
        in_a_circle.c.taker == firsts.c.taker,
    )
    return (
        select(firsts.c.taker, firsts.c.day)
        .select_from(
            firsts.join(back, _reverses(firsts, back), isouter=True).join(in_a_circle, same, isouter=True)
        )
        .where(
            or_(back.c.at.is_(None), _earlier(firsts, back)),
            in_a_circle.c.giver.is_(None),
            firsts.c.giver.in_(speaking(select(firsts.c.giver).distinct(), calendar, span)),
        )
    )


def speaking(seats: Select[Any], calendar: HeatCalendar, span: Span) -> Select[Any]:
    """Those of `seats` who have said something of substance in the window, or lately before it."""
    who = seats.subquery()
    (seat_id,) = who.c
    since = clock.day_starts(span.first - timedelta(days=ACTIVE_DAYS), calendar.zone)
    before = clock.day_starts(span.last + timedelta(days=1), calendar.zone)

    def said(of: Any) -> ColumnElement[bool]:
        return (
            select(of.c.id)
            .where(
                of.c.seat_id == seat_id,
                of.c.created_at >= since,
                of.c.created_at < before,
                of.c.hidden_at.is_(None),
                of.c.deleted_at.is_(None),
                sound(of),
            )
            .exists()
        )

    return select(seat_id).where(or_(said(_reply), said(_update)))


def circle(
    conn: Connection,
    organization_id: int,
    seat_id: int,
    givers: Collection[int],
    calendar: HeatCalendar,
    span: Span,
) -> Circle:
    """What the lines of a seat rest on besides its acts, given those who responded to it."""
    among = {seat_id, *givers}
    replies = sound_replies(organization_id, span).where(_d.c.seat_id.in_(among)).cte("replies")
    first = firsts(conn, organization_id, calendar, span, replies, among)
    returned = first.alias("returned")
    both = and_(first.c.giver.in_(givers), first.c.taker.in_(givers), returned.c.at.is_not(None))
    rows = conn.execute(
        select(first.c.month, first.c.giver, first.c.taker, first.c.at)
        .select_from(first.join(returned, _reverses(first, returned), isouter=True))
        .where(or_(first.c.giver == seat_id, both))
    ).all()
    speak = set(conn.scalars(speaking(select(_s.c.id).where(_s.c.id.in_(givers)), calendar, span)))
    return Circle(
        [Given(row.taker, int(row.month), row.at) for row in rows if row.giver == seat_id],
        {(int(row.month), row.giver, row.taker) for row in rows if row.giver != seat_id},
        set(givers) - speak,
    )
