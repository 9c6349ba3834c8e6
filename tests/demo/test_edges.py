"""The demo city at the edges of the calendar: the first minutes of a year, the days after it, a leap day."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.auth.permissions import Role
from app.core import clock
from app.core.config import Settings
from app.core.db import Database
from app.demo.fill import fill
from app.demo.start import is_over
from app.duty import recount
from app.main import create_app
from tests.factories.demo import DemoCity

EDGES = {
    "half past midnight of New Year": datetime(2026, 12, 31, 16, 30, tzinfo=UTC),
    "first week of the year": datetime(2027, 1, 5, 4, tzinfo=UTC),
    "leap day": datetime(2028, 2, 29, 4, tzinfo=UTC),
}
LISTS = (
    "/api/v1/auth/me",
    "/api/v1/updates",
    "/api/v1/topics",
    "/api/v1/proposals?scope=filed",
    "/api/v1/proposal-deadlines",
    "/api/v1/leaderboard?window=duty_year",
    "/api/v1/activities?when=all",
    "/api/v1/seats",
    "/api/v1/notifications",
)


@pytest.mark.parametrize("moment", EDGES.values(), ids=EDGES)
def test_a_city_made_at_an_edge_agrees_with_itself(sqlite_url: str, tmp_path: Path, moment: datetime):
    database = Database.connect(sqlite_url, pool=6)
    with clock.frozen_at(moment):
        fill(database, tmp_path / "files", scale=0.05)
        settings = Settings(
            _env_file=None,
            database_url=sqlite_url,
            data_dir=tmp_path,
            token_secret=SecretStr("test-secret-test-secret-test-secret!"),
            password_hashing="fast",
            log_level="ERROR",
            threads=6,
        )
        demo = DemoCity(create_app(settings, database), database)
        with database.read.connect() as conn:
            assert recount.run(conn) == []
        assert not is_over(database)
        member = demo.acting_as(Role.MEMBER)
        answers = {path: member.get(path).status_code for path in LISTS}
        assert answers == dict.fromkeys(LISTS, 200)
    with clock.frozen_at(datetime(2034, 1, 5, tzinfo=UTC)):
        assert is_over(database), "a start says so, years later"
    database.dispose()
