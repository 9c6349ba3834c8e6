"""A database of before: a ruleset that began its year in December takes the organization's years along."""

import pytest
from sqlalchemy import create_engine, text

from app.core import outbox
from app.core.db import Database
from app.core.schema.migrations import check, upgrade
from app.main import load_routers
from tests.support.databases import postgres_database

ROWS = """
INSERT INTO organization (id, name, level, timezone, duty_year_starts, settings)
 VALUES (1, '政协云川市委员会', 'city', 'Asia/Shanghai', '01-01', '{"proposals": {"reviews": 3}}'), (2, '政协柳溪县委员会', 'county', 'Asia/Shanghai', '12-01', '{}');
INSERT INTO stream (organization_id, seq) VALUES (1, 0), (2, 0);
INSERT INTO term (id, organization_id, ordinal, name, starts_on, ends_on) VALUES (1, 1, 16, '第十六届', '2022-01-01', '2026-12-31');
INSERT INTO sector (id, term_id, name, position) VALUES (1, 1, '经济界', 0);
INSERT INTO account (id, phone, name, organization_id, password_hash, password_changed_at, must_change_password, second_factor_step, created_at, consent_version)
 VALUES (1, '+8619000000001', '周岚', 1, '!', '2022-01-01 00:00:00', false, 0, '2022-01-01 00:00:00', 0);
INSERT INTO person (id, organization_id, account_id, name, phone) VALUES (1, 1, 1, '周岚', '+8619000000001');
INSERT INTO seat (id, organization_id, term_id, person_id, sector_id, post, starts_on, ends_on, figures_version)
 VALUES (1, 1, 1, 1, 1, 'member', '2022-01-01', '2026-12-31', 0);
INSERT INTO duty_record (id, organization_id, seat_id, kind, role, occurred_at, occurred_on, duty_year, subject_type, subject_id, single, level, quantity, source, recorded_at)
 VALUES (1, 1, 1, 'update.posted', 'lead', '2025-12-10 01:00:00', '2025-12-10', 2025, 'update', 1, true, 'city', 1, 'platform', '2025-12-10 01:00:00');
INSERT INTO ruleset (id, organization_id, duty_year, version, name, text, rules, state, reason, created_by, created_at)
 VALUES (1, 1, 2026, 1, '办法', '', '{"year_starts": "12-01"}', 'published', '', 1, '2026-01-01 00:00:00');
INSERT INTO bulletin (id, organization_id, duty_year, version, state, revision, preface, starts_on, ends_on, counted_on, before_on, last_record_id, fixed_at)
 VALUES (1, 1, 2024, 1, 'published', 1, '', '2024-01-01', '2024-12-31', '2024-12-31', '2023-12-31', 1, '2025-01-05 00:00:00');
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.sqlite3'}"
    else:
        with postgres_database(request.getfixturevalue("postgres_server")) as found:
            yield found


def test_years_follow_the_rules_that_were_in_force_and_records_are_filed_anew(url):
    upgrade(url, "0023")
    engine = create_engine(url)
    with engine.begin() as conn:
        for statement in filter(str.strip, ROWS.split(";\n")):
            conn.exec_driver_sql(statement)
    engine.dispose()

    upgrade(url)

    check(url)
    load_routers()
    database = Database.connect(url)
    with database.read.connect() as conn:
        years = conn.execute(text("SELECT id, duty_years FROM organization ORDER BY id")).all()
        assert "2026" in str(years[0][1])
        assert "12-01" in str(years[0][1])
        assert "12-01" in str(years[1][1])
        assert str(conn.scalar(text("SELECT before_starts_on FROM bulletin"))) == "2023-01-01"
    while outbox.run_due(database):
        pass
    with database.read.connect() as conn:
        assert conn.scalar(text("SELECT duty_year FROM duty_record")) == 2026
    database.dispose()
