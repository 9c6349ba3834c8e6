"""What each piece of the fast lane buys: `python -m bench.pieces` serves the same city with all, and without one each.

In each round every variant is loaded once, in another order; the figures are medians over the rounds, and ratios come
from within a round. CPU is that of the server's process; on PostgreSQL the database's stands beside it.
"""

import argparse
import os
import random
from collections.abc import Callable
from concurrent.futures import Future as Answer
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from multiprocessing import get_context
from statistics import median
from types import SimpleNamespace
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from fastapi.routing import APIRoute
from rich.console import Console
from rich.table import Table
from sqlalchemy import BindParameter, Update
from sqlalchemy.sql.visitors import iterate

from app.core import db
from app.core.hot import conditional_get, prepared, response_cache
from bench.loads.cases import ANSWER, BODY, CASES, Case
from bench.loads.cities import (
    KINDS,
    Members,
    backends,
    city,
    fetch,
    keep_on,
    members,
    pairs,
    postgres_server,
    request,
)
from bench.loads.load import UNIQUE, burst, pin
from bench.servers import tireless
from bench.servers.server import Server, cpu_seconds, serve

SERVER_CORE, LOAD_CORE = 0, (os.cpu_count() or 1) - 1
THREAD = next(case for case in CASES if case.name.startswith("thread"))


def _act_alone() -> None:
    async def act(self: db.Database, do: Callable[[Any], Any], *, order: int) -> Any:
        answer = await to_thread.run_sync(db._alone, self, db._Act(order, do))  # noqa: SLF001
        if isinstance(answer, Exception):
            raise answer
        return answer

    db.Database.act = act  # type: ignore[method-assign]


def _look_up_alone() -> None:
    class Alone:
        def __init__(self, answer: Callable[[], list[Any]]) -> None:
            self._answer = answer

        def __await__(self) -> Any:
            (found,) = yield from to_thread.run_sync(self._answer).__await__()
            if isinstance(found, Exception):
                raise found
            return found

    def look_up(self: db.Database, find: Any, key: Any) -> Any:
        return Alone(partial(db._look_up, self.read, [db._LookUp(find, key)]))  # noqa: SLF001

    db.Database.look_up = look_up  # type: ignore[method-assign]


def _plain_statements() -> None:
    class Plain:
        _statement: Any

        def _given(self, values: dict[str, Any]) -> dict[str, Any]:
            if not isinstance(self._statement, Update):
                return values
            for bind in iterate(self._statement):
                if isinstance(bind, BindParameter) and bind.required and not bind.key.startswith("given_"):
                    bind.key = f"given_{bind.key}"  # names of columns are reserved in an UPDATE
            return {f"given_{name}": value for name, value in values.items()}

        def _run(self, conn: Any, values: dict[str, Any]) -> tuple[Any, list[Any]]:
            result = conn.execute(self._statement, self._given(values))
            if not result.returns_rows:
                return SimpleNamespace(columns=[]), []
            return SimpleNamespace(columns=list(result.keys())), [tuple(row) for row in result]

        def each(self, conn: Any, rows: list[dict[str, Any]]) -> None:
            if rows:
                conn.execute(self._statement, [self._given(row) for row in rows])

    for name in ("_given", "_run", "each"):
        setattr(prepared.Prepared, name, getattr(Plain, name))


def _nothing_kept() -> None:
    response_cache.MAX_AGE = timedelta(seconds=-1)


def _no_early_304() -> None:
    conditional_get.ConditionalRoute.get_route_handler = APIRoute.get_route_handler  # type: ignore[method-assign]


WITHOUT: dict[str, Callable[[], None]] = {
    "shared transactions": _act_alone,
    "shared look-ups": _look_up_alone,
    "prepared statements": _plain_statements,
    "cached responses": _nothing_kept,
    "early 304": _no_early_304,
}


def create_app() -> FastAPI:
    """The application for members who never tire, without what `BENCH_WITHOUT` names."""
    if name := os.environ.get("BENCH_WITHOUT"):
        WITHOUT[name]()
    return tireless.create_app()


def requests(port: int, who: Members, case: Case, *, unchanged: bool) -> list[bytes]:
    """What the members ask."""
    some = pairs(random.Random(case.name), who, case.paths(who))
    if case.status == 201:
        return [request(t, p, body=BODY, key=UNIQUE) for t, p in some for _ in range(10)]
    return [request(t, p, etag=fetch(port, t, p)[1] if unchanged else None) for t, p in some]


def compare(
    pool: ProcessPoolExecutor, kind: str, rounds: int, seconds: float, only: str, console: Console
) -> None:
    """Measure every variant on one kind of database."""
    with ExitStack() as stack:
        admin = stack.enter_context(postgres_server()) if kind == "postgresql" else None
        admin_pid = backends(admin) if admin else None
        if admin_pid:
            keep_on(LOAD_CORE, admin_pid)
        town = city(kind, 1, admin)
        servers: dict[str, Server] = {}
        for name in ("", *(name for name in WITHOUT if only in name)):
            environment = town.environment | {"BENCH_WITHOUT": name}
            servers[name] = stack.enter_context(serve("bench.pieces:create_app", SERVER_CORE, environment))
        who = members(town)
        table = Table(title=kind, title_justify="left")
        for head in ("case", "connections", "without", "a second", "× with all", "CPU µs + db", "× with all"):
            table.add_column(head)
        for case, unchanged in ((ANSWER, False), (THREAD, False), (THREAD, True)):
            for connections in (1, 32):
                found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in servers}
                for turn in range(rounds + 1):
                    for name in random.Random(turn).sample(list(servers), len(servers)):
                        server = servers[name]
                        asked = requests(server.port, who, case, unchanged=unchanged)
                        status = 304 if unchanged and name != "early 304" else 200 if case is THREAD else 201
                        used = server.cpu
                        behind = cpu_seconds(admin_pid, children=True) if admin_pid else 0.0
                        job: Answer[Any] = pool.submit(
                            burst, server.port, asked, status, seconds, connections
                        )
                        load = job.result()
                        cpu = (server.cpu - used) / len(load.latencies) * 1e6
                        spent = cpu_seconds(admin_pid, children=True) - behind if admin_pid else 0.0
                        if turn:  # the first round warms caches and plans
                            found[name].append((load.per_second, cpu, spent / len(load.latencies) * 1e6))
                for name, figures in found.items():
                    ratios = [
                        median(one[n] / all_[n] for one, all_ in zip(figures, found[""], strict=True))
                        for n in (0, 1)
                    ]
                    per_second, cpu, behind = (median(column) for column in zip(*figures, strict=True))
                    table.add_row(
                        case.name + (", unchanged" if unchanged else ""),
                        str(connections),
                        name or "nothing",
                        f"{per_second:.0f}",
                        f"{ratios[0]:.2f}",
                        f"{cpu:.0f} + {behind:.0f}",
                        f"{ratios[1]:.2f}",
                    )
        console.print(table)


def main() -> None:
    """Measure what is asked."""
    options = argparse.ArgumentParser(prog="python -m bench.pieces", description=__doc__.splitlines()[0])
    options.add_argument("--databases", default=",".join(KINDS))
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=1.0, help="length of a burst")
    options.add_argument("--only", default="", help="pieces whose name holds this")
    asked = options.parse_args()
    with ProcessPoolExecutor(1, get_context("spawn"), pin, (LOAD_CORE,)) as pool:
        for kind in asked.databases.split(","):
            compare(pool, kind, asked.rounds, asked.seconds, asked.only, Console(width=110))


if __name__ == "__main__":
    main()
