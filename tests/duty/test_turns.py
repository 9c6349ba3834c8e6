import pytest
from sqlalchemy import text

from app.core.errors import Conflict
from app.duty import domain_events


@pytest.fixture
def heard(monkeypatch):
    """What listeners of this test hear; nobody else listens."""
    monkeypatch.setattr(domain_events, "_listeners", {})
    return []


def test_listeners_hear_of_their_turns_in_order(database, heard):
    domain_events.on("tree.felled", "tree.planted")(lambda _db, *said: heard.append(("first", *said)))
    domain_events.on("tree.felled")(lambda _db, *said: heard.append(("second", *said)))
    with database.transaction() as db:
        domain_events.publish(db, "tree.felled", 1, ("tree", 7), by=3)
        domain_events.publish(db, "tree.seen", 1, ("tree", 7), by=3)
        domain_events.publish(db, "tree.planted", 1, ("tree", 8))
    assert heard == [
        ("first", 1, ("tree", 7), 3),
        ("second", 1, ("tree", 7), 3),
        ("first", 1, ("tree", 8), None),
    ]


def test_a_listener_writes_with_the_turn_and_may_refuse_it(database, heard):
    with database.transaction() as db:
        db.execute(text("CREATE TABLE felled (id INTEGER)"))

    def note(db, _organization_id, subject, _by):
        db.execute(text("INSERT INTO felled VALUES (:id)"), {"id": subject[1]})
        if subject[1] == 13:
            raise Conflict

    domain_events.on("tree.felled")(note)
    for tree in (7, 13):
        try:
            with database.transaction() as db:
                domain_events.publish(db, "tree.felled", 1, ("tree", tree))
        except Conflict:
            assert tree == 13
    with database.read.connect() as conn:
        assert conn.scalars(text("SELECT id FROM felled")).all() == [7]
