import os
import signal
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.cards.issued import batches
from app.cards.models import CardBatch, IssuedCard
from app.core import clock, outbox
from app.core.db import Database
from app.core.sql import table
from app.notifications.models import Notification
from app.people.models import Seat
from tests.factories.city import City, Who
from tests.support.loaded import python
from tests.support.servers import environment, lvyi

ROOT = Path(__file__).parents[2]
_i, _n = table(IssuedCard), table(Notification)


@pytest.fixture
def members(city: City, monkeypatch) -> list[Who]:
    """Seven members; three cards are issued in one transaction."""
    monkeypatch.setattr(batches, "CHUNK", 3)
    return [city.member(f"委员{n}") for n in "甲乙丙丁戊己庚"]


@pytest.fixture
def year() -> str:
    return str(clock.local_day(clock.now()).year - 1)


def issued(database) -> Counter:
    with database.read.connect() as conn:
        return Counter(conn.scalars(select(_i.c.seat_id)))


def told(database) -> Counter:
    with database.read.connect() as conn:
        return Counter(conn.scalars(select(_n.c.account_id).where(_n.c.kind == "card.issued")))


def each_once(database, members: list[Who]) -> bool:
    cards, notes = issued(database), told(database)
    return cards == Counter(m.seat_id for m in members) and notes == Counter(m.account_id for m in members)


def begin(staff: Who, period: str) -> dict:
    answer = staff.post("/api/v1/issued-cards/batches", {"period": period})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_batch_issues_every_card_once_with_progress(city, members, year, database):
    staff = city.staff()
    one = staff.post("/api/v1/issued-cards", {"seat_id": members[1].seat_id, "period": year}).json()
    staff.put(f"/api/v1/issued-cards/{one['id']}/revocation", {"reason": "姓名有误"})
    late = city.member("新人", starts_on=clock.local_day(clock.now()))
    batch = begin(staff, year)
    path = f"/api/v1/issued-cards/batches/{batch['id']}"
    assert (batch["total"], batch["done"], batch["finished_at"]) == (7, 0, None)
    assert begin(staff, year)["id"] == batch["id"]  # a second click goes on with the first
    seen = []
    while outbox.run_due(database, limit=1):
        now = staff.get(path).json()
        seen.append((now["done"], now["issued"], now["finished_at"] is not None))
    assert list(dict.fromkeys(seen)) == [(3, 2, False), (6, 5, False), (7, 6, True)]
    assert each_once(database, members)  # what was revoked on purpose stays so
    assert late.seat_id not in issued(database)
    again = begin(staff, year)
    assert again["id"] != batch["id"]
    while outbox.run_due(database):
        pass
    assert staff.get(f"/api/v1/issued-cards/batches/{again['id']}").json()["issued"] == 0
    assert each_once(database, members)
    assert [b["id"] for b in staff.get("/api/v1/issued-cards/batches").json()["items"]] == [
        again["id"],
        batch["id"],
    ]


def test_the_cards_of_a_term_are_issued_when_it_is_over(city, members, database):
    staff = city.staff()
    refused = staff.post("/api/v1/issued-cards/batches", {"period": "term"})
    assert (refused.status_code, refused.json()["code"]) == (409, "period_not_over")
    s = table(Seat)
    with database.transaction() as db:
        db.execute(update(s).where(s.c.id == members[0].seat_id).values(ends_on=date(2025, 6, 30)))
    over = clock.day_starts(date(clock.local_day(clock.now()).year + 2, 1, 1))
    with clock.frozen_at(over):
        batch = begin(city.log_in(staff), "term")
        assert (batch["total"], batch["period_label"]) == (7, "第十六届")
        while outbox.run_due(database):
            pass
    assert each_once(database, members)


def test_periods_that_are_not_over_and_strangers_are_refused(city, members, app, database, year):
    staff = city.staff()
    now = str(int(year) + 1)
    refused = staff.post("/api/v1/issued-cards/batches", {"period": now})
    assert (refused.status_code, refused.json()["code"]) == (409, "period_not_over")
    assert staff.post("/api/v1/issued-cards/batches", {"period": "0999"}).status_code == 422
    assert members[0].post("/api/v1/issued-cards/batches", {"period": year}).status_code == 403
    batch = begin(staff, year)
    stranger = City(app, database, name="政协别市委员会").staff()
    assert stranger.get(f"/api/v1/issued-cards/batches/{batch['id']}").status_code == 404
    assert stranger.get("/api/v1/issued-cards/batches").json()["items"] == []


def test_two_workers_and_the_secretariat_at_once_issue_each_card_once(
    city, members, year, database, database_url
):
    staff, other = city.staff(), Database.connect(database_url, pool=2)
    batch = begin(staff, year)
    for _ in range(2):
        begin(staff, year)  # impatient clicks
    one_by_one = [{"seat_id": m.seat_id, "period": year} for m in reversed(members)]
    with ThreadPoolExecutor(3) as pool:
        workers = [pool.submit(outbox.run_due, its) for its in (database, other)]
        answers = [staff.post("/api/v1/issued-cards", body).status_code for body in one_by_one]
        for worker in workers:
            worker.result()
    while outbox.run_due(database):
        pass
    other.dispose()
    assert set(answers) <= {201, 409}
    assert each_once(database, members)
    now = staff.get(f"/api/v1/issued-cards/batches/{batch['id']}").json()
    assert (now["done"], now["issued"]) == (7, 7 - answers.count(201))


KILLED = """
import sys, time
from app.cards.issued import batches as service_batches
from app.cards.issued import service as service_issued
from app.cli import main

service_batches.CHUNK = 2
put_in_force, calls = service_issued.put_in_force, []

def hangs(*args, **named):
    calls.append(1)
    issued = put_in_force(*args, **named)
    if len(calls) == 4:
        print("in the middle", flush=True)
        time.sleep(60)
    return issued

service_issued.put_in_force = hangs
sys.argv = ["lvyi", "cards", "issue", "--period", sys.argv[1]]
main()
"""


@pytest.mark.parametrize("successor", ["worker", "command"])
def test_a_batch_that_was_killed_goes_on(city, members, year, database, config, successor):
    env = environment(config) | {"PYTHONPATH": str(ROOT)}
    command = python(KILLED, year)
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=env) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"in the middle\n"
        running.send_signal(signal.SIGKILL)
    assert len(issued(database)) == 2  # what was not committed is gone, with its notifications
    assert len(told(database)) == 2
    if successor == "worker":
        while outbox.run_due(database):
            pass
    else:
        again = lvyi("cards", "issue", "--period", year)
        done = subprocess.run(again, capture_output=True, text=True, cwd=ROOT, env=env, check=True)
        assert "共 7 名委员，新颁发 7 张纪念卡" in done.stdout
    assert each_once(database, members)
    with database.read.connect() as conn:
        (batch,) = conn.execute(select(table(CardBatch))).all()
    assert (batch.done, batch.issued, batch.finished_at is not None) == (7, 7, True)


def test_the_command_refuses_what_is_not_over_and_rotates_the_key(city, members, year, config, database):
    env = environment(config) | {"PYTHONPATH": str(ROOT)} | {"NO_COLOR": "1"}

    def run(*words: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            lvyi("cards", *words), capture_output=True, text=True, cwd=ROOT, env=os.environ | env, check=False
        )

    refused = run("issue", "--period", str(int(year) + 1))
    assert (refused.returncode, "尚未结束" in refused.stderr) == (1, True)
    assert "已启用新的签名密钥" in run("rotate-key").stdout
    assert issued(database) == {}
