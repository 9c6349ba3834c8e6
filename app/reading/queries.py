"""Reads of reading: topics and notes are seen by the circle of their organization, a log by its owner and staff."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.subjects import Subject
from app.casefiles import reads
from app.core import clock
from app.core.errors import NotFound
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.people.duty_years import local_time
from app.people.offices.scope import Reach, own_committees, reach
from app.people.queries import author_columns, join_author
from app.reading.models import Book, ReadingLog, ReadingNote, ReadingTopic
from app.reading.rules import allowed_actions
from app.threads.models import Thread

When = Literal["current", "past", "coming", "all"]
EXCERPT = 120

_t, _b, _l, _n, _th = table(ReadingTopic), table(Book), table(ReadingLog), table(ReadingNote), table(Thread)

#: A note that is neither deleted nor hidden.
shown = and_(_n.c.deleted_at.is_(None), _n.c.hidden_at.is_(None))


def _in_circle(column: ColumnElement[int], actor: Actor) -> ColumnElement[bool]:
    return and_(column == actor.organization_id, literal(actor.may(Permission.CIRCLE_READ)))


def _open_note(actor: Actor) -> ColumnElement[bool]:
    own = literal(actor.may(Permission.CIRCLE_READ)) | _n.c.seat_id.in_(actor.seat_ids)
    return and_(_n.c.organization_id == actor.organization_id, own)


def visible_topics(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of some topics the actor may see."""
    rows = select(_t.c.id).where(_t.c.id.in_(ids), _in_circle(_t.c.organization_id, actor))
    return set(conn.scalars(rows))


def visible_notes(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of some notes the actor may see: all of the circle, their own who have left it."""
    rows = select(_n.c.id).where(_n.c.id.in_(ids), shown, _open_note(actor))
    return set(conn.scalars(rows))


def visible_logs(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of some log entries the actor may see: their own, staff all of the organization."""
    managed = _t.c.committee_id.in_(own_committees(actor)) if actor.limited else literal(value=False)
    everywhere = literal(actor.outside().may(Permission.READING_MANAGE))
    mine = everywhere | _l.c.seat_id.in_(actor.seat_ids) | _l.c.topic_id.in_(select(_t.c.id).where(managed))
    here = _l.c.organization_id == actor.organization_id
    return set(conn.scalars(select(_l.c.id).where(_l.c.id.in_(ids), here, mine, _l.c.deleted_at.is_(None))))


def _reads(actor: Actor) -> tuple[int, bool | frozenset[int]]:
    return actor.organization_id, actor.may(Permission.CIRCLE_READ) or actor.seat_ids


for _kind, _label, _visible, _path, _titles in (
    ("reading_topic", "读书主题", visible_topics, "topics", subjects.titled(_t.c.id, _t.c.title)),
    ("reading_note", "读书笔记", visible_notes, "notes", subjects.titled(_n.c.id, _n.c.title)),
    ("reading_log", "读书记录", visible_logs, "logs", subjects.titled(_l.c.id, _l.c.book)),
):
    _circle = {} if _kind == "reading_log" else {"circle": _reads}
    subjects.register(
        Subject(_kind, _label, _visible, f"/api/v1/reading/{_path}/{{id}}", titles=_titles, **_circle)
    )


def _topics(conn: Connection, actor: Actor, query: Select[Any]) -> list[dict[str, Any]]:
    today = clock.local_day(clock.now(), actor.zone)
    rows = [dict(r) for r in conn.execute(query).mappings()]
    books: dict[int, list[dict[str, Any]]] = {r["id"]: [] for r in rows}
    for b in conn.execute(
        select(_b.c.topic_id, _b.c.title, _b.c.author)
        .where(_b.c.topic_id.in_(books))
        .order_by(_b.c.topic_id, _b.c.position)
    ):
        books[b.topic_id].append({"title": b.title, "author": b.author})
    for row in rows:
        row["books"] = books[row["id"]]
        row["current"] = row["starts_on"] <= today <= row["ends_on"]
    return rows


def _topic_columns() -> Select[Any]:
    notes = select(func.count()).where(_n.c.topic_id == _t.c.id, shown).scalar_subquery()
    columns = (
        _t.c.id,
        _t.c.title,
        _t.c.intro,
        _t.c.starts_on,
        _t.c.ends_on,
        _t.c.committee_id,
        notes.label("note_count"),
    )
    return select(*columns)


def page_of_topics(conn: Connection, actor: Actor, when: When, cursor: str | None, limit: int) -> PageRows:
    """Topics, newest first: those of today, past or coming ones, or all."""
    today = clock.local_day(clock.now(), actor.zone)
    query = _topic_columns().where(_in_circle(_t.c.organization_id, actor))
    if when == "current":
        query = query.where(_t.c.starts_on <= today, _t.c.ends_on >= today)
    elif when == "past":
        query = query.where(_t.c.ends_on < today)
    elif when == "coming":
        query = query.where(_t.c.starts_on > today)
    if cursor:
        query = query.where(before([_t.c.id], decode_cursor(cursor, int)))
    return page(_topics(conn, actor, query.order_by(_t.c.id.desc()).limit(limit + 1)), limit, ["id"])


def topic(conn: Connection, actor: Actor, topic_id: int) -> dict[str, Any]:
    """One topic; `NotFound` when the actor may not see it."""
    mine = _in_circle(_t.c.organization_id, actor)
    rows = _topics(conn, actor, _topic_columns().where(_t.c.id == topic_id, mine))
    if not rows:
        raise NotFound
    return rows[0]


def _logs() -> Select[Any]:
    return select(
        _l.c.id, _l.c.book, _l.c.topic_id, _l.c.minutes, _l.c.pages, _l.c.read_on, _l.c.created_at
    ).where(_l.c.deleted_at.is_(None))


def page_of_logs(conn: Connection, actor: Actor, cursor: str | None, limit: int) -> PageRows:
    """The actor's own log, newest first."""
    query = _logs().where(_l.c.seat_id == actor.shown_seat)
    if cursor:
        query = query.where(before([_l.c.id], decode_cursor(cursor, int)))
    rows = conn.execute(query.order_by(_l.c.id.desc()).limit(limit + 1)).mappings()
    return page([dict(r) for r in rows], limit, ["id"])


def log(conn: Connection, actor: Actor, log_id: int) -> dict[str, Any]:
    """One entry; `NotFound` when the actor may not see it."""
    subjects.require(conn, actor, "reading_log", log_id)
    return dict(conn.execute(_logs().where(_l.c.id == log_id)).mappings().one())


def minutes_on(conn: Connection, seat_id: int, day: date) -> int:
    """Minutes that a seat has logged on a day."""
    query = select(func.coalesce(func.sum(_l.c.minutes), 0)).where(
        _l.c.seat_id == seat_id, _l.c.read_on == day, _l.c.deleted_at.is_(None)
    )
    return int(conn.scalar(query) or 0)


def reading_year(conn: Connection, actor: Actor, year: int | None) -> dict[str, Any]:
    """The actor's reading in a duty year (the present one): sums, books and every month."""
    local = local_time(conn, actor.organization_id)
    year = year or local.this_year()
    first, last = local.years.days(year)
    seat = actor.shown_seat
    rows = conn.execute(
        select(_l.c.read_on, _l.c.minutes, _l.c.pages, _l.c.book)
        .where(_l.c.seat_id == seat, _l.c.read_on.between(first, last), _l.c.deleted_at.is_(None))
        .order_by(_l.c.read_on, _l.c.id)
    ).all()
    since = clock.day_starts(first, local.zone)
    before = clock.day_starts(last + timedelta(days=1), local.zone)
    written, commended = (
        func.count().filter(moment >= since, moment < before)
        for moment in (_n.c.created_at, _n.c.commended_at)
    )
    notes = conn.execute(select(written, commended).where(_n.c.seat_id == seat, shown)).one()
    months = _months(first, last)
    return {
        "year": year,
        "label": local.years.label(year),
        "starts_on": first,
        "ends_on": last,
        **_sums(rows),
        "books": list(dict.fromkeys(r.book for r in rows)),
        "notes": notes[0],
        "commended": notes[1],
        "months": [{"month": m, **_sums([r for r in rows if f"{r.read_on:%Y-%m}" == m])} for m in months],
    }


def _months(first: date, last: date) -> list[str]:
    """The calendar months that a year touches, as `YYYY-MM`."""
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in months]


def _sums(rows: Collection[Any]) -> dict[str, int]:
    return {
        "minutes": sum(r.minutes for r in rows),
        "pages": sum(r.pages for r in rows),
        "days": len({r.read_on for r in rows}),
    }


def _notes(actor: Actor, *more: ColumnElement[Any]) -> Select[Any]:
    source = join_author(_n, _n.c.seat_id).join(
        _th, (_th.c.subject_type == "reading_note") & (_th.c.subject_id == _n.c.id)
    )
    host = select(_t.c.committee_id).where(_t.c.id == _n.c.topic_id).scalar_subquery()
    return (
        select(
            _n.c.id,
            _n.c.seat_id,
            *author_columns(),
            _n.c.topic_id,
            _n.c.book,
            _n.c.title,
            func.substr(_n.c.body, 1, EXCERPT).label("excerpt"),
            _th.c.id.label("thread_id"),
            _th.c.reply_count,
            _n.c.account_id,
            host.label("committee_id"),
            _n.c.commended_at,
            _n.c.created_at,
            *more,
        )
        .select_from(source)
        .where(shown, _open_note(actor))
    )


def page_of_notes(
    conn: Connection,
    actor: Actor,
    *,
    topic_id: int | None,
    seat_id: int | None,
    commended: bool,
    cursor: str | None,
    limit: int,
) -> PageRows:
    """Notes newest first: all, of a topic, of one member, or the commended ones."""
    query = _notes(actor)
    if topic_id is not None:
        query = query.where(_n.c.topic_id == topic_id)
    if seat_id is not None:
        query = query.where(_n.c.seat_id == seat_id)
    if commended:
        query = query.where(_n.c.commended_at.is_not(None))
    if cursor:
        query = query.where(before([_n.c.id], decode_cursor(cursor, int)))
    rows = conn.execute(query.order_by(_n.c.id.desc()).limit(limit + 1)).mappings()
    reader = reach(conn, actor)
    return page([_with_verbs(dict(r), reader) for r in rows], limit, ["id"])


def _with_verbs(row: dict[str, Any], reader: Reach) -> dict[str, Any]:
    own, commended = row.pop("account_id") == reader.actor.account_id, row["commended_at"] is not None
    held = reader.toward(row.pop("committee_id")).permissions
    return row | {"may": allowed_actions(held, own=own, commended=commended)}


def note(conn: Connection, actor: Actor, note_id: int) -> dict[str, Any]:
    """One note with its text; `NotFound` when the actor may not see it."""
    row = reads.only(conn, _notes(actor, _n.c.body).where(_n.c.id == note_id))
    return _with_verbs(dict(row), reach(conn, actor))


def host(conn: Connection, note_id: int) -> int | None:
    """The committee that is host of the topic on which a note was written."""
    return conn.scalar(select(_t.c.committee_id).join(_n, _n.c.topic_id == _t.c.id).where(_n.c.id == note_id))


def note_author(conn: Connection, note_id: int) -> int | None:
    """The seat that wrote a note."""
    return conn.scalar(select(_n.c.seat_id).where(_n.c.id == note_id))
