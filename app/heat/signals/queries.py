"""Reads for signals: what members did in a month, and the pages that show it to staff."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, func, literal, null, select, union_all

from app.auth import subjects
from app.auth.actor import Actor
from app.core import clock
from app.core.errors import Invalid, NotFound
from app.core.paging import PageRows, decode_cursor, encode_cursor
from app.core.sql import table
from app.feed.models import Update
from app.heat import formula, queries, responses
from app.heat.formula import HeatCalendar, Span
from app.heat.signals import rules
from app.heat.signals.rules import KIND_LABELS, VERB_LABELS, Deed, Signal, Verb
from app.people.models import Person, Seat, Sector
from app.people.queries import named
from app.threads.models import Reply, Support

_u, _r, _v = table(Update), table(Reply), table(Support)
_s, _p, _x = table(Seat), table(Person), table(Sector)

PATH = "/api/v1/heat-signals"


def page_of_signals(
    conn: Connection, actor: Actor, month: str | None, cursor: str | None, limit: int
) -> PageRows:
    """What is worth a look in a month, the most acts first."""
    calendar, span = _month(conn, actor.organization_id, month)
    found = _signals(conn, actor.organization_id, calendar, span)
    start = max(decode_cursor(cursor, int)[0], 0) if cursor else 0
    shown = found[start : start + limit]
    names = _names(conn, {seat_id for signal in shown for seat_id in signal.seats})
    items = [
        {
            "key": signal.key,
            "kind": signal.kind,
            "kind_label": KIND_LABELS[signal.kind],
            "seats": [names[seat_id] for seat_id in signal.seats],
            "count": len(signal.deeds),
            "starts_at": signal.deeds[0].at,
            "ends_at": signal.deeds[-1].at,
            "acts": f"{PATH}/acts?month={span.first:%Y-%m}&key={signal.key}",
        }
        for signal in shown
    ]
    return {"items": items, "next": encode_cursor(start + limit) if start + limit < len(found) else None}


def page_of_deeds(
    conn: Connection, actor: Actor, month: str | None, key: str, cursor: str | None, limit: int
) -> PageRows:
    """The acts that make a signal, oldest first."""
    calendar, span = _month(conn, actor.organization_id, month)
    found = [one for one in _signals(conn, actor.organization_id, calendar, span) if one.key == key]
    if not found:
        raise NotFound
    deeds = found[0].deeds
    start = max(decode_cursor(cursor, int)[0], 0) if cursor else 0
    shown = deeds[start : start + limit]
    names = _names(conn, {seat_id for deed in shown for seat_id in (deed.by, deed.to) if seat_id})
    links = subjects.links(conn, actor, {deed.subject for deed in shown})
    items = [
        {
            "at": deed.at,
            "verb": deed.verb,
            "verb_label": VERB_LABELS[deed.verb],
            "by": names[deed.by],
            "to": names[deed.to] if deed.to else None,
            "title": links[deed.subject].title if deed.subject in links else "内容已不再显示",
            "path": links[deed.subject].path if deed.subject in links else None,
            "is_junk": deed.is_junk,
        }
        for deed in shown
    ]
    return {"items": items, "next": encode_cursor(start + limit) if start + limit < len(deeds) else None}


def _month(conn: Connection, organization_id: int, month: str | None) -> tuple[HeatCalendar, Span]:
    calendar = queries.calendar(conn, organization_id)
    today = clock.local_day(clock.now(), calendar.zone)
    day = date.fromisoformat(f"{month}-01") if month else today
    if day > today:
        raise Invalid("不能查看未来的月份。", code="future_day")
    span = formula.span(calendar, "month", day)
    assert span is not None  # noqa: S101 - every day has a month
    return calendar, span


def _signals(conn: Connection, organization_id: int, calendar: HeatCalendar, span: Span) -> list[Signal]:
    deeds = _deeds(conn, organization_id, calendar, span)
    givers = {deed.by for deed in deeds if deed.to}
    speak = set(conn.scalars(responses.speaking(select(_s.c.id).where(_s.c.id.in_(givers)), calendar, span)))
    return rules.find(deeds, givers - speak)


def _deeds(conn: Connection, organization_id: int, calendar: HeatCalendar, span: Span) -> list[Deed]:
    since = clock.day_starts(span.first, calendar.zone)
    before = clock.day_starts(span.last + timedelta(days=1), calendar.zone)

    def of(rows: Any, verb: Verb, to: Any, kind: Any, subject: Any, substance: Any) -> Any:
        return select(
            rows.c.created_at.label("at"),
            rows.c.seat_id.label("by"),
            to.label("to"),
            literal(verb.value).label("verb"),
            kind.label("kind"),
            subject.label("subject"),
            substance.label("substance"),
        ).where(
            rows.c.organization_id == organization_id,
            rows.c.created_at >= since,
            rows.c.created_at < before,
            rows.c.seat_id.is_not(None),
        )

    enough = func.coalesce
    rows = conn.execute(
        union_all(
            of(
                _u, Verb.UPDATE, null(), literal("update"), _u.c.id, enough(_u.c.substance, formula.SUBSTANCE)
            ),
            of(
                _r,
                Verb.REPLY,
                _r.c.to_seat_id,
                literal("reply"),
                _r.c.id,
                enough(_r.c.substance, formula.SUBSTANCE),
            ),
            of(
                _v,
                Verb.SUPPORT,
                _v.c.to_seat_id,
                _v.c.target_type,
                _v.c.target_id,
                literal(formula.SUBSTANCE),
            ),
        )
    )
    return [
        Deed(
            row.at, row.by, row.to, Verb(row.verb), (row.kind, row.subject), row.substance < formula.SUBSTANCE
        )
        for row in rows
    ]


def _names(conn: Connection, seat_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    rows = conn.execute(
        select(_s.c.id, _p.c.name, _x.c.name.label("sector"), _s.c.post)
        .select_from(_s.join(_p, _p.c.id == _s.c.person_id).join(_x, _x.c.id == _s.c.sector_id))
        .where(_s.c.id.in_(seat_ids))
    )
    return {row.id: named(row.id, row.name, row.sector, row.post) for row in rows}
