"""A database from before heat counted responses: its snapshots name the first formula, its texts wait to be measured."""

import pytest
from sqlalchemy import create_engine, text

from app.core.db import Database
from app.core.schema.migrations import check, upgrade
from app.threads.posting import texts
from tests.support.databases import postgres_database

ROWS = """
INSERT INTO organization (id, name, level, timezone, duty_year_starts, settings) VALUES (1, '政协云川市委员会', 'city', 'Asia/Shanghai', '01-01', '{}');
INSERT INTO account (id, phone, name, organization_id, password_hash, password_changed_at, must_change_password, consent_version, second_factor_step, created_at)
 VALUES (1, '+8619000000001', '周岚', 1, '!', '2022-01-01 00:00:00', false, 0, 0, '2022-01-01 00:00:00');
INSERT INTO thread (id, organization_id, subject_type, subject_id, reply_count, version) VALUES (1, 1, 'topic', 1, 2, 0);
INSERT INTO reply (id, thread_id, organization_id, account_id, body, mentions, created_at, reply_count, support_count, echo_count)
 VALUES (1, 1, 1, 1, '先在老旧小区试点，再逐步推开', '[]', '2026-03-01 01:00:00', 0, 0, 0), (2, 1, 1, 1, '再逐步推开！先在老旧小区试点', '[]', '2026-03-02 01:00:00', 0, 0, 0);
INSERT INTO board (organization_id, window, seq, rows, seconds, computed_at) VALUES (1, 'week:2026-03-02', 1, '', 0, '2026-03-02 01:00:00');
INSERT INTO board_snapshot (organization_id, board, month, rows, taken_at) VALUES (1, 'heat', '2026-02', '', '2026-03-01 00:00:00'), (1, 'points', '2026-02', '', '2026-03-01 00:00:00');
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.sqlite3'}"
    else:
        with postgres_database(request.getfixturevalue("postgres_server")) as found:
            yield found


def test_older_boards_and_texts_go_on(url):
    upgrade(url, "0023")
    engine = create_engine(url)
    with engine.begin() as conn:
        for statement in filter(str.strip, ROWS.split(";\n")):
            conn.execute(text(statement.replace(", window,", ', "window",')))

    upgrade(url)

    check(url)
    database = Database.connect(url)
    texts.measure_all(database)
    database.dispose()
    with engine.connect() as conn:
        assert conn.scalar(text("SELECT count(*) FROM board")) == 0
        snapshots = conn.execute(text("SELECT board, formula FROM board_snapshot ORDER BY board"))
        assert [tuple(row) for row in snapshots] == [("heat", 1), ("points", None)]
        substance = conn.execute(text("SELECT substance FROM reply ORDER BY id"))
        assert [row[0] for row in substance] == [11, 0], "the second says what the first said"
    engine.dispose()
