"""Members beside long jobs: `uv run python -m bench.busy [--further 5000] [--only NAME]`, on SQLite.

For each job: a copy of the demo city with further seats, a server on it, members who read and write at a walking pace;
first beside nothing, then beside the job. What counts is the ratio of the two in one run, that nobody is refused, and
how long one transaction held the writer, in ms of the clock and of the CPU.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from sqlalchemy import Select, select

from app.auth.actor import Actor
from app.auth.models import AccountRole
from app.auth.permissions import GRANTS, Role
from app.core import clock
from app.core.db import Database
from app.core.sql import table
from app.main import load_routers
from app.people.models import Organization
from app.points.engine.yaml_text import shipped
from app.points.models import RulesetVersion
from app.points.ruleset_schemas import RulesetIn
from app.points.rulesets import service
from bench.larger import larger
from bench.walking import READS, WRITES, Beside, copied, holds

TARGET, _WARM_SECONDS, _LOADING_SECONDS = 2.0, 2.0, 3.0


class Running(NamedTuple):
    """A job that was started."""

    goes_on: Callable[[], bool]
    end: Callable[[], object]
    threads: tuple[str, ...]


Start = Callable[[Beside], Running]


def command(*words: str) -> Start:
    """A job that is a command: another process."""

    def start(beside: Beside) -> Running:
        running = subprocess.Popen(
            [sys.executable, "-m", "bench.servers.held", *words],
            env=os.environ | beside.town.environment | {"BENCH_HOLDS": str(beside.town.folder / "holds")},
            stdout=subprocess.DEVNULL,
        )

        def goes_on() -> bool:
            if running.poll() is None:
                return True
            assert running.returncode in {0, 1}, words  # noqa: S101 - 1: recount has found something
            return False

        def end() -> None:
            running.kill()
            running.wait()

        return Running(goes_on, end, ("MainThread",))

    return start


def publication(beside: Beside) -> Running:
    """A ruleset is published: the worker of the server computes every score."""
    database = Database.connect(beside.town.url, pool=2)
    r, v = table(AccountRole), table(RulesetVersion)
    with database.transaction() as db:
        account = db.scalar(select(r.c.account_id).where(r.c.role == Role.SECRETARIAT))
        place = db.scalar(select(table(Organization).c.id)) or 0
    pending = select(v.c.id).where(v.c.state == "publishing")
    staff = Actor(account or 0, 0, place, "", frozenset({Role.SECRETARIAT}), GRANTS[Role.SECRETARIAT])
    with database.transaction() as db:
        text, year = shipped()["minhang"], clock.local_day(clock.now()).year
        made = service.create(db, staff, RulesetIn(text=text, duty_year=year, reason="测速")).id
        service.publish(db, staff, made)

    def goes_on() -> bool:
        return _first(database, pending) is not None

    return Running(goes_on, database.dispose, ("worker",))


def _first(database: Database, found: Select[int]) -> int | None:
    with database.read.connect() as conn:
        return conn.scalar(found)


def main() -> int:
    """Measure what is asked; 1 when somebody was refused or waited too long."""
    options = argparse.ArgumentParser(prog="python -m bench.busy", description=__doc__.splitlines()[0])
    options.add_argument(
        "--further", type=int, default=5000, help="seats beside those of the demo city (5000)"
    )
    options.add_argument("--runs", type=int, default=1)
    options.add_argument("--idle", type=float, default=8.0, help="seconds beside nothing")
    options.add_argument("--most", type=float, default=30.0, help="seconds beside a job, which is ended then")
    options.add_argument("--only", default="", help="jobs whose name holds this")
    asked = options.parse_args()
    load_routers()
    town, last_year = larger(asked.further), str(clock.local_day(clock.now()).year - 1)
    file = {
        name: str(town.folder / name)
        for name in ("more.xlsx", "duty.xlsx", "attendance.xlsx", "library.jsonl")
    }
    jobs: dict[str, Start] = {
        "cards issue": command("cards", "issue", "--period", last_year),
        "import roster": command("import", "roster", file["more.xlsx"]),
        "points published": publication,
        "recount --repair": command("recount", "--repair"),
        "bulletin": command("bulletin", last_year, "--reason", "测速", "--publish"),
        "import duty": command("import", "duty", file["duty.xlsx"]),
        "import library": command("import", "library", file["library.jsonl"]),
        "reindex": command("reindex"),
        "import attendance": command("import", "attendance", file["attendance.xlsx"]),
        "backup": lambda beside: command("backup", str(beside.town.folder / "backup.tar.gz"))(beside),
    }
    shown = Table(title=f"members beside jobs, {asked.further} further seats", title_justify="left")
    heads = (
        "|s|reads p95 ms, idle / beside|×|writes p95 ms, idle / beside|×|503|transactions|longest ms|its CPU"
    )
    for head in heads.split("|"):
        shown.add_column(head, justify="right" if head else "left")
    missed = False
    for name, start in jobs.items():
        if asked.only not in name:
            continue
        rows = []
        for _ in range(asked.runs):
            with copied(town) as beside:
                rows.append(measure(beside, start, asked.idle, asked.most))
        medians = [median(column) for column in zip(*rows, strict=True)]
        seconds, reads, reads_beside, writes, writes_beside, refused, count, longest, cpu = medians
        missed |= refused > 0 or max(reads_beside / reads, writes_beside / writes) > TARGET
        shown.add_row(
            name,
            f"{seconds:.0f}",
            f"{reads:.0f} / {reads_beside:.0f}",
            f"{reads_beside / reads:.1f}",
            f"{writes:.0f} / {writes_beside:.0f}",
            f"{writes_beside / writes:.1f}",
            f"{refused:.0f}",
            f"{count:.0f}",
            f"{longest:.0f}",
            f"{cpu:.0f}",
        )
        Console(width=150).print(shown)
    return int(missed)


def measure(beside: Beside, start: Start, idle: float, most: float) -> tuple[float, ...]:
    """One job in one run."""
    warm_at = time.perf_counter() + _WARM_SECONDS
    beside.watch(lambda: time.perf_counter() < warm_at)  # the first requests of a server are slow
    ends_at = time.perf_counter() + idle
    alone = beside.watch(lambda: time.perf_counter() < ends_at)
    noted = beside.town.folder / "holds"
    before = len(holds(noted))
    job, patience = start(beside), time.perf_counter() + _LOADING_SECONDS
    while job.goes_on() and not holds(noted, job.threads) and time.perf_counter() < patience:
        time.sleep(0.1)  # until it writes, which not every job does
    began = time.perf_counter()
    seen = beside.watch(lambda: time.perf_counter() < began + most and job.goes_on())
    spent = time.perf_counter() - began
    job.end()
    found = holds(noted)[before:]
    return (
        spent,
        alone.p95(READS),
        seen.p95(READS),
        alone.p95(WRITES),
        seen.p95(WRITES),
        seen.refused,
        len(found),
        max((wall for wall, _ in found), default=0.0),
        max((cpu for _, cpu in found), default=0.0),
    )


if __name__ == "__main__":
    sys.exit(main())
