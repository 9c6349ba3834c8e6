"""No two locks in two orders: every common verb is run, and what each transaction locks after what is compared."""

import pytest
from sqlalchemy import update

from app.auth.models import Account
from app.auth.passwords.hashing import hash_password
from app.auth.permissions import Role
from app.core.sql import table
from app.threads.posting.pace import Pace
from bench.verb_cases import VERBS, Desk
from tests.factories.everything import make_everything
from tests.factories.processes.locks import LockOrder

PASSWORD = "云川的三月 early bird"


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """On SQLite one writer has the whole database."""
    return postgresql_url


def test_no_two_locks_are_taken_in_two_orders(city, database, config, monkeypatch):
    monkeypatch.setattr(Pace, "check", lambda *_: None)  # who runs every verb posts faster than people may
    order = LockOrder(database)
    make_everything(city)
    author = city.member()
    with database.transaction() as db:
        a = table(Account)
        values = {"password_hash": hash_password(PASSWORD, config), "must_change_password": False}
        db.execute(update(a).where(a.c.id == author.account_id).values(values))
    desk = Desk(city, author, city.member(), city.staff(), city.staff(Role.UNIT_OFFICER), PASSWORD)
    for name, verb in VERBS.items():
        asking, answer = verb(desk), None
        for turn in range(2):
            ask = next(asking) if turn == 0 else asking.send(answer)
            answer = ask.who.http.request(
                ask.method, f"/api/v1{ask.path}", json=ask.body, files=ask.files, headers=ask.headers
            )
            assert answer.status_code < 300, f"{name}: {answer.text}"

    assert len(order.after) > 50
    assert not (found := order.inversions()), "\n".join(found)
