"""Scores as they are kept: a cache of what the engine says, each valid while its seat's figures have not moved.

Everything that may move a score moves `seat.figures_version` in its own transaction (`duty.touch`), so a score that
is of the present version equals a recompute, which `lvyi recount` proves. Whoever reads a board first computes the
few that are not.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection
from sqlmodel import Session

from app.core import clock
from app.core.db import Database
from app.core.errors import Unavailable
from app.core.jobs.short_transactions import parts, write
from app.core.sql import insert, table
from app.points import queries
from app.points.engine import score as engine_score
from app.points.engine.score import Engine
from app.points.models import Score
from app.points.queries import LoadedRuleset, Measured

#: Seats that are computed at once, and then kept in one transaction.
CHUNK = 250
#: Seats that a reader computes; when more have moved, it is told to come again.
PATIENCE = 2_000

_k = table(Score)


def scored(
    conn: Connection,
    of: LoadedRuleset,
    seat_ids: Collection[int],
    until: date | None = None,
    which: ColumnElement[bool] = queries.LIVE,
) -> Iterator[tuple[Measured, engine_score.ComputedScore]]:
    """What the engine says of some seats, of the live records up to a local day (the year's last), or of others."""
    seats = queries.seats(conn, seat_ids)  # first: a score may be newer than its version, never older
    records = queries.records(conn, seat_ids, of.first, min(until or of.last, of.last), which)
    ready: Engine = of.engine
    for seat in seats:
        yield seat, ready.score(seat.sitting, records[seat.seat_id])


def computed(conn: Connection, of: LoadedRuleset, seat_ids: Collection[int]) -> list[dict[str, Any]]:
    """The scores of some seats as rows to `keep`."""
    now = clock.now()
    return [
        {
            "ruleset_id": of.id,
            "seat_id": seat.seat_id,
            "figures_version": seat.figures_version,
            "points": score.points,
            "months": score.months,
            "minimums_met": score.minimums_met,
            "parts": {line.id: line.points for line in score.lines},
            "computed_at": now,
        }
        for seat, score in scored(conn, of, seat_ids)
    ]


def keep(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keep scores that were `computed`."""
    conn = db.connection()
    if rows:
        new = insert(conn, _k)
        keys = ["ruleset_id", "seat_id"]
        values = {name: new.excluded[name] for name in rows[0] if name not in keys}
        # who read the ledger later wins, whoever writes last
        newer = _k.c.figures_version <= new.excluded.figures_version
        conn.execute(new.on_conflict_do_update(index_elements=keys, set_=values, where=newer), rows)


def refresh(database: Database, of: LoadedRuleset) -> None:
    """Bring the kept scores up to date; `Unavailable` while there are too many to do so at once."""
    with database.read.connect() as conn:
        moved = queries.stale(conn, of, PATIENCE + 1)
    for some in parts(moved, CHUNK):
        with database.read.connect() as conn:
            rows = computed(conn, of, some)
        write(database, partial(keep, rows=rows))
    if len(moved) > PATIENCE:
        raise Unavailable("积分正在计算，请稍后再看。", code="points_computing", retry_after=5)
