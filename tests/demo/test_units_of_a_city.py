"""The figures of units of a whole city, reckoned once more without the database."""

from collections import Counter
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, select

from app.auth.permissions import Role
from app.core.sql import table
from app.people.models import Unit
from app.proposals.assignments.models import (
    ProposalAssignment,
    ProposalCommitment,
    ProposalConsultation,
    ProposalDeadline,
    ProposalRating,
    ProposalReply,
)
from app.proposals.models import Proposal
from tests.factories.statements import statements
from tests.factories.walk import whole

TODAY = date(2026, 11, 22)
ALL = "starts_on=2022-01-01&ends_on=2026-12-31"


def reckoned(conn: Connection) -> dict[str, Counter[str]]:
    """Every unit's figures of the whole term, by its name."""

    def rows(model: Any) -> list[Any]:
        return list(conn.execute(select(table(model))))

    names = {unit.id: unit.name for unit in rows(Unit)}
    dues, talks, promises = rows(ProposalDeadline), rows(ProposalConsultation), rows(ProposalCommitment)
    replies, ratings = rows(ProposalReply), rows(ProposalRating)
    closed = {p.id for p in rows(Proposal) if p.state == "closed"}
    found: dict[str, Counter[str]] = {}
    for share in rows(ProposalAssignment):
        if share.state in {"returned", "withdrawn"}:
            continue
        count, answers = found.setdefault(names[share.unit_id], Counter()), share.role != "co"
        count["assigned"] += 1
        count["answering" if answers else "helping"] += 1
        own = [d for d in dues if d.assignment_id == share.id and d.kind == "reply"]
        own = [d for d in own if not d.lifted_on or d.lifted_on > d.due_on]
        given = [
            (d.met_on or TODAY) <= d.due_on for d in own if d.met_on or d.due_on < (d.lifted_on or TODAY)
        ]
        if given:
            count["reply_due"] += 1
            count["on_time" if all(given) else "late"] += 1
        sent = [r for r in replies if r.assignment_id == share.id and r.replied_at]
        if answers and sent:
            last = max(sent, key=lambda r: r.round)
            met = any(
                t.assignment_id == share.id and t.form != "phone" and t.state not in {"disputed", "upheld"}
                for t in talks
            )
            count.update({"answered": 1, "consulted": int(met), "asked": last.asked, "adopted": last.adopted})
            said = {g.seat_id: g for g in sorted(ratings, key=lambda g: g.stage) if g.reply_id == last.id}
            for g in said.values() if share.proposal_id in closed else ():
                count.update(["rated", f"attitude_{g.attitude}", f"result_{g.result}"])
        for promise in promises:
            if promise.state == "replaced":
                continue
            if promise.assignment_id == share.id and (promise.state != "open" or promise.due_on < TODAY):
                became = {"kept": "commitments_kept", "open": "commitments_overdue"}.get(promise.state)
                count.update(filter(None, ["commitments_due", became]))
    return {name: +count for name, count in found.items()}


def test_the_league_of_a_city_adds_up_and_opens(demo):
    clerk = demo.acting_as(Role.SECRETARIAT)
    league = whole(clerk, f"/api/v1/statistics/units?{ALL}")["items"]
    with demo.database.read.connect() as conn:
        expected = reckoned(conn)
    counted = {
        row["unit"]["name"]: Counter({f["figure"]: f["count"] for f in row["figures"] if f["count"]})
        for row in league
    }
    assert counted == expected
    assert len({figure for count in counted.values() for figure in count}) >= 18


@pytest.mark.parametrize("role", [Role.LEADER, Role.SECRETARIAT])
def test_the_overview_of_a_city_has_something_everywhere(demo, role):
    found = demo.acting_as(role).get("/api/v1/statistics/overview").json()
    assert {s["state"] for s in found["states"]} >= {"filed", "assigned", "handling", "replied", "closed"}
    assert "reply" in {o["kind"] for o in found["overdue"]}
    assert min(found["overdue_commitments"]["count"], found["supervised"]["count"]) >= 1


def test_the_statistics_take_few_statements(demo):
    clerk = demo.acting_as(Role.SECRETARIAT)
    for path, most in (
        ("units", 3),
        ("units/7", 4),
        ("units/7/proposals", 4),
        ("overview", 5),
        ("participation", 3),
        ("participation/members", 3),
        ("subjects", 2),
    ):
        act = partial(clerk.get, f"/api/v1/statistics/{path}")
        assert act().status_code == 200
        assert statements(demo.database, act) <= most, path
