"""Reads of the windows in which proposals may be submitted."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from app.auth.actor import Actor
from app.casefiles import reads
from app.core import clock
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.people.models import Term
from app.proposals.models import ProposalWindow

_w = table(ProposalWindow)


def page_of_windows(conn: Connection, actor: Actor, cursor: str | None, limit: int) -> PageRows:
    """The organization's windows, newest first."""
    found = select(_w).where(_w.c.organization_id == actor.organization_id)
    if cursor:
        found = found.where(before([_w.c.id], decode_cursor(cursor, int)))
    rows = conn.execute(found.order_by(_w.c.id.desc()).limit(limit + 1)).mappings()
    return page([_window(dict(r)) for r in rows], limit, ["id"])


def window(conn: Connection, actor: Actor, window_id: int) -> dict[str, Any]:
    """One window of the organization; `NotFound` when there is none."""
    found = select(_w).where(_w.c.id == window_id, _w.c.organization_id == actor.organization_id)
    row = reads.only(conn, found)
    return _window(dict(row))


def _window(row: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "name", "opens_at", "closes_at", "last_number")
    return {name: row[name] for name in names} | {
        "is_open": row["opens_at"] <= clock.now() < row["closes_at"]
    }


def open_window(
    conn: Connection, organization_id: int, term_id: int, at: datetime | None = None
) -> int | None:
    """The window that takes proposals of a term at a moment (now)."""
    now = at or clock.now()
    return conn.scalar(
        select(_w.c.id)
        .where(
            _w.c.organization_id == organization_id,
            _w.c.term_id == term_id,
            _w.c.opens_at <= now,
            _w.c.closes_at > now,
        )
        .order_by(_w.c.opens_at.desc(), _w.c.id.desc())
        .limit(1)
    )


def overlapping(
    conn: Connection, organization_id: int, opens_at: datetime, closes_at: datetime, *, but: int = 0
) -> str | None:
    """The name of a window, other than `but`, that is open at some moment of a period."""
    return conn.scalar(
        select(_w.c.name)
        .where(
            _w.c.organization_id == organization_id,
            _w.c.id != but,
            _w.c.opens_at < closes_at,
            _w.c.closes_at > opens_at,
        )
        .limit(1)
    )


def term_on(conn: Connection, organization_id: int, day: date) -> int | None:
    """The term of an organization that holds on a local day."""
    t = table(Term)
    return conn.scalar(
        select(t.c.id).where(t.c.organization_id == organization_id, t.c.starts_on <= day, t.c.ends_on >= day)
    )
