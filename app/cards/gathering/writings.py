"""Reads of what a member, or all of them, wrote in a period that every other member may read: one statement.

Only what is on the ledger counts, and of that only what is shown now: updates, reading notes, the member's own
proposals on file, and replies under such updates and notes or in topics that are open to all. Drafts, what is hidden,
deleted or withdrawn and topics of the invited are left out; so are opinion reports, which other members never see.
"""

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from app.cards.facts import FactsSpan, Writing
from app.core.sql import table
from app.deliberation.models import Topic
from app.duty.kinds import KINDS
from app.duty.models import DutyRecord
from app.feed.models import Update
from app.feed.queries import EXCERPT
from app.proposals.lifecycle import ON_FILE
from app.proposals.models import Proposal
from app.reading.models import ReadingNote
from app.threads.models import Reply, Thread

#: What is read of all members: so many of the newest texts, and so much of each: a tenth of a second for the segmenter.
MOST_TEXTS, MOST_CHARACTERS = 500, 600

_d, _note, _proposal, _reply = table(DutyRecord), table(ReadingNote), table(Proposal), table(Reply)
_thread, _topic, _update = table(Thread), table(Topic), table(Update)


def _written(
    whose: ColumnElement[bool],
    kind: str,
    of: FromClause,
    title: ColumnElement[str],
    text: ColumnElement[str],
    *which: ColumnElement[bool],
) -> Select[Any]:
    """What seats wrote themselves in some days, as acts of one kind."""
    return (
        select(
            literal(KINDS[kind].subject_type).label("type"),
            of.c.id.label("id"),
            _d.c.occurred_at.label("at"),
            _d.c.occurred_on.label("on"),
            title.label("title"),
            text.label("text"),
        )
        .select_from(_d.join(of, of.c.id == _d.c.subject_id))
        .where(
            whose,
            of.c.seat_id == _d.c.seat_id,
            _d.c.kind == kind,
            _d.c.voided_at.is_(None),
            _d.c.occurred_on.between(bindparam("first"), bindparam("last")),
            *which,
        )
    )


def _shown(text: FromClause) -> ColumnElement[bool]:
    return and_(text.c.hidden_at.is_(None), text.c.deleted_at.is_(None))


def _excerpt(text: ColumnElement[str]) -> ColumnElement[str]:
    return func.substr(text, 1, EXCERPT)


def _under(kind: str, subject: FromClause, shown: ColumnElement[bool]) -> ColumnElement[bool]:
    """Replies in the thread of a subject that everybody sees."""
    return exists().where(
        _thread.c.id == _reply.c.thread_id,
        _thread.c.subject_type == kind,
        subject.c.id == _thread.c.subject_id,
        shown,
    )


def _writings(whose: ColumnElement[bool]) -> CompoundSelect[Any]:
    return union_all(
        _written(whose, "update.posted", _update, _excerpt(_update.c.body), _update.c.body, _shown(_update)),
        _written(
            whose,
            "reading.noted",
            _note,
            _note.c.title,
            _note.c.title + "\n" + _note.c.body,
            _shown(_note),
        ),
        _written(
            whose,
            "proposal.filed",
            _proposal,
            _proposal.c.title,
            _proposal.c.title + "\n" + _proposal.c.situation + "\n" + _proposal.c.suggestions,
            _proposal.c.state.in_(ON_FILE),
            _proposal.c.deleted_at.is_(None),
        ),
        _written(
            whose,
            "reply.posted",
            _reply,
            _excerpt(_reply.c.body),
            _reply.c.body,
            _shown(_reply),
            or_(
                _under("update", _update, _shown(_update)),
                _under("reading_note", _note, _shown(_note)),
                _under(
                    "topic",
                    _topic,
                    and_(_topic.c.published_at.is_not(None), _topic.c.invited_only.is_(False)),
                ),
            ),
        ),
    )


_OF_SEAT = _writings(_d.c.seat_id == bindparam("seat_id")).order_by("at", "type", "id")
_all = _writings(_d.c.organization_id == bindparam("organization_id")).subquery()
_OF_ALL = (
    select(
        _all.c.type,
        _all.c.id,
        _all.c.on,
        _all.c.title,
        func.substr(_all.c.text, 1, MOST_CHARACTERS).label("text"),
    )
    .order_by(_all.c.at.desc(), _all.c.type, _all.c.id)
    .limit(MOST_TEXTS)
)


def writings(conn: Connection, seat_id: int, period: FactsSpan) -> list[Writing]:
    """What a member wrote in a period for all to read, oldest first."""
    days = {"first": period.first, "last": period.last}
    return [
        Writing((row.type, row.id), row.on, row.title, row.text)
        for row in conn.execute(_OF_SEAT, {"seat_id": seat_id} | days)
    ]


def all_writings(conn: Connection, organization_id: int, first: date, last: date) -> list[Writing]:
    """The beginnings of what the members of an organization wrote for all to read, newest first."""
    which = {"organization_id": organization_id, "first": first, "last": last}
    return [Writing((row.type, row.id), row.on, row.title, row.text) for row in conn.execute(_OF_ALL, which)]
