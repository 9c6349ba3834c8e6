"""Leaderboards as they are served: computed for a whole organization and window at once, then kept.

The rows live in the table `board`, and the windows in use in this process's memory. A board is recomputed when
the organization's events moved since, but at most a twentieth of the time, and at once when something was hidden
or voided. One process computes; everybody else is served the board before it.
"""

import time
from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock, Thread

import structlog
from anyio import to_thread
from pydantic_core import from_json, to_json
from sqlalchemy import delete, or_, update

from app.core import clock
from app.core.db import Database
from app.core.errors import Invalid, NotFound, Unavailable
from app.core.live import last_seq
from app.core.sql import insert_new, limit_sort_memory, table
from app.heat import cached, formula, queries
from app.heat.cached import CacheState
from app.heat.formula import BoardKind, HeatCalendar, Span, Window
from app.heat.models import Board
from app.people.models import STANDING_POSTS
from app.people.organizations import changes

#: A board is as old as this many times the seconds that it took, before it is computed again.
REST = 20
#: A board that takes longer is computed beside the request; until then the board before it is served.
PATIENCE_SECONDS = 1.0
#: How long another process may take before this one tries.
LEASE = timedelta(minutes=10)
#: Boards that nobody asked for in this time are forgotten.
KEPT = timedelta(days=7)
#: Bytes of rows that a process keeps in memory.
MEMORY = 32 * 2**20
#: Seconds after which zone and terms of an organization are read again; here changed years are known at once.
CALENDAR_SECONDS = 60
#: Seconds that a request waits for a board that was never computed.
WAIT_SECONDS = 20

_b = table(Board)
log = structlog.get_logger()


@dataclass(frozen=True)
class Version:
    """Which computation of a board this is."""

    seq: int
    computed_at: datetime


@dataclass
class Ranked:
    """One board in memory: its rows as JSON arrays, hottest first, the rank of each, and the place of each seat."""

    version: Version
    rows: list[bytes]
    ranks: list[int]
    places: dict[int, int]
    seats: list[int]
    pages: dict[tuple[int, int], bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """About how many bytes it keeps."""
        return sum(map(len, self.rows)) + 250 * len(self.rows)

    def after(self, rank: int, seat_id: int) -> int:
        """The place of the first row behind this rank and seat."""
        return bisect_right(
            range(len(self.ranks)), (rank, seat_id), key=lambda i: (self.ranks[i], self.seats[i])
        )


class Boards:
    """The boards of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._calendars: dict[int, tuple[float, int, HeatCalendar]] = {}
        self._ranked: OrderedDict[tuple[int, str, BoardKind, int | None], Ranked] = OrderedDict()
        self._computing = Lock()
        self._keeping = Lock()

    def calendar(self, organization_id: int) -> HeatCalendar:
        """Zone, duty year and terms of an organization."""
        kept = self._calendars.get(organization_id)
        if kept and kept[0] > time.monotonic() and kept[1] == changes.of(organization_id):
            return kept[2]
        known = changes.of(organization_id)
        with self._database.read.connect() as conn:
            found = queries.calendar(conn, organization_id)
        self._calendars[organization_id] = (time.monotonic() + CALENDAR_SECONDS, known, found)
        return found

    async def settled(self, organization_id: int, window: Window, on: date | None) -> Version | None:
        """The computation to serve when there is no reason to compute; None says: ask `version`."""
        if self._calendars.get(organization_id, (0.0,))[0] < time.monotonic():
            await to_thread.run_sync(self.calendar, organization_id)
        span = self.span(organization_id, window, on)
        state = await self._database.look_up(cached.states, (organization_id, span.key))
        if state is None or self._is_due(organization_id, span, state):
            return None
        return Version(state.seq, state.computed_at)

    async def at_hand(
        self, organization_id: int, window: Window, on: date | None, kind: BoardKind
    ) -> tuple[Span, Ranked] | None:
        """The board of all ordinary or all standing members if it can be served from memory; else ask `present`."""
        version = await self.settled(organization_id, window, on)
        span = self.span(organization_id, window, on) if version else None
        found = self._ranked.get((organization_id, span.key, kind, None)) if span else None
        return (span, found) if span and found and found.version == version else None

    def present(
        self, organization_id: int, window: Window, on: date | None, kind: BoardKind, group_id: int | None
    ) -> tuple[Span, Ranked]:
        """The window and the board to serve now; computed if there is reason to."""
        span = self.span(organization_id, window, on)
        return span, self.ranked(organization_id, span, self.version(organization_id, span), kind, group_id)

    def span(self, organization_id: int, window: Window, on: date | None) -> Span:
        """The window that holds a local day (today); `Invalid` for days to come, `NotFound` for days of no term.

        Between terms today's windows are those of the last day of the term that has ended.
        """
        calendar = self.calendar(organization_id)
        today = clock.local_day(clock.now(), calendar.zone)
        if on is not None and on > today:
            raise Invalid("不能查看未来日期的榜单。", code="future_day")
        day = on or formula.shown_day(calendar, today)
        if not any(first <= day <= last for _, first, last in calendar.terms):
            raise NotFound("这一天不在任何一届之内。", code="no_term")
        found = formula.span(calendar, window, day)
        assert found is not None  # noqa: S101 - a day of a term has every window
        return found

    def version(self, organization_id: int, span: Span) -> Version:
        """The computation to serve now; in one statement unless there is reason to compute."""
        state = self._state(organization_id, span)
        if state is None:
            return self._compute_first(organization_id, span)
        if self._is_due(organization_id, span, state) and self._computing.acquire(blocking=False):
            return self._compute_again(organization_id, span, state)
        return Version(state.seq, state.computed_at)

    def _compute_first(self, organization_id: int, span: Span) -> Version:
        if not self._computing.acquire(timeout=WAIT_SECONDS):
            raise Unavailable("榜单正在计算，请稍后再看。", code="board_computing", retry_after=5)
        try:
            state = self._state(organization_id, span)
            return Version(state.seq, state.computed_at) if state else self._compute(organization_id, span)
        finally:
            self._computing.release()

    def _state(self, organization_id: int, span: Span) -> CacheState | None:
        with self._database.read.connect() as conn:
            return cached.state(conn, organization_id, span.key)

    def _is_due(self, organization_id: int, span: Span, state: CacheState) -> bool:
        now, zone = clock.now(), self.calendar(organization_id).zone
        if state.ledger_seq > state.seq:
            return True
        rested = not timedelta(0) <= now - state.computed_at <= timedelta(seconds=REST * state.seconds)
        today, computed_on = clock.local_day(now, zone), clock.local_day(state.computed_at, zone)
        moved = state.now_seq > state.seq or (today != computed_on and computed_on <= span.last)
        return moved and rested

    def _compute_again(self, organization_id: int, span: Span, state: CacheState) -> Version:
        """Compute a board that is there; `_computing` is held and is released when it is done."""
        before = Version(state.seq, state.computed_at)
        try:
            if not self._lease(organization_id, span):
                self._computing.release()
                return before
            if state.seconds > PATIENCE_SECONDS:
                Thread(target=self._compute_beside, args=(organization_id, span), daemon=True).start()
                return before
        except BaseException:
            self._computing.release()
            raise
        try:
            return self._compute(organization_id, span)
        finally:
            self._computing.release()

    def _compute_beside(self, organization_id: int, span: Span) -> None:
        try:
            self._compute(organization_id, span)
        except Exception as error:  # noqa: BLE001 - there is no request to tell; the lease runs out
            log.warning("board failed", organization=organization_id, board=span.key, error=repr(error))
        finally:
            self._computing.release()

    def _lease(self, organization_id: int, span: Span) -> bool:
        now = clock.now()
        free = or_(_b.c.leased_until.is_(None), _b.c.leased_until < now, _b.c.leased_until > now + LEASE)
        with self._database.transaction() as db:
            taken = db.connection().execute(
                update(_b)
                .where(_b.c.organization_id == organization_id, _b.c.window == span.key, free)
                .values(leased_until=now + LEASE)
            )
            return taken.rowcount == 1

    def _compute(self, organization_id: int, span: Span) -> Version:
        started, now = time.perf_counter(), clock.now()
        with self._database.read.connect() as conn:
            seq = last_seq(conn, organization_id)
            with limit_sort_memory(conn):
                found = queries.board_rows(conn, organization_id, self.calendar(organization_id), span)
                rows = b"\n".join(to_json(row) for row in found)
        version = Version(seq, now)
        row = {
            "formula": formula.VERSION,
            "seq": seq,
            "rows": rows,
            "seconds": time.perf_counter() - started,
            "computed_at": now,
            "leased_until": None,
        }
        key = {"organization_id": organization_id, "window": span.key}
        with self._database.transaction() as db:
            conn = db.connection()
            conn.execute(
                delete(_b).where(_b.c.organization_id == organization_id, _b.c.computed_at < now - KEPT)
            )
            if not insert_new(conn, _b, key | row, list(key)):
                conn.execute(update(_b).where(*(_b.c[k] == v for k, v in key.items())).values(**row))
        return version

    def ranked(
        self, organization_id: int, span: Span, version: Version, kind: BoardKind, group_id: int | None
    ) -> Ranked:
        """One board of a window: the rows of everybody on it, ranked among themselves."""
        key = (organization_id, span.key, kind, group_id)
        kept = self._ranked.get(key)
        if kept is not None and kept.version == version:
            return kept
        with self._database.read.connect() as conn:
            found = cached.board(conn, organization_id, span.key)
        if found is None:  # forgotten a moment ago
            raise Unavailable("榜单正在计算，请稍后再看。", code="board_computing", retry_after=1)
        made = _rank(found.rows, Version(found.seq, found.computed_at), kind, group_id)
        with self._keeping:
            self._ranked[key] = made
            self._ranked.move_to_end(key)
            while len(self._ranked) > 1 and sum(kept.size for kept in self._ranked.values()) > MEMORY:
                self._ranked.popitem(last=False)
        return made


def _rank(rows: bytes, version: Version, kind: BoardKind, group_id: int | None) -> Ranked:
    found: list[tuple[float, int, bytes]] = []
    for line in bytes(rows).split(b"\n") if rows else ():
        seat_id, _name, sector_id, _sector, post, committees, warmth, *_parts = from_json(line)
        on_it = {
            "all": post not in STANDING_POSTS,
            "standing": post in STANDING_POSTS,
            "sector": sector_id == group_id,
            "committee": group_id in committees,
        }
        if on_it[kind]:
            found.append((-warmth, seat_id, line))
    found.sort()  # ties by seat, also those that rounding made: cursors stand on it
    seats = [seat_id for _, seat_id, _ in found]
    lines = [line for *_, line in found]
    places = {seat_id: place for place, seat_id in enumerate(seats)}
    return Ranked(version, lines, formula.ranks(-cold for cold, *_ in found), places, seats)
