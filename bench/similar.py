"""Earlier cases beside what is typed: `uv run python -m bench.similar [N]`, in libraries of N/100 and of N documents.

CPU of one request's reads, the database's own share included, on SQLite and PostgreSQL; both libraries in one run.
They are built once, in `var/bench/`. Each text has names of its own besides the phrases of the demo city.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median

import psycopg
from sqlalchemy import Connection, func, make_url, select, text

from app.auth.actor import Actor
from app.auth.permissions import GRANTS, Role
from app.core.db import Database
from app.core.schema.migrations import upgrade
from app.core.sql import table
from app.demo.language.text import Writer, themes
from app.library import queries, service
from app.library.facts import DocumentFacts
from app.library.models import LibraryDocument
from app.library.rules import DocumentKind
from app.library.schemas import SimilarIn
from app.library.similar import queries as similar_queries
from app.people.models import Organization
from bench.loads.cities import KINDS, backends, postgres_server
from bench.servers.server import cpu_seconds

_HOME, _STEP, _ROUNDS, _ASKED = Path("var/bench").resolve(), 1_000, 3, 100
_MEMBER = Actor(1, 1, 1, "委员", frozenset({Role.MEMBER}), frozenset(GRANTS[Role.MEMBER]))
_d = table(LibraryDocument)
Read = Callable[[Connection, DocumentFacts], object]


def documents(many: int) -> Iterator[DocumentFacts]:
    """So many earlier proposals."""
    rng = Random(many)
    writer, known = Writer(rng), themes()
    for number in range(many):
        paper = writer.proposal(rng.choice(known), frozenset())
        names = "、".join("".join(chr(rng.randrange(0x4E00, 0x8000)) for _ in range(3)) for _ in range(4))
        body = f"走访了{names}等社区。\n{paper.situation}\n{paper.suggestions}"
        day = date(2000, 1, 1) + timedelta(days=number * 9_000 // many)
        yield DocumentFacts(
            1,
            f"import:{number}",
            DocumentKind.PROPOSAL,
            paper.title,
            body,
            day,
            outcome="已办结，建议被采纳。",
        )


def build(url: str, many: int) -> Database:
    """The library of so many documents at an address; brought in and indexed if it is not yet."""
    upgrade(url)
    database = Database.connect(url, pool=2)
    with database.read.connect() as conn:
        here = conn.scalar(select(func.count()).select_from(_d)) or 0
    if here < many:
        all_ = list(documents(many))
        with database.transaction() as db:
            if db.get(Organization, 1) is None:
                db.add(Organization(id=1, name="政协云川市委员会", level="city"))
        for start in range(here, many, _STEP):
            with database.transaction() as db:
                service.put(db.connection(), 1, all_[start : start + _STEP])
    started = time.process_time()
    if service.index_all(database, lambda _stage, _done, _total: None):
        print(
            f"  indexed {many} documents: {time.process_time() - started:.0f} s CPU on our side", flush=True
        )
    with database.read.connect() as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(text("VACUUM ANALYZE"))  # as the server does by itself before long
    return database


def halves(found: DocumentFacts) -> SimilarIn:
    """What somebody types who says half of what a document says, in its order."""
    kept = "。".join(found.body.split("。")[::2])
    return SimilarIn(title=f"{found.title[:-2]}提案", text=kept)


READS: dict[str, Read] = {
    "similar, title only": lambda conn, one: similar_queries.similar(
        conn, _MEMBER, SimilarIn(title=one.title)
    ),
    "similar, title and half the text": lambda conn, one: similar_queries.similar(conn, _MEMBER, halves(one)),
    "search, a word of two characters": lambda conn, one: queries.page_of_documents(
        conn, _MEMBER, None, 20, q=one.title[4:6], kind=None
    ),
}


def cost(database: Database, read: Read, asked: list[DocumentFacts], admin_pid: int | None) -> float:
    """Milliseconds of CPU of one read."""
    rounds = []
    with database.read.connect() as conn:
        for one in asked:  # caches and plans are warm from here
            read(conn, one)
        for _ in range(_ROUNDS):
            before = time.process_time() + (cpu_seconds(admin_pid, children=True) if admin_pid else 0)
            for one in asked:
                read(conn, one)
            after = time.process_time() + (cpu_seconds(admin_pid, children=True) if admin_pid else 0)
            rounds.append((after - before) / len(asked) * 1e3)
    return median(rounds)


def found_again(database: Database, asked: list[DocumentFacts]) -> float:
    """Of how many halves of documents the document is shown."""
    shown = 0
    with database.read.connect() as conn:
        for one in asked:
            rows = similar_queries.similar(conn, _MEMBER, halves(one))["items"]
            shown += (one.title, one.dated_on) in [(row["title"], row["dated_on"]) for row in rows]
    return shown / len(asked)


def address(many: int, admin: str | None) -> str:
    """The URL of the library of a kind and size; a database is made for it."""
    name = f"library_{many}"
    if admin is None:
        return f"sqlite:///{_HOME / name}.sqlite3"
    with psycopg.connect(admin, autocommit=True) as conn:
        if conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            conn.execute(f"CREATE DATABASE {name}".encode())
    return make_url(admin).set(drivername="postgresql", database=name).render_as_string(hide_password=False)


def main() -> None:
    """Build what is missing, then measure each read in both libraries of each kind of database."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    _HOME.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        with ExitStack() as stack:
            admin = stack.enter_context(postgres_server()) if kind == "postgresql" else None
            admin_pid = backends(admin) if admin else None
            print(kind, flush=True)
            for size in (many // 100, many):
                database = build(address(size, admin), size)
                stack.callback(database.dispose)
                asked = Random(1).sample(list(documents(size)), min(_ASKED, size))
                for name, read in READS.items():
                    print(
                        f"  {size:>7} {name}: {cost(database, read, asked, admin_pid):.2f} ms CPU", flush=True
                    )
                print(
                    f"  {size:>7} found again from half the text: {found_again(database, asked):.0%}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
