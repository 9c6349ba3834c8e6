"""A counter for the effects of jobs, and a database that no worker serves."""

import pytest
from sqlalchemy import delete, text

from app.core import outbox
from app.core.db import Database
from app.core.jobs import workers
from app.core.sql import table
from tests.factories.processes.jobs import count_one


@pytest.fixture
def counted(database: Database):
    """A counter of effects."""
    with database.transaction() as db:
        db.execute(text("CREATE TABLE effects (number INTEGER)"))
        db.execute(text("INSERT INTO effects VALUES (0)"))
    outbox.handles("test.count")(count_one)

    def value() -> int:
        with database.read.connect() as conn:
            return int(conn.execute(text("SELECT number FROM effects")).scalar_one())

    return value


@pytest.fixture
def no_worker(database: Database) -> None:
    with database.transaction() as db:
        db.execute(delete(table(workers.Worker)))
