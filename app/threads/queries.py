"""Reads of threads and replies. Who may see a thread is the rule of its subject."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, and_, case, exists, func, literal, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.subjects import Subject
from app.core.errors import NotFound
from app.core.paging import PageRows, before, decode_cursor, encode_cursor, page
from app.core.sql import table
from app.people.models import Person, Seat
from app.people.queries import author_columns, join_author
from app.threads.models import Reply, Support, Thread, ThreadRead

Order = Literal["oldest", "newest", "hottest"]

_t, _r, _u, _a, _v = table(Thread), table(Reply), table(Support), table(Account), table(ThreadRead)
_q, _qs, _qp = _r.alias("quoted"), table(Seat).alias("quoted_seat"), table(Person).alias("quoted_person")
_qa = _a.alias("quoted_account")

#: A reply that is neither hidden nor deleted.
shown = and_(_r.c.hidden_at.is_(None), _r.c.deleted_at.is_(None))


@dataclass(frozen=True)
class ThreadHead:
    """A thread that the actor may see."""

    id: int
    subject: tuple[str, int]
    reply_count: int
    version: int


def visible_thread(conn: Connection, actor: Actor, thread_id: int) -> ThreadHead:
    """The thread if the actor may see its subject; else `NotFound`."""
    row = conn.execute(
        select(_t.c.subject_type, _t.c.subject_id, _t.c.reply_count, _t.c.version).where(
            _t.c.id == thread_id, _t.c.organization_id == actor.organization_id
        )
    ).first()
    if row is None:
        raise NotFound
    subjects.require(conn, actor, row.subject_type, row.subject_id)
    return ThreadHead(thread_id, (row.subject_type, row.subject_id), row.reply_count, row.version)


def visible_replies(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which replies are shown, in threads that the actor may see."""
    rows = conn.execute(
        select(_r.c.id, _t.c.subject_type, _t.c.subject_id)
        .join(_t, _t.c.id == _r.c.thread_id)
        .where(_r.c.id.in_(ids), _t.c.organization_id == actor.organization_id, shown)
    ).all()
    seen: set[int] = set()
    for kind in {row.subject_type for row in rows}:
        mine = [row for row in rows if row.subject_type == kind]
        open_ids = subjects.visible(conn, actor, kind, {row.subject_id for row in mine})
        seen |= {row.id for row in mine if row.subject_id in open_ids}
    return seen


subjects.register(Subject("reply", "回复", visible_replies, "/api/v1/replies/{id}"))


def _replies(actor: Actor) -> Select[Any]:
    state = case(
        (_r.c.deleted_at.is_not(None), "deleted"), (_r.c.hidden_at.is_not(None), "hidden"), else_="shown"
    )
    quote_shown = and_(_q.c.hidden_at.is_(None), _q.c.deleted_at.is_(None))
    mine = exists().where(
        _u.c.target_type == "reply", _u.c.target_id == _r.c.id, _u.c.seat_id == (actor.seat_id or 0)
    )
    source = (
        join_author(_r.join(_a, _a.c.id == _r.c.account_id), _r.c.seat_id, outer=True)
        .join(_q, _q.c.id == _r.c.quote_id, isouter=True)
        .join(_qa, _qa.c.id == _q.c.account_id, isouter=True)
        .join(_qs, _qs.c.id == _q.c.seat_id, isouter=True)
        .join(_qp, _qp.c.id == _qs.c.person_id, isouter=True)
    )
    name, *rest = author_columns()
    return select(
        _r.c.id,
        _r.c.thread_id,
        _r.c.parent_id,
        state.label("state"),
        case((shown, _r.c.body), else_="").label("body"),
        _r.c.seat_id,
        func.coalesce(name, _a.c.name).label("author_name"),
        *rest,
        _r.c.quote_id,
        func.coalesce(_qp.c.name, _qa.c.name).label("quote_author"),
        case((quote_shown, func.substr(_q.c.body, 1, 80)), else_="").label("quote_excerpt"),
        _r.c.mentions,
        _r.c.created_at,
        _r.c.reply_count,
        _r.c.support_count,
        _r.c.echo_count,
        mine.label("supported"),
    ).select_from(source)


def _row(row: Row[Any]) -> dict[str, Any]:
    reply = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to a mapping
    reply.pop("echo_count")
    author, excerpt, quoted = reply.pop("quote_author"), reply.pop("quote_excerpt"), reply.pop("quote_id")
    reply["quote"] = {"id": quoted, "author_name": author, "excerpt": excerpt} if quoted else None
    reply["supported"] = bool(reply["supported"])
    if reply["state"] != "shown":
        reply["mentions"] = []
    return reply


def reply_row(conn: Connection, actor: Actor, reply_id: int) -> dict[str, Any]:
    """One shown reply; `NotFound` when the actor may not see it."""
    subjects.require(conn, actor, "reply", reply_id)
    return _row(conn.execute(_replies(actor).where(_r.c.id == reply_id)).one())


def last_read(conn: Connection, actor: Actor, thread_id: int) -> int:
    """Up to which reply the actor has read a thread; 0 for nothing."""
    mine = (_v.c.account_id == actor.account_id) & (_v.c.thread_id == thread_id)
    return conn.scalar(select(_v.c.last_reply_id).where(mine)) or 0


def page_of_replies(  # noqa: PLR0913 - the query string of a thread
    conn: Connection,
    actor: Actor,
    thread: ThreadHead,
    *,
    order: Order,
    cursor: str | None,
    limit: int,
    under: int | None = None,
    top: bool = False,
    start: Literal["first", "unread"] = "first",
) -> dict[str, Any]:
    """Replies of a thread in the asked order, from the cursor, or from the first unread one.

    Cursors of `oldest` and `newest` are `["after"|"before", id]` and go both ways; `hottest` lists top-level
    replies by echo and goes forward only.
    """
    read = last_read(conn, actor, thread.id)
    found = _replies(actor).where(_r.c.thread_id == thread.id)
    if under is not None:
        found = found.where(_r.c.parent_id == under)
    elif top or order == "hottest":
        found = found.where(_r.c.parent_id.is_(None))
    if order == "hottest":
        rows = _by_echo(conn, found, cursor, limit)
    else:
        rows = _by_time(conn, found, order, cursor, limit, start_after=read if start == "unread" else None)
    return {**rows, "reply_count": thread.reply_count, "last_read_id": read}


def _by_echo(conn: Connection, found: Select[Any], cursor: str | None, limit: int) -> dict[str, Any]:
    keys = [_r.c.echo_count, _r.c.id]
    if cursor:
        found = found.where(before(keys, decode_cursor(cursor, int, int)))
    rows = conn.execute(found.order_by(*(k.desc() for k in keys)).limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return {
        "items": [_row(r) for r in rows[:limit]],
        "next": encode_cursor(last.echo_count, last.id) if last else None,
        "previous": None,
    }


def _by_time(
    conn: Connection,
    found: Select[Any],
    order: Order,
    cursor: str | None,
    limit: int,
    *,
    start_after: int | None,
) -> dict[str, Any]:
    way, at = decode_cursor(cursor, str, int) if cursor else ("after", None)
    if at is None and start_after:
        at = start_after if order == "oldest" else None
    # forward on screen is upward by id when the oldest stand first
    upward = (order == "oldest") == (way == "after")
    if at is not None:
        found = found.where(_r.c.id > literal(at) if upward else _r.c.id < literal(at))
    rows = conn.execute(found.order_by(_r.c.id if upward else _r.c.id.desc()).limit(limit + 1)).all()
    more, items = len(rows) > limit, [_row(r) for r in rows[:limit]]
    if way == "before":
        items.reverse()
    if not items:
        return {"items": [], "next": None, "previous": encode_cursor("before", at + 1) if at else None}
    beyond = (
        {"after": more, "before": at is not None}
        if way == "after"
        else {"after": at is not None, "before": more}
    )
    return {
        "items": items,
        "next": encode_cursor("after", items[-1]["id"]) if beyond["after"] else None,
        "previous": encode_cursor("before", items[0]["id"]) if beyond["before"] else None,
    }


def page_of_supporters(conn: Connection, target: tuple[str, int], cursor: str | None, limit: int) -> PageRows:
    """Who supports a reply or update, newest first."""
    found = (
        select(_u.c.seat_id, *author_columns(), _u.c.created_at.label("at"))
        .select_from(join_author(_u, _u.c.seat_id))
        .where(_u.c.target_type == target[0], _u.c.target_id == target[1])
    )
    if cursor:
        found = found.where(before([_u.c.seat_id], decode_cursor(cursor, int)))
    rows = [dict(r) for r in conn.execute(found.order_by(_u.c.seat_id.desc()).limit(limit + 1)).mappings()]
    return page(rows, limit, ["seat_id"])
