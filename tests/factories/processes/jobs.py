"""Jobs that count what they do."""

from typing import Any

from sqlalchemy import select, text
from sqlmodel import Session

from app.core import outbox
from app.core.db import Database
from app.core.outbox import Job
from app.core.sql import table

_j = table(Job)


def count_one(db: Session, payload: dict[str, Any]) -> None:
    """The effect of the jobs here: a counter goes up by one in the handler's transaction."""
    db.execute(text("UPDATE effects SET number = number + :step"), payload)


def enqueue(database: Database, *keys: str, kind: str = "test.count", **more) -> None:
    with database.transaction() as db:
        for key in keys:
            outbox.enqueue(db, kind, key, step=1, **more)


def jobs(database: Database) -> list[Any]:
    with database.read.connect() as conn:
        return list(conn.execute(select(_j).order_by(_j.c.id)).all())
