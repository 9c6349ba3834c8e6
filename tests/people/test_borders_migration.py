"""A database in which two organizations shared a person and the calendar: each gets its own."""

import pytest
from sqlalchemy import create_engine, text

from app.core.schema.migrations import check, upgrade
from tests.support.databases import postgres_database

ROWS = """
INSERT INTO organization (id, name, level, timezone, duty_year_starts, settings)
 VALUES (1, '政协云川市委员会', 'city', 'Asia/Shanghai', '01-01', '{}'), (2, '政协柳溪县委员会', 'county', 'Asia/Shanghai', '01-01', '{}');
INSERT INTO term (id, organization_id, ordinal, name, starts_on, ends_on)
 VALUES (1, 1, 16, '第十六届', '2022-01-01', '2026-12-31'), (2, 2, 16, '第十六届', '2022-01-01', '2026-12-31');
INSERT INTO sector (id, term_id, name, position) VALUES (1, 1, '经济界', 0), (2, 2, '经济界', 0);
INSERT INTO account (id, phone, name, organization_id, password_hash, password_changed_at, must_change_password, second_factor_step, created_at)
 VALUES (1, '+8619000000001', '周.岚', NULL, '!', '2022-01-01 00:00:00', false, 0, '2022-01-01 00:00:00'), (2, '+8619000000002', '褚文', 2, '!', '2022-01-01 00:00:00', false, 0, '2022-01-01 00:00:00');
INSERT INTO person (account_id, name, phone, gender, employer) VALUES (1, '周.岚', '+8619000000001', '女', '云川大学');
INSERT INTO seat (id, organization_id, term_id, person_id, sector_id, post, starts_on, ends_on, figures_version)
 VALUES (1, 1, 1, 1, 1, 'member', '2022-01-01', '2026-12-31', 0), (2, 2, 2, 1, 2, 'member', '2022-01-01', '2026-12-31', 0);
INSERT INTO account_role (id, account_id, organization_id, role, seat_id) VALUES (1, 1, 1, 'member', 1), (2, 1, 2, 'member', 2);
INSERT INTO workday_override (day, is_workday, name, set_by, set_at)
 VALUES ('2026-12-02', false, '县里休息', 2, '2026-11-01 00:00:00'), ('2026-12-03', false, '市里休息', 1, '2026-11-02 00:00:00');
INSERT INTO audit_entry (id, organization_id, at, account_id, action, address, result, detail, previous_hash, hash)
 VALUES (1, 2, '2026-11-02 00:00:00.5', 1, 'workday.overridden', '', 'ok', '{}', '', '');
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.sqlite3'}"
    else:
        with postgres_database(request.getfixturevalue("postgres_server")) as found:
            yield found


def test_what_was_shared_is_parted(url):
    upgrade(url, "0012")
    engine = create_engine(url)
    with engine.begin() as conn:
        for statement in filter(str.strip, ROWS.split(";\n")):
            conn.execute(text(statement))

    upgrade(url)

    check(url)
    with engine.connect() as conn:
        people = conn.execute(
            text(
                "SELECT s.id, p.organization_id, p.account_id, p.name, p.gender, s.employer FROM seat s JOIN person p ON p.id = s.person_id ORDER BY s.id"
            )
        )
        assert [tuple(row) for row in people] == [
            (1, 1, 1, "周·岚", "女", "云川大学"),
            (2, 2, 1, "周·岚", None, "云川大学"),
        ]
        assert conn.scalar(text("SELECT organization_id FROM account WHERE id = 1")) == 1
        days = conn.execute(text("SELECT name, organization_id FROM workday_override ORDER BY day"))
        assert [tuple(row) for row in days] == [("县里休息", 2), ("市里休息", 2)]
    engine.dispose()
