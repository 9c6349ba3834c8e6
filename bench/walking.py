"""Members who read and write at a walking pace beside a job, and what they see of it."""

import http.client
import json
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from sqlalchemy import select

from app.core.db import Database
from app.core.sql import table
from app.threads.models import Reply
from bench.loads.cases import BODY
from bench.loads.cities import City, Members, members
from bench.servers.server import serve

_MEMBERS, _PAUSE = 4, 0.05
READS, WRITES = ("feed", "thread"), ("reply", "update", "support")


@dataclass
class Seen:
    """What members saw: seconds of each answer by what was asked, and how often they were refused."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    refused: int = 0

    def p95(self, kinds: tuple[str, ...]) -> float:
        """Milliseconds within which 95 of 100 were answered."""
        found = [one for kind in kinds for one in self.seconds.get(kind, ())]
        return 1000 * quantiles(found, n=20)[-1] if len(found) > 1 else float("nan")


@dataclass(frozen=True)
class Beside:
    """A copy of the city with a server on it."""

    town: City
    port: int
    who: Members
    replies: list[int]

    def watch(self, running: Callable[[], bool]) -> Seen:
        """Let members read and write for as long as `running()`."""
        seen, lock = Seen(), threading.Lock()
        threads = [
            threading.Thread(target=self._member, args=(n, running, seen, lock)) for n in range(_MEMBERS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return seen

    def _member(self, number: int, running: Callable[[], bool], seen: Seen, lock: threading.Lock) -> None:
        rng, conn = random.Random(number), http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {self.who.tokens[number]}", "Content-Type": "application/json"}
        while running():
            for kind in READS + WRITES:
                method, path, body = self._request(kind, rng)
                started = time.perf_counter()
                conn.request(method, path, json.dumps(body) if body else None, headers)
                answer = conn.getresponse()
                answer.read()
                spent = time.perf_counter() - started
                with lock:
                    seen.seconds.setdefault(kind, []).append(spent)
                    seen.refused += answer.status == http.HTTPStatus.SERVICE_UNAVAILABLE
                    assert answer.status in {200, 201, 204, 503}, (path, answer.status)  # noqa: S101
                time.sleep(_PAUSE)

    def _request(self, kind: str, rng: random.Random) -> tuple[str, str, dict[str, str] | None]:
        thread = rng.choice(self.who.threads)
        return {
            "feed": ("GET", "/api/v1/updates", None),
            "thread": ("GET", f"/api/v1/threads/{thread}/replies", None),
            "reply": ("POST", f"/api/v1/threads/{thread}/replies", BODY),
            "update": ("POST", "/api/v1/updates", BODY | {"kind": "visit"}),
            "support": ("PUT", f"/api/v1/replies/{rng.choice(self.replies)}/support", None),
        }[kind]


@contextmanager
def copied(town: City) -> Iterator[Beside]:
    """A server on a copy of the city."""
    with TemporaryDirectory(dir=town.folder) as name:
        folder = Path(name)
        shutil.copyfile(town.url.removeprefix("sqlite:///"), folder / "lvyi.sqlite3")
        mine = City(f"sqlite:///{folder / 'lvyi.sqlite3'}", 1, folder)
        who = members(mine)
        database = Database.connect(mine.url, pool=1)
        with database.read.connect() as conn:
            replies = list(
                conn.scalars(select(table(Reply).c.id).order_by(table(Reply).c.id.desc()).limit(500))
            )
        database.dispose()
        noted = {"BENCH_HOLDS": str(folder / "holds"), "LVYI_LOG_LEVEL": "ERROR"}
        with serve("bench.servers.held:create_app", 0, mine.environment | noted) as server:
            yield Beside(mine, server.port, who, replies)


def holds(file: Path, threads: tuple[str, ...] = ("worker", "MainThread")) -> list[tuple[float, float]]:
    """Milliseconds of the clock and of the CPU of the transactions of the worker and of a command."""
    lines = [line.rsplit(maxsplit=2) for line in file.read_text().splitlines()] if file.exists() else []
    return [(1000 * float(s), 1000 * float(c)) for thread, s, c in lines if thread in threads]
