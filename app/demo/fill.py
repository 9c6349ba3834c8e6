"""Fills an empty database with the demo city, in one transaction, and counts its bulletin."""

from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import delete, func, select
from sqlmodel import Session

from app.core import clock
from app.core.db import Database
from app.core.errors import Conflict
from app.core.outbox import Job
from app.core.sql import table
from app.demo.circle import feed, reading
from app.demo.circle.conversation import Conversations
from app.demo.city import roster
from app.demo.city.roster import DemoLogin
from app.demo.city.rows import Rows
from app.demo.city.world import World
from app.demo.meetings import activities, ahead, deliberation, findings, outputs
from app.demo.opinions import leads, reports
from app.demo.proposals import schedule
from app.demo.records import (
    bulletins,
    cases,
    claims,
    contacts,
    decisions,
    library,
    lineage,
    matters,
    points,
    projects,
    speeches,
    venues,
)
from app.duty.models import DutyRecord
from app.library.service import gather, index_later
from app.notifications.models import Notification
from app.people.models import Organization
from app.threads.models import Reply, Support
from app.threads.posting import texts

SEED = 2022
#: Rows in all tables at scale 1, for the bar of progress.
_ROWS_AT_ONE = 203_000


def fill(database: Database, files: Path, *, scale: float = 1, seed: int = SEED) -> list[DemoLogin]:
    """Write the demo city as it stands now; who can log in, with passwords that are kept nowhere.

    `files` is the folder of stored files. The same seed, scale and moment give the same city, but for passwords.
    `Conflict` when the database has an organization already.
    """
    moment = int(clock.now().timestamp())
    bar = Progress(TextColumn("演示城市"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with database.transaction() as db, bar:
        conn = db.connection()
        if conn.scalar(select(table(Organization).c.id).limit(1)) is not None:
            raise Conflict("数据库中已有数据，演示城市只能写入空库。", code="not_empty")
        task = bar.add_task("", total=int(_ROWS_AT_ONE * scale))
        rows = Rows(conn, lambda written: bar.advance(task, written))
        world = World(rows, files, seed, scale, moment)
        with rows.without_indexes(Reply, Support, DutyRecord):
            logins = roster.fill(world)
            conversations = Conversations(world)
            feed.fill(world, conversations)
            deliberation.fill(world, conversations)
            schedule.fill(world)
            reports.fill(world)
            leads.fill(world)
            reading.fill(world, conversations)
            activities.fill(world)
            claims.fill(world)
            findings.fill(world)
            outputs.fill(world)
        while texts.measure_some(conn, 5_000):
            pass
        library.fill(world)
        lineage.fill(world)
        world.bell.write()
        rows.finish()
        _outreach(db, world)
        gather(conn)
        index_later(db, "demo")  # by the worker: here it would take as long as all the rest
        points.fill(db, world)
        decisions.fill(db)
        ahead.fill(db, world)
        bar.update(task, completed=int(_ROWS_AT_ONE * scale))
    bulletins.fill(database)
    return logins


def _outreach(db: Session, world: World) -> None:
    """Contacts, visits, cases, projects, venues, matters and speeches, by the services, whose news would come out of order."""
    conn, n, j = db.connection(), table(Notification), table(Job)
    told = conn.scalar(select(func.max(n.c.id))) or 0
    contacts.fill(db, world)
    cases.fill(db, world)
    projects.fill(db, world)
    venues.fill(db, world)
    matters.fill(db, world)
    speeches.fill(db, world)
    conn.execute(delete(n).where(n.c.id > told))
    conn.execute(delete(j).where(j.c.kind == "notification.told"))
