"""Reads of the acts behind one row of a board: what the seat did, and who responded to it.

Heat leaves out what hangs on a hidden update or note (`shown_only`); cards count it, as the ledger does.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, bindparam, case, func, select

from app.core import clock
from app.core.sql import alias, table
from app.deliberation.models import Topic
from app.duty.models import DutyRecord
from app.feed.models import Update
from app.heat.formula import HeatAct, HeatCalendar, ScorePart, Span, flaw
from app.people.models import Person, Seat
from app.reading.models import ReadingNote
from app.threads.models import Reply, Support, Thread

_d, _p, _s, _top = table(DutyRecord), table(Person), table(Seat), table(Topic)
_note, _reply, _support, _thread, _update = (
    table(model) for model in (ReadingNote, Reply, Support, Thread, Update)
)

#: Characters of a text that stand for it in a list.
EXCERPT = 40


class Acts:
    """The acts of one seat in a window."""

    def __init__(self, seat_id: int, calendar: HeatCalendar, span: Span, *, shown_only: bool = True) -> None:
        self._zone, self._shown_only = calendar.zone, shown_only
        self._days = {"seat_id": seat_id, "first": span.first, "last": span.last}
        self._moments = {
            "seat_id": seat_id,
            "since": clock.day_starts(span.first, calendar.zone),
            "before": clock.day_starts(span.last + timedelta(days=1), calendar.zone),
        }

    def all(self, conn: Connection) -> list[HeatAct]:
        """Everything that may give heat, in no order."""
        return [*self.replies(conn), *self.updates(conn), *self.answers(conn), *self.supports(conn)]

    def _rows(
        self, conn: Connection, statements: tuple[Select[Any], Select[Any]], given: dict[str, Any]
    ) -> Iterator[Any]:
        every, shown = statements
        return iter(conn.execute(shown if self._shown_only else every, given))

    def replies(self, conn: Connection) -> list[HeatAct]:
        """What the seat replied: opinions in topics, and replies to others."""
        acts = []
        for row in self._rows(conn, _REPLIES, self._days):
            title, subject = f"{row.about}：{row.text}" if row.about else row.text, ("reply", row.id)
            if row.topic_id is not None and row.parent_id is None:
                act = HeatAct(ScorePart.OPINION, row.at, row.on, subject, topic_id=row.topic_id, title=title)
            else:
                act = HeatAct(ScorePart.REPLY, row.at, row.on, subject, other=row.to_seat_id, title=title)
            acts.append(act._replace(flaw=flaw(row.substance)))
        return acts

    def updates(self, conn: Connection) -> list[HeatAct]:
        """What the seat posted."""
        rows = conn.execute(_UPDATES, self._days)
        return [
            HeatAct(
                ScorePart.UPDATE, row.at, row.on, ("update", row.id), title=row.text, flaw=flaw(row.substance)
            )
            for row in rows
        ]

    def answers(self, conn: Connection) -> list[HeatAct]:
        """What other members replied to the seat."""
        return [
            self._echo(row, ("reply", row.id), f"{row.name}回复：{row.text}")._replace(
                flaw=flaw(row.substance)
            )
            for row in self._rows(conn, _ANSWERS, self._moments)
        ]

    def supports(self, conn: Connection) -> list[HeatAct]:
        """What other members supported of the seat; the subject of each is what was supported."""
        return [
            self._echo(row, (row.type, row.id), f"{row.name}赞同：{row.text}")
            for row in self._rows(conn, _SUPPORTS, self._moments)
        ]

    def _echo(self, row: Any, subject: tuple[str, int], title: str) -> HeatAct:
        on = clock.local_day(row.at, self._zone)
        return HeatAct(ScorePart.ECHO, row.at, on, subject, other=row.by, title=title)


def _excerpt(text: ColumnElement[str]) -> ColumnElement[str]:
    return func.substr(text, 1, EXCERPT)


# The statements are made once: to build one costs as much as to run it.

#: The update or note that a thread hangs on, if it does, is still shown.
_SHOWN = and_(
    *(c.is_(None) for c in (_update.c.hidden_at, _update.c.deleted_at, _note.c.hidden_at, _note.c.deleted_at))
)


def _with_thread(replies: FromClause) -> FromClause:
    """`replies` joined with their threads, and these with the update or note that they hang on."""
    return (
        replies.join(_thread, _thread.c.id == _reply.c.thread_id, isouter=True)
        .join(
            _update,
            and_(_thread.c.subject_type == "update", _update.c.id == _thread.c.subject_id),
            isouter=True,
        )
        .join(
            _note,
            and_(_thread.c.subject_type == "reading_note", _note.c.id == _thread.c.subject_id),
            isouter=True,
        )
    )


def _with_supported(supports: FromClause, supported: FromClause) -> FromClause:
    """`supports` joined with the reply and its thread, or with the `supported` update."""
    reply = and_(_support.c.target_type == "reply", _reply.c.id == _support.c.target_id)
    update = and_(_support.c.target_type == "update", supported.c.id == _support.c.target_id)
    return _with_thread(supports.join(_reply, reply, isouter=True)).join(supported, update, isouter=True)


def _live(kind: str) -> ColumnElement[bool]:
    return and_(
        _d.c.kind == kind,
        _d.c.voided_at.is_(None),
        _d.c.occurred_on.between(bindparam("first"), bindparam("last")),
    )


_REPLIED = (
    select(
        _d.c.occurred_at.label("at"),
        _d.c.occurred_on.label("on"),
        _reply.c.id,
        _reply.c.parent_id,
        _reply.c.to_seat_id,
        _reply.c.substance,
        _excerpt(_reply.c.body).label("text"),
        _top.c.id.label("topic_id"),
        func.coalesce(_top.c.title, _note.c.title, _excerpt(_update.c.body), "").label("about"),
    )
    .select_from(
        _with_thread(_d.join(_reply, _reply.c.id == _d.c.subject_id)).join(
            _top, and_(_thread.c.subject_type == "topic", _top.c.id == _thread.c.subject_id), isouter=True
        )
    )
    .where(_d.c.seat_id == bindparam("seat_id"), _live("reply.posted"))
)
_REPLIES = (_REPLIED, _REPLIED.where(_SHOWN))

_UPDATES = (
    select(
        _d.c.occurred_at.label("at"),
        _d.c.occurred_on.label("on"),
        _update.c.id,
        _update.c.substance,
        _excerpt(_update.c.body).label("text"),
    )
    .join(_update, _update.c.id == _d.c.subject_id)
    .where(_d.c.seat_id == bindparam("seat_id"), _live("update.posted"))
)

_ANSWERED = (
    select(
        _reply.c.created_at.label("at"),
        _reply.c.id,
        _reply.c.seat_id.label("by"),
        _p.c.name,
        _reply.c.substance,
        _excerpt(_reply.c.body).label("text"),
    )
    .select_from(
        _with_thread(_reply.join(_s, _s.c.id == _reply.c.seat_id).join(_p, _p.c.id == _s.c.person_id))
    )
    .where(
        _reply.c.to_seat_id == bindparam("seat_id"),
        _reply.c.seat_id != _reply.c.to_seat_id,
        _reply.c.created_at >= bindparam("since"),
        _reply.c.created_at < bindparam("before"),
        _reply.c.hidden_at.is_(None),
        _reply.c.deleted_at.is_(None),
    )
)
_ANSWERS = (_ANSWERED, _ANSWERED.where(_SHOWN))

_liked = alias(_update, "supported")
_SUPPORTED = (
    select(
        _support.c.created_at.label("at"),
        _support.c.target_type.label("type"),
        _support.c.target_id.label("id"),
        _support.c.seat_id.label("by"),
        _p.c.name,
        _excerpt(case((_support.c.target_type == "reply", _reply.c.body), else_=_liked.c.body)).label("text"),
    )
    .select_from(
        _with_supported(
            _support.join(_s, _s.c.id == _support.c.seat_id).join(_p, _p.c.id == _s.c.person_id), _liked
        )
    )
    .where(
        _support.c.to_seat_id == bindparam("seat_id"),
        _support.c.created_at >= bindparam("since"),
        _support.c.created_at < bindparam("before"),
        _support.c.seat_id != _support.c.to_seat_id,
        *(c.is_(None) for of in (_reply, _liked) for c in (of.c.hidden_at, of.c.deleted_at)),
    )
)
_SUPPORTS = (_SUPPORTED, _SUPPORTED.where(_SHOWN))
