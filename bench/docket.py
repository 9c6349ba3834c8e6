"""Lists of proposals for the desk: `uv run python -m bench.docket [N]`, N proposals (10,000) with units and deadlines.

CPU of one read with the database's own share, on SQLite and PostgreSQL, least of five, beside the first page of the
plain list in the same run: machines differ, trust the ratio. The target is 200 ms for 10,000. Built in `var/bench/`.
"""

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from sqlalchemy import Connection, func, make_url, select, text
from sqlmodel import SQLModel

from app.auth import queues
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import GRANTS, Role
from app.core import clock
from app.core.db import Database
from app.core.schema.migrations import upgrade
from app.core.sql import table
from app.demo.language.text import Writer, themes
from app.main import load_routers
from app.people.models import Organization, Person, Seat, Sector, Term, Unit
from app.proposals.assignments.models import ProposalAssignment, ProposalDeadline
from app.proposals.lifecycle import ProposalState
from app.proposals.lists import queries as lists
from app.proposals.lists.queries import ProposalFilter, ProposalScope, Sort
from app.proposals.lists.queues import Waiting
from app.proposals.models import Proposal, ProposalStep, ProposalWindow
from bench.loads.cities import KINDS, backends, postgres_server
from bench.servers.server import cpu_seconds

_HOME, _ROUNDS, _MEMBERS, _UNITS = Path("var/bench").resolve(), 5, 300, 40
_CLERK = Actor(1, 1, 1, "机关", frozenset({Role.SECRETARIAT}), frozenset(GRANTS[Role.SECRETARIAT]))
_STATES = (
    ProposalState.SUBMITTED,
    ProposalState.FINAL_REVIEW,
    ProposalState.FILED,
    ProposalState.ASSIGNED,
    ProposalState.HANDLING,
    ProposalState.CLOSED,
)
_NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
Read = Callable[[Connection], Any]


def _rows(many: int) -> dict[type[SQLModel], list[dict[str, Any]]]:
    """A city of so many proposals, over five years."""
    rng, now = Random(many), datetime(2026, 12, 1, tzinfo=UTC)
    writer, known = Writer(rng), themes()
    days = {"starts_on": date(2022, 1, 1), "ends_on": date(2026, 12, 31)}
    found: dict[type[SQLModel], list[dict[str, Any]]] = {
        Organization: [{"id": 1, "name": "政协云川市委员会", "level": "city"}],
        Term: [{"id": 1, "organization_id": 1, "ordinal": 16, "name": "第十六届", **days}],
        Sector: [{"id": 1, "term_id": 1, "name": "经济界", "position": 0}],
        Unit: [{"id": n, "organization_id": 1, "name": f"市第{n}局"} for n in range(1, _UNITS + 1)],
        Account: [],
        Person: [],
        Seat: [],
        ProposalWindow: [
            {
                "id": 1,
                "organization_id": 1,
                "term_id": 1,
                "name": "五届二次会议",
                "opens_at": now,
                "closes_at": now,
            }
        ],
        Proposal: [],
        ProposalStep: [],
        ProposalAssignment: [],
        ProposalDeadline: [],
    }
    for n in range(1, _MEMBERS + 1):
        name, phone = f"{rng.choice(_NAMES)}{rng.choice(_NAMES)}", f"+8618{n:09d}"
        account = {"id": n, "phone": phone, "name": name, "organization_id": 1, "password_hash": "!"}
        found[Account].append(account | {"password_changed_at": now, "created_at": now})
        found[Person].append({"id": n, "organization_id": 1, "account_id": n, "name": name, "phone": phone})
        found[Seat].append(
            {
                "id": n,
                "organization_id": 1,
                "term_id": 1,
                "person_id": n,
                "sector_id": 1,
                "post": "member",
                **days,
            }
        )
    for n in range(1, many + 1):
        paper, state, member = (
            writer.proposal(rng.choice(known), frozenset()),
            rng.choice(_STATES),
            rng.randint(1, _MEMBERS),
        )
        at = now - timedelta(days=rng.randrange(1_800), minutes=n)
        filed = None if state in _STATES[:2] else at + timedelta(days=9)
        of = {"organization_id": 1, "proposal_id": n}
        found[Proposal].append(
            {
                "id": n,
                "organization_id": 1,
                "term_id": 1,
                "window_id": 1,
                "account_id": member,
                "seat_id": member,
                "title": paper.title,
                "situation": paper.situation,
                "suggestions": paper.suggestions,
                "state": state,
                "number": n if filed else None,
                "created_at": at,
                "edited_at": at,
                "submitted_at": at,
                "filed_at": filed,
            }
        )
        for step, (before, after) in enumerate(
            ((ProposalState.DRAFT, ProposalState.SUBMITTED), (ProposalState.SUBMITTED, state))
        ):
            said = {"at": at + timedelta(days=step), "account_id": member, "action": "step", "data": {}}
            found[ProposalStep].append({"proposal_id": n, "from_state": before, "to_state": after} | said)
        if state in _STATES[3:]:
            unit = {"id": n, "unit_id": rng.randint(1, _UNITS), "role": "lead", "assigned_at": at}
            work = "replied" if state is ProposalState.CLOSED else state.value
            found[ProposalAssignment].append(of | unit | {"state": work})
            due = {"starts_on": at.date(), "how": "三个月内", "due_on": at.date() + timedelta(days=90)}
            met = at.date() if state is ProposalState.CLOSED else None
            found[ProposalDeadline].append(of | due | {"assignment_id": n, "kind": "reply", "met_on": met})
    return found


def build(url: str, many: int) -> Database:
    """The city of so many proposals at an address; filled if it is not yet."""
    upgrade(url)
    database = Database.connect(url, pool=2)
    with database.read.connect() as conn:
        here = conn.scalar(select(func.count()).select_from(table(Proposal))) or 0
    if not here:
        with database.transaction() as db:
            for model, rows in _rows(many).items():
                db.add_all(model(**row) for row in rows)
                db.flush()
    with database.read.connect() as conn:
        conn.execute(text("VACUUM ANALYZE" if conn.dialect.name == "postgresql" else "ANALYZE"))
    return database


def _page(sort: Sort | None = None, scope: ProposalScope = ProposalScope.VISIBLE, **wanted: Any) -> Read:
    asked = ProposalFilter(**wanted)
    return lambda conn: lists.page_of_proposals(conn, _CLERK, scope, asked, None, 50, sort)


def _count(**wanted: Any) -> Read:
    return lambda conn: lists.count(conn, _CLERK, ProposalScope.VISIBLE, ProposalFilter(**wanted))


READS: dict[str, Read] = {
    "page of 50, newest first": _page(),
    "sorted by due day": _page(Sort.DUE_ON),
    "sorted by title": _page(Sort.TITLE),
    "sorted by number, on file": _page(Sort.NUMBER_DOWN, ProposalScope.FILED),
    "words, none found": _page(q="不会有的词"),
    "words of an author, sorted by due day": _page(Sort.DUE_ON, q="周"),
    "a unit, sorted by due day": _page(Sort.DUE_ON, unit_id=7),
    "a unit by name, sorted by title": _page(Sort.TITLE, q="第7局"),
    "late, sorted by due day": _page(Sort.DUE_ON, late=True),
    "to assign, a month": _page(
        Sort.SUBMITTED_AT,
        waits_for=Waiting.TO_ASSIGN,
        submitted_from=date(2026, 3, 1),
        submitted_to=date(2026, 3, 31),
    ),
    "count of all": _count(),
    "count of late ones": _count(late=True),
    "all desks": lambda conn: queues.counted(conn, _CLERK),
}


def cost(database: Database, read: Read, admin_pid: int | None) -> float:
    """Milliseconds of CPU of one read, the least of some."""

    def spent() -> float:
        return time.process_time() + (cpu_seconds(admin_pid, children=True) if admin_pid else 0)

    rounds, times = [], 4  # a server's CPU is counted in hundredths of a second
    with database.read.connect() as conn:
        read(conn)
        for _ in range(_ROUNDS):
            before = spent()
            for _ in range(times):
                read(conn)
            rounds.append((spent() - before) / times * 1e3)
    return min(rounds)


def address(many: int, admin: str | None) -> str:
    """The URL of the city of a kind and size; a database is made for it."""
    name = f"docket_{many}"
    if admin is None:
        return f"sqlite:///{_HOME / name}.sqlite3"
    with psycopg.connect(admin, autocommit=True) as conn:
        if conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            conn.execute(f"CREATE DATABASE {name}".encode())
    return make_url(admin).set(drivername="postgresql", database=name).render_as_string(hide_password=False)


def main() -> None:
    """Build what is missing, then measure each read in each kind of database."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    load_routers()
    _HOME.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        with ExitStack() as stack:
            admin = stack.enter_context(postgres_server()) if kind == "postgresql" else None
            admin_pid = backends(admin) if admin else None
            database = build(address(many, admin), many)
            stack.callback(database.dispose)
            print(f"{kind}, {many} proposals, {clock.local_day(clock.now())}", flush=True)
            plain = 0.0
            for name, read in READS.items():
                spent = cost(database, read, admin_pid)
                plain = plain or spent
                print(f"  {name}: {spent:.1f} ms CPU, {spent / plain:.1f} times the first", flush=True)


if __name__ == "__main__":
    main()
