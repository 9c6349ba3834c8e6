"""`make bench`: every target of speed, each beside a bare FastAPI route under the same uvicorn, in one run.

Each server has the first core, the load (and PostgreSQL's backends) the second. What is measured goes in rounds:
floor, small city, large city, floor, …; the figures are medians over the rounds, and ratios come from within a round.
"""

import argparse
import os
import random
import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing import get_context
from statistics import median

from rich.console import Console
from rich.table import Table
from sqlalchemy import event
from starlette.testclient import TestClient

from app.core.config import Settings
from app.main import create_app
from bench.loads.cases import ANSWER, BODY, CASES, Case
from bench.loads.cities import (
    KINDS,
    City,
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
from bench.loads.load import UNIQUE, Burst, burst, pin
from bench.servers.server import Server, cpu_seconds, serve
from bench.servers.tireless import lift

SERVER_CORE, LOAD_CORE = 0, (os.cpu_count() or 1) - 1
LARGER = 1.3
POSTERS, MEGABYTES = 20, 250


@dataclass
class Figures:
    """What the rounds of one case in one city gave."""

    share: list[float] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)
    micros: list[float] = field(default_factory=list)
    floor_micros: list[float] = field(default_factory=list)
    database_micros: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    statements: int = 0


@dataclass
class Bench:
    """One run: how long, with how many connections, and what came of it."""

    pool: ProcessPoolExecutor
    rounds: int
    seconds: float
    connections: int
    console: Console
    missed: list[str] = field(default_factory=list)

    def burst(self, server: Server, requests: Sequence[bytes], status: int) -> Burst:
        """Load from the other core."""
        return self.pool.submit(
            burst, server.port, list(requests), status, self.seconds, self.connections
        ).result()

    def judge(self, what: str, holds: bool) -> str:  # noqa: FBT001
        """The word for the table; a miss is noted."""
        if not holds:
            self.missed.append(what)
        return "[green]pass[/]" if holds else "[red]MISS[/]"


def statements(town: City, who: Members, case: Case, *, polled: bool) -> int:
    """How many statements one request runs once everything is warm."""
    lift()  # the bursts before have posted more than a member may
    app = create_app(Settings(_env_file=None, log_level="ERROR", **_settings(town)))  # type: ignore[arg-type]
    database, path, seen = app.state.database, case.paths(who)[0], []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    for engine in {database.read, database.write}:
        event.listen(engine, "before_cursor_execute", note)
    with TestClient(app, headers={"Authorization": f"Bearer {who.tokens[0]}"}) as client:
        for turn in range(3):
            seen.clear()
            if case.status == 201:
                answer = client.post(
                    path, json=BODY, headers={"Idempotency-Key": f"count-{os.getpid()}-{turn}"}
                )
            else:
                held = {"If-None-Match": answer.headers["etag"]} if polled and turn else {}
                answer = client.get(path, headers=held)
            assert answer.status_code in {case.status, 304}, answer.text  # noqa: S101 - else nothing is measured
    return len([s for s in seen if not s.startswith("BEGIN")])


def _settings(town: City) -> dict[str, str]:
    return {name.removeprefix("LVYI_").lower(): value for name, value in town.environment.items()}


@dataclass(frozen=True)
class Target:
    """A city with its server and its members."""

    town: City
    server: Server
    who: Members


def measure(
    bench: Bench, targets: list[Target], case: Case, admin_pid: int | None, *, polled: bool
) -> list[Figures]:
    """The figures of a case for each target, the floor measured in between."""
    rng = random.Random(case.name)
    asked: list[list[bytes]] = []
    size = 0
    for target in targets:
        some = pairs(rng, target.who, case.paths(target.who))
        if case.status == 201:
            asked.append([request(t, p, body=BODY, key=UNIQUE) for t, p in some for _ in range(10)])
            size = 500
            continue
        known = [fetch(target.server.port, *one) for one in some]
        size = size or round(median(length for length, _ in known))
        asked.append(
            [request(t, p, etag=e if polled else None) for (t, p), (_, e) in zip(some, known, strict=True)]
        )
    status = 304 if polled else case.status
    floor_size = 0 if polled else size
    bare = [request(targets[0].who.tokens[0], f"/{floor_size}", body=BODY if status == 201 else None)]
    found = [Figures() for _ in targets]
    with serve("bench.servers.floor:create_app", SERVER_CORE, {"LVYI_FLOOR_SIZES": str(floor_size)}) as floor:
        for turn in range(bench.rounds + 1):
            used, base = floor.cpu, bench.burst(floor, bare, status)
            floor_micros = (floor.cpu - used) / len(base.latencies) * 1e6
            for target, requests, figures in zip(targets, asked, found, strict=True):
                used = target.server.cpu
                behind = cpu_seconds(admin_pid, children=True) if admin_pid else 0.0
                load = bench.burst(target.server, requests, status)
                if turn == 0:  # the first round warms caches and plans
                    continue
                count, ordered = len(load.latencies), sorted(load.latencies)
                figures.share.append(load.per_second / base.per_second)
                figures.per_second.append(load.per_second)
                figures.micros.append((target.server.cpu - used) / count * 1e6)
                figures.floor_micros.append(floor_micros)
                if admin_pid:
                    spent = cpu_seconds(admin_pid, children=True) - behind
                    figures.database_micros.append(spent / count * 1e6)
                figures.p50.append(ordered[count // 2] * 1e3)
                figures.p99.append(ordered[int(count * 0.99)] * 1e3)
    for target, figures in zip(targets, found, strict=True):
        figures.statements = statements(target.town, target.who, case, polled=polled)
    return found


def report(
    bench: Bench, table: Table, kind: str, name: str, target: float, cities: list[City], found: list[Figures]
) -> None:
    """Rows of one case: one for each city, the second against the first."""
    for town, figures in zip(cities, found, strict=True):
        share = median(figures.share)
        cells = [
            bench.judge(
                f"{kind}, scale {town.scale:g}, {name}: {share:.2f} of the floor, not {target}",
                share >= target,
            )
        ]
        if town is not cities[0]:
            dearer = median(a / b for a, b in zip(found[0].share, figures.share, strict=True))
            what = f"{kind}, {name}: scale {town.scale:g} costs {dearer:.2f} times scale {cities[0].scale:g}"
            cells.append(f"×{dearer:.2f} {bench.judge(what, dearer <= LARGER)}")
        table.add_row(
            name,
            f"{town.scale:g}",
            f"{share:.2f} (≥{target})",
            f"{median(figures.floor_micros) / median(figures.micros):.2f}",
            f"{median(figures.per_second):.0f}",
            f"{median(figures.micros):.0f}" + (f"+{median(d):.0f}" if (d := figures.database_micros) else ""),
            f"{median(figures.p50):.1f} / {median(figures.p99):.1f}",
            str(figures.statements),
            " ".join(cells),
        )


def run(bench: Bench, kind: str, scales: list[float], only: str) -> None:
    """Measure one kind of database."""
    with ExitStack() as stack:
        admin = stack.enter_context(postgres_server()) if kind == "postgresql" else None
        admin_pid = backends(admin) if admin else None
        if admin_pid:
            keep_on(LOAD_CORE, admin_pid)
        cities = [city(kind, scale, admin) for scale in scales]
        servers = [
            stack.enter_context(serve("bench.servers.tireless:create_app", SERVER_CORE, c.environment))
            for c in cities
        ]
        table = Table(title=f"{kind}: share of the floor's throughput", title_justify="left")
        for head in ("", "scale", "of floor", "by CPU", "/s", "CPU µs+db", "p50 / p99 ms", "statements", ""):
            table.add_column(head, justify="left" if not head else "right")
        for case in (*CASES, ANSWER):
            if only not in case.name:
                continue
            for polled in (False, True) if case is not ANSWER else (False,):
                name, target = (
                    case.name + (", polled" if polled else ""),
                    case.polled if polled else case.target,
                )
                targets = [Target(c, s, members(c)) for c, s in zip(cities, servers, strict=True)]
                found = measure(bench, targets, case, admin_pid, polled=polled)
                report(bench, table, kind, name, target, cities, found)
        bench.console.print(table)
        for town, server in zip(cities, servers, strict=True):
            memory = server.peak_rss
            told = bench.judge(f"{kind}, scale {town.scale:g}: {memory:.0f} MB", memory < MEGABYTES)
            bench.console.print(
                f"memory at scale {town.scale:g}: {memory:.0f} MB at most (<{MEGABYTES}) {told}"
            )
        for town in [] if only else cities:
            recount = [sys.executable, "-m", "app.cli", "recount"]
            ended = subprocess.run(
                recount, env=os.environ | town.environment, capture_output=True, text=True, check=False
            )
            told = bench.judge(f"{kind}, scale {town.scale:g}: recount differs", ended.returncode == 0)
            said = (ended.stdout or ended.stderr).strip().splitlines()
            bench.console.print(f"recount at scale {town.scale:g}: {said[-1] if said else ''} {told}")


def posters(bench: Bench) -> None:
    """Posters a second on all cores."""
    ended = subprocess.run(
        [sys.executable, "bench/posters.py", "192"], capture_output=True, text=True, check=True
    )
    rate = float(re.findall(r"= (\d+)/s", ended.stdout)[-1])
    told = bench.judge(f"posters: {rate:.0f} a second", rate >= POSTERS)
    bench.console.print(f"posters: {rate:.0f}/s on {os.cpu_count()} cores (≥{POSTERS} on two) {told}")


def main() -> int:
    """Measure what is asked; 1 when a target is missed."""
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    options.add_argument("--scales", default="1,100", help="scales of the demo city (1,100)")
    options.add_argument("--databases", default=",".join(KINDS))
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=1.5, help="length of a burst")
    options.add_argument("--connections", type=int, default=32)
    options.add_argument("--only", default="", help="cases whose name holds this")
    asked = options.parse_args()
    with ProcessPoolExecutor(1, get_context("spawn"), pin, (LOAD_CORE,)) as pool:
        bench = Bench(pool, asked.rounds, asked.seconds, asked.connections, Console(width=140))
        for kind in asked.databases.split(","):
            run(bench, kind, [float(scale) for scale in asked.scales.split(",")], asked.only)
        if not asked.only:
            posters(bench)
    for missed in bench.missed:
        bench.console.print(f"missed: {missed}")
    return int(bool(bench.missed))


if __name__ == "__main__":
    sys.exit(main())
