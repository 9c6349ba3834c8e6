"""No list costs a statement for each row: every list of the API is read short and long in a demo city."""

import re
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Table, func, select

from app.auth.permissions import Role
from app.core import clock, outbox
from app.core.sql import table
from app.demo.fill import fill
from app.duty.models import DutyRecord
from app.opinions.models import OpinionReport
from app.people.bodies.models import BodyMember
from app.points.snapshots import service
from app.proposals.assignments.models import ProposalAssignment
from app.proposals.models import ProposalStep
from app.threads.models import Reply, Thread
from tests.architecture.routes import all_routes, document_of
from tests.factories.demo import DemoCity
from tests.factories.statements import statements

#: A page may ask of each kind of subject among its rows who may see it and what it is called, never of each row.
FOR_A_KIND = 2
#: What other rows bring along, such as pictures and names.
FOR_A_PAGE = 2


@pytest.fixture
def database_url(sqlite_url):
    """The statements are the same on both kinds of database."""
    return sqlite_url


def busiest(of: Table, column: str) -> object:
    return (
        select(of.c[column])
        .where(of.c[column].is_not(None))
        .group_by(of.c[column])
        .order_by(func.count().desc())
    )


def allowance(answer: str) -> int:
    """How many statements more than two rows a longer page may cost, by the kinds of API paths that it names."""
    kinds = {re.sub(r"\d+", "", path) for path in re.findall(r'"(/api/v1/[^"?]*)', answer)}
    return FOR_A_PAGE + FOR_A_KIND * len(kinds)


def test_no_list_costs_a_statement_for_each_row(app, database, tmp_path):
    fill(database, tmp_path / "files", scale=0.1)
    while outbox.run_due(database):
        pass
    service.take(database)
    city = DemoCity(app, database)
    with database.read.connect() as conn:

        def first(query) -> int:
            return conn.scalars(query).first()

        seat = first(busiest(table(DutyRecord), "seat_id"))
        places = {
            "seat_id": seat,
            "thread_id": first(busiest(table(Reply), "thread_id")),
            "reply_id": first(select(table(Reply).c.id).order_by(table(Reply).c.support_count.desc())),
            "update_id": first(
                select(table(Thread).c.subject_id).where(table(Thread).c.subject_type == "update")
            ),
            "proposal_id": first(busiest(table(ProposalStep), "proposal_id")),
            "report_id": first(
                select(table(OpinionReport).c.id).where(table(OpinionReport).c.state != "draft")
            ),
            "body_id": first(busiest(table(BodyMember), "body_id")),
            "unit_id": first(busiest(table(ProposalAssignment), "unit_id")),
            "activity_id": 1,
            "topic_id": 1,
            "note_id": 1,
            "ruleset_id": 1,
            "bulletin_id": 1,
            "duty": "plenary",
            "kind": "units",
            "part": "unscored",
            "figure": "points",
            "month": f"{clock.local_day(clock.now()).replace(day=1) - timedelta(days=1):%Y-%m}",
            "period": "2025",
            "claim_id": 1,
            "finding_id": 1,
            "output_id": 1,
            "case_id": 1,
            "speech_id": 1,
            "call_id": 1,
            "import_id": 1,
            "year": 2025,
            "version": 1,
            "key": "replies",
        }
    member, clerk = city.acting_as(Role.MEMBER, seat), city.acting_as(Role.SECRETARIAT)
    paths = document_of(app)["paths"]
    long_lists = []
    for route in all_routes(app):
        operation = paths.get(route.path, {}).get(route.method.lower(), {})
        if route.method != "GET" or "limit" not in {p["name"] for p in operation.get("parameters", [])}:
            continue
        path = route.path.format(**places)
        for who in (member, clerk):
            answers = {
                limit: who.get(f"{path}?limit={limit}") for limit in (2, 50)
            }  # caches are warm from here
            if answers[50].status_code != 200:
                continue
            cost = {n: statements(database, partial(who.get, f"{path}?limit={n}")) for n in answers}
            more = allowance(answers[50].text)
            assert cost[50] <= cost[2] + more, f"{path}: {cost}, {more} more allowed"
            if len(answers[50].json()["items"]) > 2 + more:
                long_lists.append(path)
    assert len(set(long_lists)) >= 12, f"only these lists were long enough to tell: {sorted(set(long_lists))}"
