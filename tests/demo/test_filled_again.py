"""The demo city is the same each time, and leaves a database that is in use alone."""

import json
from hashlib import sha256

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from app.auth.models import Account
from app.core import clock
from app.core.db import Database
from app.core.errors import Conflict
from app.core.sql import table
from app.demo.fill import fill
from tests.factories.demo import NOW

RANDOM = {"account.password_hash", "venue.code", "matter.code_hash"}


def content(database: Database) -> str:
    """A digest of all rows of all tables, but for passwords and codes, which are random."""
    found = sha256()
    with database.read.connect() as conn:
        for each in SQLModel.metadata.sorted_tables:
            columns = [column for column in each.columns if str(column) not in RANDOM]
            for row in conn.execute(select(*columns).order_by(*each.primary_key)):
                # JSONB orders keys in its own way
                found.update(
                    repr(
                        [json.dumps(v, sort_keys=True) if isinstance(v, dict | list) else v for v in row]
                    ).encode()
                )
    return found.hexdigest()


def test_new_rows_follow_those_of_the_demo(filled):
    database = filled.database
    with database.transaction() as db:
        newest = db.scalar(select(func.max(table(Account).c.id)))
        added = Account(
            phone="+8613900000000",
            name="新人",
            organization_id=1,
            password_hash="x",
            password_changed_at=NOW,
            created_at=NOW,
        )
        db.add(added)
        db.flush()
        assert added.id == newest + 1


def test_a_database_in_use_is_left_alone(filled):
    database = filled.database
    before = content(database)
    with pytest.raises(Conflict):
        fill(database, filled.files, scale=0.1)
    assert content(database) == before


def test_the_same_seed_gives_the_same_city_on_both_databases(sqlite_url, postgresql_url, tmp_path):
    found = []
    for url in (sqlite_url, postgresql_url):
        database = Database.connect(url, pool=2)
        with clock.frozen_at(NOW):
            fill(database, tmp_path / "files", scale=0.1)
        found.append(content(database))
        database.dispose()
    assert found[0] == found[1]
