"""All posters of an organization at once, on all cores."""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path

from pydantic_core import from_json
from sqlalchemy import Connection

from app.cards import queries, service
from app.cards.codes import Verifier
from app.cards.posters import poster
from app.core.db import Database
from app.core.errors import NotFound

#: Cards computed ahead of each drawing process.
_AHEAD = 4


def render_all(
    database: Database,
    organization_id: int,
    period: str,
    out_dir: Path,
    verifier: Verifier,
    *,
    workers: int,
    progress: Callable[[int, int], None],
) -> int:
    """Write the poster of every seat that was held in `period` (`2026`, `term`) to `out_dir`; how many were drawn.

    Files are named by what is on them, so that a second run draws what is new or has changed only.
    `progress(done, all)` is told after each.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    drawn = 0
    with database.read.connect() as conn:
        seats = queries.seat_ids(conn, organization_id)
        cards = _cards(database, conn, seats, period, out_dir, verifier)
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            waiting: set[Future[None]] = set()
            for done, job in enumerate(cards, start=1):
                if job is not None:
                    waiting.add(pool.submit(_draw, *job))
                    drawn += 1
                while len(waiting) >= workers * _AHEAD:
                    waiting = _collect(waiting)
                progress(done - len(waiting), len(seats))
            while waiting:
                waiting = _collect(waiting)
                progress(len(seats) - len(waiting), len(seats))
    return drawn


def _collect(waiting: set[Future[None]]) -> set[Future[None]]:
    done, still = wait(waiting, return_when=FIRST_COMPLETED)
    for future in done:
        future.result()
    return still


def _cards(
    database: Database, conn: Connection, seats: list[int], period: str, out_dir: Path, verifier: Verifier
) -> Iterator[tuple[Path, bytes, str] | None]:
    """For each seat the file, the card and the address of its check; None where there is nothing to draw."""
    for seat_id in seats:
        whose = queries.owner(conn, seat_id)
        try:
            of = service.period_of(whose, period) if whose else None
        except NotFound:  # not held in that period
            of = None
        if whose is None or of is None:
            yield None
            continue
        card = service.seen(service.body(database, conn, whose, of), "staff")
        url = verifier.url(seat_id, of.name)
        name = "".join(c for c in whose.name if c.isalnum() or c == "·")
        prefix = f"{seat_id}-{name}-{of.name}-"
        file = out_dir / f"{prefix}{service.poster_name(card, url)}.png"
        if file.exists():
            yield None
            continue
        for old in out_dir.glob(f"{prefix}*.png"):
            old.unlink()
        yield file, card, url


def _draw(file: Path, card: bytes, url: str) -> None:
    service.save(file, poster.render(from_json(card), url))
