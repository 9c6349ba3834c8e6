"""Reads of one case and of its text, of which every saved version stays; who sees which, its domain says."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select

from app.core.errors import NotFound
from app.core.paging import PageRows, before, decode_cursor, page


def page_of_versions(
    conn: Connection, found: Select[Any], version: ColumnElement[int], cursor: str | None, limit: int
) -> PageRows:
    """A page of the versions `found`, newest first."""
    if cursor:
        found = found.where(before([version], decode_cursor(cursor, int)))
    rows = conn.execute(found.order_by(version.desc()).limit(limit + 1)).mappings()
    return page([dict(row) for row in rows], limit, ["version"])


def only(conn: Connection, found: Select[Any]) -> dict[str, Any]:
    """The only row `found`; `NotFound` when the actor sees none."""
    row = conn.execute(found).mappings().one_or_none()
    if row is None:
        raise NotFound
    return dict(row)
