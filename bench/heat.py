"""Boards of heat: `uv run python -m bench.heat [SCALE]` computes each window of a city, and the lines of a first row.

Prints milliseconds of CPU, the least of five, on SQLite (the database's own included).
"""

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import get_args

from app.core import clock
from app.core.db import Database
from app.core.sql import limit_sort_memory
from app.demo.city.plan import ORGANIZATION_ID
from app.heat import formula, pages, queries
from app.main import load_routers
from bench.loads.cities import city


def least(work: Callable[[], object]) -> float:
    """Milliseconds of CPU of the quickest of five runs."""
    found = []
    for _ in range(5):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return 1000 * min(found)


def measure(scale: float) -> None:
    """All windows of the present day, and of the month before."""
    load_routers()
    database = Database.connect(city("sqlite", scale, None).url, pool=2)
    with database.read.connect() as conn, limit_sort_memory(conn):
        calendar = queries.calendar(conn, ORGANIZATION_ID)
        today = clock.local_day(clock.now(), calendar.zone)
        windows = [(window, today) for window in get_args(formula.Window)]
        for window, on in [*windows, ("month", today.replace(day=1) - timedelta(days=1))]:
            span = formula.span(calendar, window, on)
            if span is None:
                continue
            compute = partial(queries.board_rows, conn, ORGANIZATION_ID, calendar, span)
            rows = list(compute())
            board = least(lambda: list(compute()))  # noqa: B023 - called at once
            print(f"scale {scale:g}, {span.key}: {len(rows)} rows in {board:.0f} ms", end="")
            if rows:
                lines = least(partial(pages.lines_of, conn, ORGANIZATION_ID, rows[0][0], calendar, span))
                print(f", the lines of the first in {lines:.0f} ms", end="")
            print()
    database.dispose()


if __name__ == "__main__":
    for given in sys.argv[1:] or ["1"]:
        measure(float(given))
