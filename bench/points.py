"""Publishing a ruleset: `uv run python -m bench.points [SCALE]` computes every seat of a demo city, as the worker does.

Prints wall and CPU seconds for drafting, for all scores of a whole duty year, and for the first page of the board.
"""

import sys
import time
from shutil import copyfile
from tempfile import TemporaryDirectory

from sqlalchemy import func, select, update

from app.auth.actor import Actor
from app.auth.models import AccountRole
from app.auth.permissions import GRANTS, Role
from app.core import clock, outbox
from app.core.db import Database
from app.core.outbox import Job
from app.core.sql import table
from app.demo.city.plan import ORGANIZATION_ID
from app.main import load_routers
from app.points import pages
from app.points.engine.yaml_text import shipped
from app.points.models import RulesetVersion, Score
from app.points.ruleset_schemas import RulesetIn
from app.points.rulesets import service
from bench.loads.cities import city


def measure(scale: float) -> None:
    """One publication at a scale, on a copy of the city."""
    load_routers()
    made = city("sqlite", scale, None)
    with TemporaryDirectory(dir=made.folder) as folder:
        copyfile(made.url.removeprefix("sqlite:///"), f"{folder}/lvyi.sqlite3")
        database = Database.connect(f"sqlite:///{folder}/lvyi.sqlite3", pool=2)
        j, r, v = table(Job), table(AccountRole), table(RulesetVersion)
        year = clock.local_day(clock.now()).year
        with database.transaction() as db:
            db.execute(update(j).values(done_at=clock.now()))
            account = db.scalar(select(r.c.account_id).where(r.c.role == Role.SECRETARIAT))
        actor = Actor(
            account or 0, 0, ORGANIZATION_ID, "", frozenset({Role.SECRETARIAT}), GRANTS[Role.SECRETARIAT]
        )
        with database.transaction() as db:
            new = RulesetIn(text=shipped()["minhang"], duty_year=year, reason="测速")
            ruleset_id = service.create(db, actor, new).id
            db.execute(update(v).where(v.c.id != ruleset_id).values(state="superseded"))
            service.publish(db, actor, ruleset_id)
        wall, cpu = time.perf_counter(), time.process_time()
        while outbox.run_due(database):
            pass
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        with database.read.connect() as conn:
            k = table(Score)
            seats = conn.scalar(select(func.count()).where(k.c.ruleset_id == ruleset_id)) or 0
            of = pages.in_force(conn, ORGANIZATION_ID, year)
            shown = of.rules.boards[0]
            paging = time.process_time()
            who = pages.wanted(conn, of, shown)
            pages.board_page(conn, actor, of, shown, who, None, 20)
            paging = time.process_time() - paging
        database.dispose()
    print(f"scale {scale:g}: {seats} seats published in {wall:.1f} s ({cpu:.1f} s CPU,", end=" ")
    print(f"{1000 * cpu / seats:.2f} ms a seat); a page of the board {1000 * paging:.0f} ms CPU")


if __name__ == "__main__":
    for given in sys.argv[1:] or ["1"]:
        measure(float(given))
