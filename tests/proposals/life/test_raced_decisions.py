"""Decisions that race over two processes: one winner, one row of history."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from threading import Barrier
from typing import Any

import httpx
import pytest

from app.auth.permissions import Role
from tests.factories.domains.handling import assigned, handling, replied, worked, wrote
from tests.factories.domains.ledger import differences, live_acts
from tests.factories.domains.proposals import drafted, filed, opened_window, run
from tests.support.servers import process

RACES = 3


@pytest.fixture
def servers(config, city):
    """Two processes on one database."""
    with process(config) as first, process(config) as second:
        yield first.url, second.url


def race(servers, *requests: tuple[Any, str, dict[str, Any]]) -> list[int]:
    """Send requests at the same moment, in turn to both processes; their statuses."""
    start = Barrier(len(requests))

    def send(n: int, who: Any, path: str, body: dict[str, Any]) -> int:
        with httpx.Client(base_url=servers[n % 2], headers=dict(who.http.headers), timeout=60) as client:
            client.get("/healthz")
            start.wait()
            for _ in range(5):  # as a client does where the machine is too busy
                if (status := client.post(path, json=body).status_code) != HTTPStatus.SERVICE_UNAVAILABLE:
                    break
            return status

    with ThreadPoolExecutor(len(requests)) as pool:
        return [f.result() for f in [pool.submit(send, n, *one) for n, one in enumerate(requests)]]


def steps(who: Any, proposal_id: int) -> list[str]:
    return [s["action"] for s in who.get(f"/api/v1/proposals/{proposal_id}/track").json()["steps"]]


def test_filing_and_declining_race(city, servers):
    staff, other, author = city.staff(), city.staff(), city.member()
    opened_window(staff)
    filed_ones = 0
    for _ in range(RACES):
        proposal_id = drafted(author)
        run(author, proposal_id, "submit")
        path = f"/api/v1/proposals/{proposal_id}/transitions"
        outcome = race(
            servers,
            (staff, path, {"action": "file"}),
            (other, path, {"action": "decline", "reason_code": "empty"}),
            (other, path, {"action": "file"}),
        )
        assert sorted(outcome) == [200, 409, 409]
        history = steps(author, proposal_id)
        assert len(history) == 2
        filed_ones += history[1] == "file"
    kinds = [kind for kind, _, _ in live_acts(city, author)]
    assert kinds.count("proposal.filed") == filed_ones
    assert differences(city) == []


def test_a_reply_is_approved_or_sent_back_once(city, servers):
    staff, other, author = city.staff(), city.staff(), city.member()
    officer = city.staff(Role.UNIT_OFFICER)
    opened_window(staff)
    for _ in range(3):
        proposal_id = filed(city, author, staff)
        work_id = assigned(city, staff, proposal_id, lead=0)["市教育局"]
        worked(officer, proposal_id, work_id, "sign", "start_handling")
        wrote(officer, proposal_id, work_id)
        worked(officer, proposal_id, work_id, "submit_reply")
        before = steps(staff, proposal_id)
        path = f"/api/v1/proposals/{proposal_id}/assignments/{work_id}/transitions"
        outcome = race(
            servers,
            (staff, path, {"action": "approve_reply"}),
            (other, path, {"action": "send_back", "reason": "请补充"}),
        )
        assert sorted(outcome) == [200, 409]
        assert len(steps(staff, proposal_id)) == len(before) + 1
    assert differences(city) == []


def test_two_signers_who_rate_at_once_close_the_rating_once(city, servers):
    staff, author, friend = city.staff(), city.member("周岚"), city.member("吴远")
    officer = city.staff(Role.UNIT_OFFICER)
    opened_window(staff)
    proposal_id = drafted(author, kind="joint")
    author.post(f"/api/v1/proposals/{proposal_id}/signers", {"seat_ids": [friend.seat_id]})
    friend.put(f"/api/v1/proposals/{proposal_id}/signature", {"accept": True})
    run(author, proposal_id, "submit")
    run(staff, proposal_id, "file")
    work_id = assigned(city, staff, proposal_id, lead=0)["市教育局"]
    reply_id = replied(officer, staff, proposal_id, work_id)
    path = f"/api/v1/proposals/{proposal_id}/replies/{reply_id}/rating"
    said = {"attitude": "satisfied", "result": "satisfied"}

    def rate(n: int, who: Any) -> int:
        headers = dict(who.http.headers)
        return httpx.put(f"{servers[n]}{path}", json=said, headers=headers, timeout=60).status_code

    with ThreadPoolExecutor(2) as pool:
        both: list[Callable[[], int]] = [
            pool.submit(rate, n, who).result for n, who in enumerate((author, friend))
        ]
        assert [result() for result in both] == [200, 200]
    assert author.get(f"/api/v1/proposals/{proposal_id}").json()["state"] == "rated"
    assert len(handling(staff, proposal_id)["ratings"]) == 2
    assert differences(city) == []
