"""Reads of boards that were computed before."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select, type_coerce
from sqlalchemy.types import NullType

from app.core.hot.prepared import Prepared
from app.core.live import Event, Stream
from app.core.sql import table
from app.heat.formula import VERSION
from app.heat.models import Board

_b, _e, _st = table(Board), table(Event), table(Stream)

#: What a poll of a board asks, in one statement.
_STATE = Prepared(
    select(
        _st.c.seq.label("now_seq"),
        func.coalesce(
            select(_e.c.seq)
            .where(_e.c.organization_id == _st.c.organization_id, _e.c.channel == "ledger")
            .order_by(_e.c.seq.desc())
            .limit(1)
            .scalar_subquery(),
            0,
        ).label("ledger_seq"),
        _b.c.seq,
        type_coerce(_b.c.seconds, NullType()).label("seconds"),  # both drivers give a float as it is
        _b.c.computed_at,
    )
    .join(
        _b,
        (_b.c.organization_id == _st.c.organization_id)
        & (_b.c.window == bindparam("key"))
        & (_b.c.formula == VERSION),
    )
    .where(_st.c.organization_id == bindparam("organization_id"))
)


class CacheState(NamedTuple):
    """How new a stored board is: its own event number beside those of the organization and of its ledger."""

    now_seq: int
    ledger_seq: int
    seq: int
    seconds: float
    computed_at: datetime


def state(conn: Connection, organization_id: int, key: str) -> CacheState | None:
    """The state of a stored board; None when there is none."""
    row = _STATE.first(conn, organization_id=organization_id, key=key)
    return CacheState(*row) if row else None


def states(conn: Connection, boards: Collection[tuple[int, str]]) -> dict[tuple[int, str], CacheState]:
    """The states of some boards by organization and key; those that are stored."""
    found = {board: state(conn, *board) for board in boards}
    return {board: known for board, known in found.items() if known}


class Stored(NamedTuple):
    """A stored board: its rows as JSON arrays, one a line."""

    rows: bytes
    seq: int
    computed_at: datetime


def board(conn: Connection, organization_id: int, key: str) -> Stored | None:
    """A stored board; None when there is none."""
    row = conn.execute(
        select(_b.c.rows, _b.c.seq, _b.c.computed_at).where(
            _b.c.organization_id == organization_id, _b.c.window == key, _b.c.formula == VERSION
        )
    ).first()
    return Stored(*row) if row else None
