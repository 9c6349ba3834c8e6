"""Issued reports are listed by the time of issue, which every row says."""

from datetime import UTC, datetime, timedelta

from app.core import clock
from tests.factories.domains.opinions import done, submitted, undo

START = datetime(2026, 11, 2, 2, tzinfo=UTC)


def listed(who, limit: int = 1) -> list[dict]:
    """All issued reports, page by page."""
    found: list[dict] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = who.get(f"/api/v1/opinions?scope=issued&limit={limit}{cursor and f'&cursor={cursor}'}")
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        cursor = answer.json()["next"]
    return found


def test_what_was_issued_last_comes_first(city):
    author, staff = city.member(), city.staff()
    with clock.frozen_at(START):
        for who in (author, staff):
            city.log_in(who)
        first, second, third = (submitted(author, title=f"关于第{n}件事") for n in range(3))
        for report_id in (first, second, third):
            done(staff, report_id, "start_editing")
    for day, report_id in enumerate((second, third, first)):
        with clock.frozen_at(START + timedelta(days=day)):
            city.log_in(staff)
            done(staff, report_id, "issue", tier="city")
    with clock.frozen_at(START + timedelta(days=3)):
        city.log_in(staff)
        assert [(row["id"], row["issued_at"][:10]) for row in listed(staff)] == [
            (first, "2026-11-04"),
            (third, "2026-11-03"),
            (second, "2026-11-02"),
        ]
        assert undo(staff, first).json()["issued_at"] is None
        assert [row["id"] for row in listed(staff)] == [third, second]
