"""A database of before: what was issued then counts as duty, and every text is the one that was seen."""

import pytest
from alembic import command
from sqlalchemy import create_engine, select, text

from app.core.db import Database
from app.core.schema.migrations import _config, upgrade
from app.core.sql import table
from app.duty import recount
from app.duty.models import DutyRecord
from app.main import load_routers
from app.opinions.models import OpinionReport
from tests.support.databases import postgres_database

BEFORE = "0002"
#: A member in Shanghai whose report was issued one minute after midnight of New Year.
ROWS = """
INSERT INTO organization (id, name, level, timezone, duty_year_starts, settings)
 VALUES (1, '政协云川市委员会', 'city', 'Asia/Shanghai', '01-01', '{}');
INSERT INTO term (id, organization_id, ordinal, name, starts_on, ends_on)
 VALUES (1, 1, 16, '第十六届', '2022-01-01', '2026-12-31');
INSERT INTO sector (id, term_id, name, position) VALUES (1, 1, '经济界', 0);
INSERT INTO account (id, phone, name, password_hash, password_changed_at, must_change_password, second_factor_step, created_at)
 VALUES (1, '+8619000000001', '周岚', '!', '2022-01-01 00:00:00', false, 0, '2022-01-01 00:00:00');
INSERT INTO person (id, account_id, name, phone) VALUES (1, 1, '周岚', '+8619000000001');
INSERT INTO seat (id, organization_id, term_id, person_id, sector_id, post, starts_on, ends_on, figures_version)
 VALUES (1, 1, 1, 1, 1, 'member', '2022-01-01', '2026-12-31', 3);
INSERT INTO opinion_report (id, organization_id, account_id, seat_id, title, body, version, submitted_version, state, tier, created_at, edited_at, submitted_at)
 VALUES (1, 1, 1, 1, '旧信息', '正文', 2, 1, 'issued', 'province', '2025-12-01 00:00:00', '2025-12-01 00:00:00', '2025-12-02 00:00:00');
INSERT INTO opinion_version (report_id, version, title, body, saved_by, saved_at)
 VALUES (1, 2, '旧信息', '正文', 1, '2025-12-01 00:00:00');
INSERT INTO opinion_step (id, report_id, at, account_id, action, from_state, to_state, tier)
 VALUES (1, 1, '2025-12-31 16:01:00', 1, 'issue', 'editing', 'issued', 'province');
INSERT INTO duty_record (organization_id, seat_id, kind, role, occurred_at, occurred_on, duty_year, subject_type, subject_id, single, level, quantity, source, recorded_at)
 VALUES (1, 1, 'opinion.submitted', 'lead', '2025-12-02 00:00:00', '2025-12-02', 2025, 'opinion_report', 1, true, 'city', 1, 'platform', '2025-12-02 00:00:00');
"""
#: A report that was made of it, behind which no member stands.
COMBINED = """
INSERT INTO opinion_report (id, organization_id, account_id, kind, title, body, version, released_version, state, created_at, edited_at)
 VALUES (2, 1, 1, 'combined', '综合信息', '正文', 1, 1, 'editing', '2026-01-01 00:00:00', '2026-01-01 00:00:00')
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.sqlite3'}"
    else:
        with postgres_database(request.getfixturevalue("postgres_server")) as found:
            yield found


def test_what_was_issued_before_is_credited(url):
    upgrade(url, BEFORE)
    engine = create_engine(url)
    with engine.begin() as conn:
        for statement in filter(str.strip, ROWS.split(";\n")):
            conn.execute(text(statement))
    engine.dispose()

    upgrade(url)

    load_routers()
    database = Database.connect(url, pool=2)
    r, d = table(OpinionReport), table(DutyRecord)
    with database.read.connect() as conn:
        assert conn.execute(select(r.c.kind, r.c.released_version)).one() == ("single", 2)
        issued = select(d.c.level, d.c.duty_year)
        assert conn.execute(issued.where(d.c.kind == "opinion.issued")).one() == ("province", 2026)
        assert conn.scalar(text("SELECT figures_version FROM seat")) == 4
        assert [x for x in recount.run(conn) if "社情民意" in x.check or "日期" in x.check] == []
    database.dispose()


def test_the_way_back_drops_what_no_member_stands_behind(url):
    upgrade(url, "0012")
    engine = create_engine(url)
    rows = ROWS.replace("body, version, submitted", "body, kind, released_version, version, submitted")
    rows = rows.replace("'正文', 2, 1, 'issued'", "'正文', 'single', 2, 2, 1, 'issued'")
    with engine.begin() as conn:
        for statement in filter(str.strip, rows.split(";\n")):
            conn.execute(text(statement))
        conn.execute(text(COMBINED))
        conn.execute(text("UPDATE opinion_report SET combined_into_id = 2, state = 'combined' WHERE id = 1"))
        conn.execute(
            text(
                "INSERT INTO opinion_version SELECT 2, 1, title, body, 1, created_at FROM opinion_report WHERE id = 2"
            )
        )

    command.downgrade(_config(url), "0004")

    with engine.connect() as conn:
        assert conn.execute(text("SELECT id, state FROM opinion_report")).all() == [(1, "editing")]
        assert conn.execute(text("SELECT report_id FROM opinion_version")).all() == [(1,)]
    engine.dispose()
