"""A database of before: reports that came of proposals are told apart, and what is scored otherwise now is forgotten."""

import pytest
from sqlalchemy import create_engine, text

from app.core.schema.migrations import upgrade
from tests.support.databases import postgres_database

BEFORE = "0030"
ROWS = r"""
INSERT INTO organization (id, name, level, timezone, duty_years, settings)
 VALUES (1, '政协云川市委员会', 'city', 'Asia/Shanghai', '[{"year"\:0,"starts"\:"01-01"}]', '{}');
INSERT INTO term (id, organization_id, ordinal, name, starts_on, ends_on)
 VALUES (1, 1, 16, '第十六届', '2022-01-01', '2026-12-31');
INSERT INTO sector (id, term_id, name, position) VALUES (1, 1, '经济界', 0);
INSERT INTO account (id, phone, name, organization_id, password_hash, password_changed_at, must_change_password, second_factor_step, consent_version, created_at)
 VALUES (1, '+8619000000001', '周岚', 1, '!', '2022-01-01 00:00:00', false, 0, 1, '2022-01-01 00:00:00');
"""
PERSON = "INSERT INTO person (id, organization_id, name, phone) VALUES (:id, 1, '周岚', :phone)"
SEAT = """INSERT INTO seat (id, organization_id, term_id, person_id, sector_id, post, starts_on, ends_on, figures_version)
 VALUES (:id, 1, 1, :id, 1, 'member', '2022-01-01', '2026-12-31', 0)"""
REPORT = """INSERT INTO opinion_report (id, organization_id, kind, account_id, seat_id, title, body, version,
 released_version, state, created_at, edited_at)
 VALUES (:id, 1, :kind, 1, :id, '', '', 1, 1, 'submitted', '2026-01-01 00:00:00', '2026-01-01 00:00:00')"""
LINK = """INSERT INTO lineage_link (organization_id, from_type, from_id, to_type, to_id, at, account_id)
 VALUES (1, :what, 1, 'opinion_report', :id, '2026-01-01 00:00:00', 1)"""
RULESET = """INSERT INTO ruleset (id, organization_id, duty_year, version, state, name, text, rules, reason, created_by, created_at)
 VALUES (1, 1, 2026, 1, 'published', '办法', '', '{}', '', 1, '2026-01-01 00:00:00')"""
SCORE = """INSERT INTO score (ruleset_id, seat_id, figures_version, points, months, minimums_met, parts, computed_at)
 VALUES (1, :seat, 0, 0, :months, true, '{}', '2026-01-01 00:00:00')"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.sqlite3'}"
    else:
        with postgres_database(request.getfixturevalue("postgres_server")) as found:
            yield found


def test_reports_of_proposals_are_told_apart_and_their_scores_forgotten(url):
    upgrade(url, BEFORE)
    engine = create_engine(url)
    with engine.begin() as conn:
        for statement in filter(str.strip, ROWS.split(";\n")):
            conn.execute(text(statement))
        conn.execute(text(RULESET))
        for number, (kind, what) in enumerate(
            (("single", "proposal"), ("single", "reply"), ("lead", "reply")), 1
        ):
            conn.execute(text(PERSON), {"id": number, "phone": f"+861900000000{number}"})
            conn.execute(text(SEAT), {"id": number})
            conn.execute(text(REPORT), {"id": number, "kind": kind})
            conn.execute(text(LINK), {"id": number, "what": what})
            conn.execute(text(SCORE), {"seat": number, "months": 5 if number == 3 else 12})
    upgrade(url)
    with engine.connect() as conn:
        kinds = conn.scalars(text("SELECT kind FROM opinion_report ORDER BY id")).all()
        assert kinds == ["conversion", "single", "lead"]
        assert conn.scalars(text("SELECT seat_id FROM score")).all() == [2]
        assert conn.execute(text("SELECT count(form) FROM outside_act")).scalar_one() == 0
        assert conn.execute(text("SELECT count(form) FROM claim")).scalar_one() == 0
    engine.dispose()
