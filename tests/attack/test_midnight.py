"""The ledger of commitments is paged over midnight."""

from datetime import UTC, datetime, timedelta

from app.auth.permissions import Role
from app.core import clock
from tests.factories.domains.handling import assigned, in_days, replied
from tests.factories.domains.proposals import filed, opened_window

START = datetime(2026, 3, 2, 2, tzinfo=UTC)


def test_pages_of_commitments_over_midnight_lose_and_repeat_nothing(city):
    with clock.frozen_at(START):
        staff, author, officer = city.staff(), city.member(), city.staff(Role.UNIT_OFFICER)
        opened_window(staff)
        for days in (41, 40, 60):  # ids 1, 2, 3
            number = filed(city, author, staff)
            (work,) = assigned(city, staff, number, lead=0).values()
            promise = {
                "result_class": "planned",
                "commitment": f"{days}天内",
                "commitment_due_on": in_days(days),
            }
            replied(officer, staff, number, work, **promise)
    path = "/api/v1/proposal-commitments?state=open&limit=1"
    with clock.frozen_at(START + timedelta(days=20, hours=13, minutes=30)):
        city.log_in(staff)
        first = staff.get(path).json()
    found = [first["items"][0]["body"]]
    with clock.frozen_at(START + timedelta(days=20, hours=14, minutes=30)):
        city.log_in(staff)
        cursor = first["next"]
        while cursor:
            page = staff.get(f"{path}&cursor={cursor}").json()
            found += [c["body"] for c in page["items"]]
            cursor = page["next"]
    assert sorted(found) == ["40天内", "41天内", "60天内"], found
