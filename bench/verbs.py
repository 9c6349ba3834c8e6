"""CPU of every verb that members and staff commonly use: `python -m bench.verbs`.

The application runs in this process on the demo city; a request is given to it as a server would, without HTTP around
it. What it costs stands beside a bare FastAPI route in the same run: machines differ, trust the ratio.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import copyfile
from statistics import median
from tempfile import TemporaryDirectory

import httpx
from fastapi import FastAPI
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url, select, update

from app.auth.models import Account, AccountRole
from app.auth.passwords.hashing import hash_password
from app.auth.permissions import Role
from app.core import clock
from app.core.config import Settings
from app.core.database.timeouts import REQUESTS
from app.core.db import Database
from app.core.sql import table
from app.main import create_app
from bench.loads.cities import SECRET, city, postgres_server
from bench.servers.floor import create_app as bare
from bench.servers.tireless import lift
from bench.verb_cases import VERBS, Ask, Desk
from tests.factories.demo import DemoCity
from tests.support.databases import postgres_database

#: No verb costs more milliseconds of CPU, but those that have a reason to.
MOST = 25.0
EXCUSED = {
    "log in": "Argon2",
    "upload a picture": "encoding",
    "call a meeting": "627 invitations, notices, events",
}
PASSWORD = "云川的三月 early bird"  # noqa: S105 - of a made-up member


async def call(app: FastAPI, asked: httpx.Request) -> tuple[int, bytes]:
    """Status and body of the answer to a request, past the server."""
    content, answer = asked.read(), bytearray()
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": asked.method,
        "path": asked.url.path,
        "raw_path": asked.url.raw_path,
        "query_string": asked.url.query,
        "headers": [(name.lower(), value) for name, value in asked.headers.raw],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 80),
        "scheme": "http",
        "root_path": "",
    }
    status = 0

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: dict[str, object]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]  # type: ignore[assignment]
        else:
            answer.extend(message.get("body", b""))  # type: ignore[arg-type]

    await app(scope, receive, send)  # type: ignore[arg-type]
    return status, bytes(answer)


def measured(runner: asyncio.Runner, app: FastAPI, asked: httpx.Request) -> tuple[float, bytes]:
    """Milliseconds of CPU of one request in all threads, and its answer."""
    started = time.process_time()
    status, body = runner.run(call(app, asked))
    spent = (time.process_time() - started) * 1e3
    if not 200 <= status < 300:
        raise RuntimeError(f"{asked.method} {asked.url.path} answered {status}: {body[:300].decode()}")
    return spent, body


def request(ask: Ask) -> httpx.Request:
    """A request as somebody's client sends it."""
    headers = {"Authorization": ask.who.http.headers["Authorization"], **(ask.headers or {})}
    return httpx.Request(
        ask.method, f"http://127.0.0.1/api/v1{ask.path}", json=ask.body, files=ask.files, headers=headers
    )


@contextmanager
def desk(kind: str) -> Iterator[Desk]:
    """A copy of the demo city in a kind of database at scale 1, with a member who can log in."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        admin = stack.enter_context(postgres_server()) if kind == "postgresql" else None
        town = city(kind, 1, admin)
        if admin:
            name = make_url(town.url).database or ""
            url = stack.enter_context(postgres_database(admin, name))
        else:
            url = f"sqlite:///{copyfile(make_url(town.url).database or '', f'{folder}/lvyi.sqlite3')}"
        config = Settings(
            _env_file=None,
            database_url=url,
            data_dir=Path(folder),
            token_secret=SecretStr(SECRET),
            log_level="ERROR",
            file_quota_bytes=2**40,
        )
        database = Database.connect(url, limits=REQUESTS)
        stack.callback(database.dispose)
        lift()
        app = create_app(config, database)
        a, r = table(Account), table(AccountRole)
        with database.transaction() as db:
            held = select(r.c.account_id, r.c.seat_id, r.c.unit_id, r.c.role, a.c.phone)
            now = r.c.ends_on.is_(None) | (r.c.ends_on > clock.local_day(clock.now()))
            rows = db.execute(held.join(a, a.c.id == r.c.account_id).where(now).order_by(r.c.id)).all()
            author, friend = [row for row in rows if row.role == Role.MEMBER][:2]
            officer = next(row for row in rows if row.role == Role.UNIT_OFFICER)
            values = {"password_hash": hash_password(PASSWORD, config), "must_change_password": False}
            db.execute(update(a).where(a.c.id == author.account_id).values(values))
        demo = DemoCity(app, database, units=[officer.unit_id])
        who = [demo.acting_as(Role.MEMBER, row.seat_id) for row in (author, friend)]
        who[0].phone = author.phone
        staff, unit = demo.acting_as(Role.SECRETARIAT), demo.acting_as(Role.UNIT_OFFICER)
        yield Desk(demo, who[0], who[1], staff, unit, PASSWORD)


def floor(runner: asyncio.Runner) -> float:
    """Milliseconds of CPU of a bare POST that answers 500 bytes."""
    os.environ["LVYI_FLOOR_SIZES"] = "500"
    app = bare()
    asked = [httpx.Request("POST", "http://127.0.0.1/500", json={"body": "x" * 500}) for _ in range(200)]
    return median(measured(runner, app, one)[0] for one in asked)


def main() -> int:
    """Measure what is asked; 1 when a verb costs more than it may."""
    options = argparse.ArgumentParser(prog="python -m bench.verbs", description=__doc__.splitlines()[0])
    options.add_argument("--database", default="sqlite", choices=("sqlite", "postgresql"))
    options.add_argument("--times", type=int, default=15)
    options.add_argument("--only", default="", help="verbs whose name holds this")
    asked = options.parse_args()
    found = Table(title=f"{asked.database}: CPU of one request", title_justify="left")
    for head in ("verb", "ms", "× floor", ""):
        found.add_column(head, justify="right" if head in {"ms", "× floor"} else "left")
    missed = 0
    with asyncio.Runner() as runner, desk(asked.database) as at:
        base = floor(runner)
        for name, verb in VERBS.items():
            if asked.only not in name:
                continue
            asking, answer, spent = verb(at), None, []
            for turn in range(asked.times + 3):
                ask = next(asking) if turn == 0 else asking.send(answer)
                cost, answer = measured(runner, at.city.app, request(ask))
                if turn > 2:
                    spent.append(cost)
            cost = min(spent)  # what others do on the machine only adds
            over = cost > MOST and name not in EXCUSED
            missed += over
            why = "[red]MISS[/]" if over else EXCUSED.get(name, "")
            found.add_row(name, f"{cost:.1f}", f"{cost / base:.0f}", why)
    console = Console(width=100)
    console.print(found)
    console.print(f"floor: {base:.2f} ms")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
