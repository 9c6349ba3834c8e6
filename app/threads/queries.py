"""Reads of threads and replies. Who may see a thread is the rule of its subject."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, Integer, Select, and_, bindparam, case, func, select, tuple_

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.core.errors import NotFound
from app.core.hot.prepared import Prepared
from app.core.paging import PageRows, before, decode_cursor, encode_cursor, page
from app.core.sql import Id, alias, table
from app.people.models import Person, Seat
from app.people.queries import author_columns, join_author
from app.threads.models import Reply, Support, Thread, ThreadRead
from app.threads.rules import STAGE_LABELS, allowed_actions
from app.threads.shared import SharedPage, for_one, shared

Order = Literal["oldest", "newest", "hottest"]

_t, _r, _u, _a, _v = table(Thread), table(Reply), table(Support), table(Account), table(ThreadRead)
_q, _qs, _qp = alias(_r, "quoted"), alias(table(Seat), "quoted_seat"), alias(table(Person), "quoted_person")
_qa = alias(_a, "quoted_account")

#: A reply that is neither hidden nor deleted.
shown = and_(_r.c.hidden_at.is_(None), _r.c.deleted_at.is_(None))


@dataclass(frozen=True)
class ThreadHead:
    """A thread that the actor may see."""

    id: int
    subject: tuple[str, int]
    reply_count: int
    version: int


_HEAD = Prepared(
    select(_t.c.subject_type, _t.c.subject_id, _t.c.reply_count, _t.c.version).where(
        _t.c.id == bindparam("id"), _t.c.organization_id == bindparam("organization_id")
    )
)


def visible_thread(conn: Connection, actor: Actor, thread_id: int) -> ThreadHead:
    """The thread if the actor may see its subject; else `NotFound`."""
    row = _HEAD.first(conn, id=thread_id, organization_id=actor.organization_id)
    if row is None:
        raise NotFound
    kind, subject_id, reply_count, version = row
    subjects.require(conn, actor, kind, subject_id)
    return ThreadHead(thread_id, (kind, subject_id), reply_count, version)


_HEADS = Prepared(
    select(
        _t.c.id, _t.c.organization_id, _t.c.subject_type, _t.c.subject_id, _t.c.reply_count, _t.c.version
    ).where(_t.c.id.in_(bindparam("ids", expanding=True)))
)


def visible_threads(
    conn: Connection, asked: Collection[tuple[Actor, int]]
) -> dict[tuple[Actor, int], ThreadHead]:
    """As `visible_thread`, for many actors and threads; what may not be seen is left out."""
    heads = {}
    for thread_id, organization_id, kind, subject_id, *counts in _HEADS.tuples(
        conn, ids=list({i for _, i in asked})
    ):
        heads[thread_id, organization_id] = ThreadHead(thread_id, (kind, subject_id), *counts)
    circles: dict[object, list[tuple[Actor, ThreadHead]]] = {}
    for actor, thread_id in asked:
        if head := heads.get((thread_id, actor.organization_id)):
            kind = subjects.subject(head.subject[0])
            circles.setdefault((kind.type, kind.circle(actor)), []).append((actor, head))
    found: dict[tuple[Actor, int], ThreadHead] = {}
    for circle in circles.values():
        alike, head = circle[0]
        seen = subjects.visible(conn, alike, head.subject[0], {head.subject[1] for _, head in circle})
        found |= {(actor, head.id): head for actor, head in circle if head.subject[1] in seen}
    return found


def _replies() -> Select[Any]:
    state = case(
        (_r.c.deleted_at.is_not(None), "deleted"), (_r.c.hidden_at.is_not(None), "hidden"), else_="shown"
    )
    quote_shown = and_(_q.c.hidden_at.is_(None), _q.c.deleted_at.is_(None))
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
        case((_r.c.deleted_at.is_(None), _r.c.body), else_="").label("body"),
        _r.c.hidden_reason,
        _r.c.account_id,
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
    ).select_from(source)


def _finish(reply: dict[str, Any]) -> dict[str, Any]:
    del reply["echo_count"]
    author, excerpt, quoted = reply.pop("quote_author"), reply.pop("quote_excerpt"), reply.pop("quote_id")
    reply["quote"] = {"id": quoted, "author_name": author, "excerpt": excerpt} if quoted else None
    reply["stage"], reply["state_label"] = reply["state"], STAGE_LABELS[reply["state"]]
    if reply["state"] == "hidden":
        reply["whole"] = {key: reply[key] for key in ("body", "mentions")}
    if reply["state"] != "shown":
        reply |= {"body": "", "mentions": []}
    return reply


_ONE = Prepared(_replies().where(_r.c.id == bindparam("id")))


def reply_row(conn: Connection, actor: Actor, reply_id: int) -> dict[str, Any]:
    """One reply, of which its visibility was checked."""
    return for_one(conn, actor, "reply", _finish(_ONE.rows(conn, id=reply_id)[0]), allowed_actions)


def new_reply(conn: Connection, actor: Actor, reply_id: int) -> dict[str, Any]:
    """A reply that the actor just posted."""
    row = _finish(_ONE.rows(conn, id=reply_id)[0])
    return row | {"supported": False, "may": allowed_actions(actor.permissions, row["stage"], True)}


_LAST_READ = Prepared(
    select(_v.c.account_id, _v.c.thread_id, _v.c.last_reply_id).where(
        _v.c.account_id.in_(bindparam("account_ids", expanding=True)),
        _v.c.thread_id.in_(bindparam("thread_ids", expanding=True)),
    )
)


def last_read(conn: Connection, asked: Collection[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Up to which reply accounts have read threads, by account and thread."""
    account_ids, thread_ids = ({key[i] for key in asked} for i in (0, 1))
    rows = _LAST_READ.tuples(conn, account_ids=list(account_ids), thread_ids=list(thread_ids))
    return {(account_id, thread_id): last for account_id, thread_id, last in rows}


@dataclass(frozen=True)
class ReplyQuery:
    """Which replies of a thread: all, those under one, or (`top`) the top-level ones; in which order, from where.

    Cursors of `oldest` and `newest` are `["after"|"before", id]` and go both ways; `hottest` lists top-level
    replies by echo and goes forward only.
    """

    order: Order = "oldest"
    cursor: str | None = None
    limit: int = 30
    under: int | None = None
    top: bool = False

    def after(self, read: int | None) -> "ReplyQuery":
        """The same from the first unread reply, where the oldest come first and no cursor is given."""
        if not read or self.order != "oldest" or self.cursor is not None:
            return self
        return replace(self, cursor=encode_cursor("after", read))


@cache
def _page(order: Order, *, under: bool, top: bool, upward: bool, further: bool) -> Prepared:
    found = _replies().where(_r.c.thread_id == bindparam("thread_id"))
    if under:
        found = found.where(_r.c.parent_id == bindparam("under"))
    elif top or order == "hottest":
        found = found.where(_r.c.parent_id.is_(None))
    if order == "hottest":
        if further:
            last = tuple_(bindparam("echo", type_=Integer), bindparam("at", type_=Id))
            found = found.where(tuple_(_r.c.echo_count, _r.c.id) < last)
        found = found.order_by(_r.c.echo_count.desc(), _r.c.id.desc())
    else:
        if further:
            found = found.where(_r.c.id > bindparam("at") if upward else _r.c.id < bindparam("at"))
        found = found.order_by(_r.c.id if upward else _r.c.id.desc())
    return Prepared(found.limit(bindparam("limit")))


def page_of_replies(conn: Connection, thread_id: int, wanted: ReplyQuery) -> SharedPage:
    """Replies of a thread in the asked order."""
    return (_by_echo if wanted.order == "hottest" else _by_time)(conn, thread_id, wanted)


def _fetch(
    conn: Connection, thread_id: int, wanted: ReplyQuery, *, upward: bool = False, **at: int
) -> tuple[list[dict[str, Any]], bool]:
    """The rows of a page, and whether there are more."""
    values = {"thread_id": thread_id, "limit": wanted.limit + 1} | at
    if wanted.under is not None:
        values["under"] = wanted.under
    under = wanted.under is not None
    statement = _page(wanted.order, under=under, top=wanted.top, upward=upward, further=bool(at))
    rows = statement.rows(conn, **values)
    return rows[: wanted.limit], len(rows) > wanted.limit


def _by_echo(conn: Connection, thread_id: int, wanted: ReplyQuery) -> SharedPage:
    at = (
        dict(zip(("echo", "at"), decode_cursor(wanted.cursor, int, int), strict=True))
        if wanted.cursor
        else {}
    )
    rows, more = _fetch(conn, thread_id, wanted, **at)
    onward = encode_cursor(rows[-1]["echo_count"], rows[-1]["id"]) if more else None
    return shared(conn, "reply", [_finish(r) for r in rows], allowed_actions, next=onward, previous=None)


def _by_time(conn: Connection, thread_id: int, wanted: ReplyQuery) -> SharedPage:
    way, at = decode_cursor(wanted.cursor, str, int) if wanted.cursor else ("after", None)
    # forward on screen is upward by id when the oldest come first
    upward = (wanted.order == "oldest") == (way == "after")
    rows, more = _fetch(conn, thread_id, wanted, upward=upward, **({} if at is None else {"at": at}))
    if not rows:
        return shared(
            conn,
            "reply",
            [],
            allowed_actions,
            next=None,
            previous=encode_cursor("before", at + 1) if at else None,
        )
    items = [_finish(r) for r in rows]
    if way == "before":
        items.reverse()
    later, earlier = (more, at is not None) if way == "after" else (at is not None, more)
    return shared(
        conn,
        "reply",
        items,
        allowed_actions,
        next=encode_cursor("after", items[-1]["id"]) if later else None,
        previous=encode_cursor("before", items[0]["id"]) if earlier else None,
    )


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
