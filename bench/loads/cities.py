"""The demo city in a database of each kind and scale, built once in `var/bench/`, and members who use it."""

import hashlib
import json
import os
import random
import secrets
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
from sqlalchemy import make_url, select, text

from app.auth.keys.tokens import Tokens
from app.auth.models import AccountRole, LoginSession
from app.auth.permissions import Role
from app.consultations.matters.models import Matter
from app.consultations.venues.models import Venue
from app.core import clock
from app.core.db import Database
from app.core.schema.migrations import upgrade
from app.core.sql import table
from app.demo.fill import fill
from app.threads.models import Thread
from tests.support.postgres import server as postgres

SECRET = "a-secret-of-the-benchmark-and-of-nothing-else"  # noqa: S105 - signs tokens for made-up people
KINDS = ("sqlite", "postgresql")
_HOME = Path("var/bench").resolve()
_MEMBERS, _PAGE = 50, 30
#: As in production: an acknowledged commit is on disk.
_DURABLE = ("max_connections=300", "shared_buffers=256MB")


@dataclass(frozen=True)
class City:
    """A filled database with its scale."""

    url: str
    scale: float
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What its server is started with."""
        return {
            "LVYI_DATABASE_URL": self.url,
            "LVYI_DATA_DIR": str(self.folder),
            "LVYI_TOKEN_SECRET": SECRET,
            "LVYI_STAFF_SECOND_FACTOR": "optional",
        }


@contextmanager
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server that keeps the cities."""
    with postgres(_HOME / "postgres", _DURABLE) as url:
        yield url


def city(kind: str, scale: float, admin: str | None) -> City:
    """The city of a scale; filled now if this schema has none yet. `admin` is the PostgreSQL server's URL."""
    schema = hashlib.sha256(b"".join(p.read_bytes() for p in sorted(Path("alembic/versions").glob("*.py"))))
    name = f"city_{scale:g}_{schema.hexdigest()[:8]}".replace(".", "_")
    folder = _HOME / f"{name}_{kind}"
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        file = folder / "lvyi.sqlite3"
        if not file.exists():
            building = folder / "building.sqlite3"
            for left in folder.glob("building.sqlite3*"):
                left.unlink()
            _fill(f"sqlite:///{building}", folder, scale)
            building.rename(file)
        return City(f"sqlite:///{file}", scale, folder)
    assert admin is not None  # noqa: S101 - asked for with this kind only
    url = make_url(admin).set(drivername="postgresql")
    with psycopg.connect(admin, autocommit=True) as conn:
        if conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            conn.execute("DROP DATABASE IF EXISTS building")
            conn.execute("CREATE DATABASE building")
            _fill(url.set(database="building").render_as_string(hide_password=False), folder, scale)
            conn.execute(f"ALTER DATABASE building RENAME TO {name}".encode())
    return City(url.set(database=name).render_as_string(hide_password=False), scale, folder)


def _fill(url: str, folder: Path, scale: float) -> None:
    print(f"filling {url.rpartition('/')[2]} at scale {scale:g}", flush=True)
    upgrade(url)
    database = Database.connect(url, pool=2)
    with ExitStack() as stack:
        stack.callback(database.dispose)
        fill(database, folder / "files", scale=scale)
        with database.read.connect() as conn:
            conn.execute(text("ANALYZE" if conn.dialect.name == "sqlite" else "VACUUM ANALYZE"))
            if conn.dialect.name == "sqlite":
                conn.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


@dataclass(frozen=True)
class Members:
    """Members of a city with fresh tokens, threads that they may see, and codes of venues with public results."""

    tokens: list[str]
    seats: list[int]
    long_threads: list[int]
    threads: list[int]
    venues: list[str]


def members(city: City, count: int = _MEMBERS) -> Members:
    """Log in some members, for the quarter of an hour that their tokens live."""
    database, tokens = Database.connect(city.url, pool=2), Tokens(SECRET)
    r, t, v, m = table(AccountRole), table(Thread), table(Venue), table(Matter)
    with ExitStack() as stack:
        stack.callback(database.dispose)
        db = stack.enter_context(database.transaction())
        conn = db.connection()
        rows = conn.execute(
            select(r.c.account_id, r.c.organization_id, r.c.seat_id)
            .where(
                r.c.role == Role.MEMBER, r.c.ends_on.is_(None) | (r.c.ends_on > clock.local_day(clock.now()))
            )
            .order_by(r.c.id)
            .limit(count)
        ).all()
        signed, now = [], clock.now()
        for row in rows:
            session = LoginSession(
                account_id=row.account_id,
                organization_id=row.organization_id,
                refresh_hash=secrets.token_bytes(32),
                created_at=now,
                last_used_at=now,
                expires_at=now + timedelta(days=1),
            )
            db.add(session)
            db.flush()
            assert session.id is not None  # noqa: S101 - flushed
            signed.append(tokens.sign(row.account_id, session.id))
        under_updates = select(t.c.id).where(t.c.subject_type == "update").order_by(t.c.id.desc())
        recent = conn.scalars(under_updates.limit(200)).all()
        long = conn.scalars(under_updates.where(t.c.reply_count > _PAGE).limit(50)).all()
        released = select(m.c.venue_id).where(m.c.released_at.is_not(None))
        venues = conn.scalars(select(v.c.code).where(v.c.is_public, v.c.id.in_(released))).all()
        assert long, "no thread of a page"  # noqa: S101 - the demo city has some
        assert venues, "no venue with results"  # noqa: S101 - as above
    return Members(signed, [row.seat_id for row in rows], list(long), list(recent), list(venues))


def request(
    token: str, path: str, *, body: object = None, etag: str | None = None, key: bytes | None = None
) -> bytes:
    """The bytes of a GET, or of a POST of `body` as JSON."""
    lines = [
        f"{'GET' if body is None else 'POST'} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {token}",
    ]
    content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    if etag is not None:
        lines.append(f"If-None-Match: {etag}")
    head = "\r\n".join(lines).encode()
    if key is not None:
        head += b"\r\nIdempotency-Key: " + key
    return head + b"\r\n\r\n" + content


def fetch(port: int, token: str, path: str) -> tuple[int, str | None]:
    """Size of the answer to a GET, and its ETag."""
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(asked) as answer:
        return len(answer.read()), answer.headers["etag"]


def backends(admin: str) -> int | None:
    """The process under which PostgreSQL's backends run, when it is on this machine."""
    with psycopg.connect(admin) as conn:
        row = conn.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None  # noqa: S101 - a SELECT of one value
        try:
            parent = int(Path(f"/proc/{row[0]}/stat").read_text().rpartition(")")[2].split()[1])
        except FileNotFoundError:
            return None
    return parent


def pairs(rng: random.Random, who: Members, paths: list[str]) -> list[tuple[str, str]]:
    """Every member with one of the paths."""
    return [(token, rng.choice(paths)) for token in who.tokens]


def keep_on(core: int, pid: int) -> None:
    """Bind a process and those it will start to a core, where that is allowed."""
    try:
        os.sched_setaffinity(pid, {core})
    except PermissionError:
        print(f"process {pid} is not ours to bind to a core")
