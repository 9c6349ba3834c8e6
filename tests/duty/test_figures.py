"""The versions of a seat's figures, which caches stand on."""

import pytest
from sqlalchemy import select, text

from app.core.db import commit
from app.core.sql import table
from app.duty import service
from app.people.models import Seat
from tests.factories.city import City
from tests.factories.statements import statements


@pytest.mark.parametrize(("few", "most"), [(20, 7), (2, 2)])
def test_the_figures_of_many_seats_move_together(city: City, database, monkeypatch, few, most):
    monkeypatch.setattr(service, "_FEW", few)
    seat_ids = [city.member().seat_id for _ in range(7)]
    s = table(Seat)

    def versions() -> dict[int, int]:
        with database.read.connect() as conn:
            return dict(conn.execute(select(s.c.id, s.c.figures_version).where(s.c.id.in_(seat_ids))).all())

    def move() -> None:
        with database.transaction() as db:
            service.invalidate_figures(db, *seat_ids[:6])

    before = versions()
    ran = statements(database, move)
    assert versions() == {i: before[i] + (i != seat_ids[6]) for i in seat_ids}
    assert ran <= most + 1  # and BEGIN on SQLite


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_figures_of_many_wait_for_nobody_who_writes_for_one_of_them(city: City, database, monkeypatch):
    monkeypatch.setattr(service, "_FEW", 2)
    seat_ids = [city.member().seat_id for _ in range(3)]
    s = table(Seat)
    with database.transaction() as posting, database.transaction() as closing:
        # as the foreign key of a reply does
        foreign_key = select(s.c.id).where(s.c.id == seat_ids[0]).with_for_update(read=True, key_share=True)
        posting.connection().execute(foreign_key)
        closing.connection().execute(text("SET LOCAL lock_timeout = '1s'"))
        service.invalidate_figures(closing, *seat_ids)
        commit(closing)
