"""What every case has in common: it is held, moved, and its versions are read page by page."""

import pytest
import sqlalchemy as sa

from app.casefiles import reads, steps
from app.core.db import Database
from app.core.errors import Conflict, NotFound

CASE = sa.Table(
    "made_up_case",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(20)),
    sa.Column("version", sa.Integer),
)


@pytest.fixture
def cases(database: Database) -> Database:
    with database.write.begin() as conn:
        CASE.create(conn)
        conn.execute(CASE.insert(), [{"id": n, "state": "draft", "version": n} for n in range(1, 6)])
    return database


def test_a_case_moves_once_from_where_it_was_seen(cases):
    with cases.transaction() as db:
        row = steps.lock(db, sa.select(CASE).where(CASE.c.id == 1))
        steps.move(db, CASE, row, "submitted", version=9)
        with pytest.raises(Conflict) as refused:
            steps.move(db, CASE, row, "withdrawn")
        with pytest.raises(NotFound):
            steps.lock(db, sa.select(CASE).where(CASE.c.id == 77))
    assert refused.value.extra["state"] == "draft"
    with cases.read.connect() as conn:
        assert reads.only(conn, sa.select(CASE).where(CASE.c.id == 1)) == {
            "id": 1,
            "state": "submitted",
            "version": 9,
        }
        with pytest.raises(NotFound):
            reads.only(conn, sa.select(CASE).where(CASE.c.id == 77))


def test_versions_are_read_newest_first_page_by_page(cases):
    found, cursor = sa.select(CASE.c.version), None
    pages: list[list[int]] = []
    with cases.read.connect() as conn:
        while not pages or cursor:
            page = reads.page_of_versions(conn, found, CASE.c.version, cursor, 2)
            pages.append([row["version"] for row in page["items"]])
            cursor = page["next"]
    assert pages == [[5, 4], [3, 2], [1]]


def test_steps_are_called_in_chinese():
    rows = [{"action": "submit", "from_state": "draft", "to_state": "submitted"}]
    steps.label(rows, {"submit": "提交"}, {"draft": "草稿", "submitted": "已提交"})
    labels = ("action_label", "from_state_label", "to_state_label")
    assert [rows[0][name] for name in labels] == ["提交", "草稿", "已提交"]
