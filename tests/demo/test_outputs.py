"""Outputs in the demo city: numbers without gaps, those of the host, and some still in work."""

from itertools import groupby

from sqlalchemy import select

from app.auth.models import Account
from app.core.sql import table
from app.outputs.models import Output, OutputAuthor
from app.people.models import Person, Seat

_o, _w, _a = table(Output), table(OutputAuthor), table(Account)


def test_numbers_have_no_gaps_and_some_papers_are_in_work(filled):
    with filled.database.read.connect() as conn:
        rows = conn.execute(select(_o).order_by(_o.c.kind, _o.c.issue_year, _o.c.issue_number)).all()
    assert {"draft", "submitted", "returned", "issued", "adopted", "partly", "refused"} <= {
        r.state for r in rows
    }
    numbered = [row for row in rows if row.issue_number]
    for _, of in groupby(numbered, lambda row: (row.kind, row.issue_year)):
        year = list(of)
        assert [row.issue_number for row in year] == list(range(1, len(year) + 1))
        assert [row.issued_on for row in year] == sorted(row.issued_on for row in year)


def test_the_host_has_signed_some(filled):
    s, p = table(Seat), table(Person)
    joined = _o.join(_w, _w.c.output_id == _o.c.id).join(s, s.c.id == _w.c.seat_id)
    joined = joined.join(p, p.c.id == s.c.person_id).join(_a, _a.c.id == p.c.account_id)
    own = select(_o.c.state).select_from(joined).where(_a.c.phone == f"+86{filled.logins[0].phone}")
    with filled.database.read.connect() as conn:
        assert {"issued", "adopted"} <= set(conn.scalars(own))
