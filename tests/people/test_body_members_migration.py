"""A database of before members: whoever heads a body or acts for it belongs to it since the seat began."""

import pytest
from sqlalchemy import create_engine, text

from app.core.schema.migrations import check, upgrade
from tests.support.databases import postgres_database

ROWS = """
INSERT INTO organization (id, name, level, timezone, duty_years, settings)
 VALUES (1, '政协云川市委员会', 'city', 'Asia/Shanghai', '[]', '{}');
INSERT INTO term (id, organization_id, ordinal, name, starts_on, ends_on)
 VALUES (1, 1, 16, '第十六届', '2022-01-01', '2026-12-31');
INSERT INTO sector (id, term_id, name, position) VALUES (1, 1, '教育', 0);
INSERT INTO person (id, organization_id, name, phone) VALUES (1, 1, '周岚', '+8619000000001'), (2, 1, '吴远', '+8619000000002');
INSERT INTO seat (id, organization_id, term_id, person_id, sector_id, post, starts_on, ends_on, figures_version)
 VALUES (1, 1, 1, 1, 1, 'member', '2022-01-01', '2026-12-31', 0), (2, 1, 1, 2, 1, 'member', '2024-03-01', '2026-12-31', 0);
INSERT INTO body (id, organization_id, term_id, kind, name, head_seat_id, position) VALUES (1, 1, 1, 'party', '民盟', 1, 0);
INSERT INTO body (id, organization_id, term_id, kind, sector_id, head_seat_id, position) VALUES (2, 1, 1, 'sector', 1, 2, 1);
INSERT INTO body_spokesperson (body_id, seat_id) VALUES (1, 1), (1, 2), (2, 1);
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.sqlite3'}"
    else:
        with postgres_database(request.getfixturevalue("postgres_server")) as found:
            yield found


def test_heads_and_spokespersons_become_members(url):
    upgrade(url, "0044")
    engine = create_engine(url)
    with engine.begin() as conn:
        for statement in filter(str.strip, ROWS.split(";\n")):
            conn.execute(text(statement))

    upgrade(url)

    check(url)
    with engine.connect() as conn:
        rows = conn.execute(
            text("SELECT body_id, seat_id, starts_on, ends_on FROM body_member ORDER BY 1, 2")
        ).all()
    engine.dispose()
    assert [(row[0], row[1], str(row[2]), row[3]) for row in rows] == [
        (1, 1, "2022-01-01", None),
        (1, 2, "2024-03-01", None),
    ]
