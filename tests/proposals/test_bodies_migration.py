"""A database in which collective proposals bore typed names: each name of a term is a body now."""

import pytest
from sqlalchemy import create_engine, text

from app.core.schema.migrations import check, upgrade
from tests.support.databases import postgres_database

ROWS = """
INSERT INTO organization (id, name, level, timezone, duty_year_starts, settings)
 VALUES (1, '政协云川市委员会', 'city', 'Asia/Shanghai', '01-01', '{}');
INSERT INTO term (id, organization_id, ordinal, name, starts_on, ends_on) VALUES (1, 1, 16, '第十六届', '2022-01-01', '2026-12-31');
INSERT INTO sector (id, term_id, name, position) VALUES (1, 1, '教育', 0), (2, 1, '民盟', 1);
INSERT INTO committee (id, term_id, name, position) VALUES (1, 1, '提案委员会', 0);
INSERT INTO account (id, phone, name, organization_id, password_hash, password_changed_at, must_change_password, second_factor_step, consent_version, created_at)
 VALUES (1, '+8619000000001', '周岚', 1, '!', '2022-01-01 00:00:00', false, 0, 1, '2022-01-01 00:00:00');
INSERT INTO person (id, organization_id, account_id, name, phone) VALUES (1, 1, 1, '周岚', '+8619000000001');
INSERT INTO seat (id, organization_id, term_id, person_id, sector_id, post, starts_on, ends_on, figures_version)
 VALUES (1, 1, 1, 1, 1, 'member', '2022-01-01', '2026-12-31', 0);
INSERT INTO activity (id, organization_id, kind, title, place, starts_at, ends_at, half_days, must_attend, sign_in_code, created_at)
 VALUES (1, 1, 'plenary', '五次会议', '', '2026-01-10 01:00:00', '2026-01-12 09:00:00', 6, true, '123456', '2026-01-01 00:00:00');
"""
NAMES = [
    "民盟云川市委",
    "教育界别",
    "云川市工商联",
    "提案委员会",
    "教育界",
    "机关老干部",
    None,
    "民盟云川市委",
    "市妇联",
]
PROPOSAL = """INSERT INTO proposal (id, organization_id, term_id, account_id, seat_id, kind, collective, title, situation,
 suggestions, version, state, created_at, edited_at, submitted_at, is_key, is_commended, round)
 VALUES (:id, 1, 1, 1, 1, 'collective', :name, '', '', '', 1, 'submitted', '2026-01-01 00:00:00', '2026-01-01 00:00:00',
 :at, false, false, 1)"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.sqlite3'}"
    else:
        with postgres_database(request.getfixturevalue("postgres_server")) as found:
            yield found


def test_typed_names_become_bodies_of_the_term(url):
    upgrade(url, "0023")
    engine = create_engine(url)
    with engine.begin() as conn:
        for statement in filter(str.strip, ROWS.split(";\n")):
            conn.execute(text(statement))
        for n, name in enumerate(NAMES, 1):
            # the last minute of the day on which the plenary ended, and the first of the next one, in Shanghai
            at = "2026-01-12 15:59:00" if n == 1 else "2026-01-12 16:01:00"
            conn.execute(text(PROPOSAL), {"id": n, "name": name, "at": at})

    upgrade(url)

    check(url)
    with engine.connect() as conn:
        rows = conn.execute(
            text(
                "SELECT p.id, b.kind, b.name, b.sector_id, b.committee_id, p.period FROM proposal p"
                " LEFT JOIN body b ON b.id = p.body_id ORDER BY p.id"
            )
        )
        assert [tuple(row) for row in rows] == [
            (1, "party", "民盟云川市委", None, None, "during"),
            (2, "sector", "教育界别", 1, None, "between"),
            (3, "commerce", "云川市工商联", None, None, "between"),
            (4, "committee", None, None, 1, "between"),
            (5, "sector", "教育界别", 1, None, "between"),
            (6, "group", "机关老干部", None, None, "between"),
            (7, None, None, None, None, "between"),
            (8, "party", "民盟云川市委", None, None, "between"),
            (9, "people", "市妇联", None, None, "between"),
        ]
    engine.dispose()
