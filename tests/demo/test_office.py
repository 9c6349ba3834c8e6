"""What the demo city's members and office have come to: suggestions, outputs, contacts, visits, cases, venues."""

from itertools import groupby

from sqlalchemy import select

from app.auth.models import Account, AccountRole
from app.auth.permissions import Role
from app.consultations.matters.lifecycle import MatterSource, MatterState
from app.core.sql import table
from app.findings.lifecycle import LIFECYCLE, FindingState
from app.findings.models import Finding, FindingAuthor, FindingStep
from app.outputs.models import Output, OutputAuthor
from app.people.models import Person, Seat
from app.threads.models import Reply, Thread
from tests.factories.demo import seat_of

_f, _w, _t, _a = table(Finding), table(FindingAuthor), table(FindingStep), table(Account)


def _phone(login):
    return _a.c.phone == f"+86{login.phone}"


def test_the_host_finds_own_suggestions_in_every_state(filled):
    s, p = table(Seat), table(Person)
    joined = _f.join(_w, _w.c.finding_id == _f.c.id).join(s, s.c.id == _w.c.seat_id)
    joined = joined.join(p, p.c.id == s.c.person_id).join(_a, _a.c.id == p.c.account_id)
    own = select(_f.c.state, _f.c.fate).select_from(joined).where(_phone(filled.logins[0]))
    with filled.database.read.connect() as conn:
        found = set(map(tuple, conn.execute(own)))
    assert {("noted", None), ("sent", None), ("answered", "adopted")} <= found
    assert {("released", fate) for fate in ("adopted", "partly", "refused")} <= found


def test_the_shown_unit_has_suggestions_to_answer(filled):
    o = table(AccountRole)
    units = select(o.c.unit_id).join(_a, _a.c.id == o.c.account_id).where(_phone(filled.logins[-1]))
    with filled.database.read.connect() as conn:
        states = set(conn.scalars(select(_f.c.state).where(_f.c.unit_id.in_(units))))
    assert {"sent", "answered", "released"} <= states


def test_answers_say_why_and_what_came_of_it(filled):
    with filled.database.read.connect() as conn:
        released = conn.execute(select(_f).where(_f.c.state == "released")).all()
        later = conn.execute(select(_t.c.result).where(_t.c.action == "follow_up")).all()
    assert len({row.released_on.year for row in released}) >= 4
    assert all((row.reason is None) == (row.fate == "adopted") for row in released)
    assert all((row.result is None) == (row.fate == "refused") for row in released)
    assert later
    assert all(row.result for row in later)


def test_tracks_keep_to_the_life_cycle_and_to_time(filled):
    with filled.database.read.connect() as conn:
        steps = conn.execute(select(_t).order_by(_t.c.finding_id, _t.c.id)).all()
        findings = {row.id: row for row in conn.execute(select(_f).order_by(_f.c.id))}
    moments = [row.created_at for row in findings.values() if row.source != "matter"]  # those come last
    assert moments == sorted(moments)
    assert {step.from_state for step in steps} >= {"noted", "sent", "answered", "released"}
    for finding_id, track in groupby(steps, lambda step: step.finding_id):
        state, at, version = FindingState.NOTED, findings[finding_id].created_at, 1
        for step in track:
            assert step.at > at
            taken = LIFECYCLE.step(state, step.action)
            assert (step.from_state, step.to_state) == (state, taken.target)
            assert bool(step.reason) >= taken.needs_reason
            state, at, version = taken.target, step.at, version + 1
        assert (findings[finding_id].state, findings[finding_id].version) == (state, version)


def test_suggestions_from_topics_are_words_of_their_authors(filled):
    r, h = table(Reply), table(Thread)
    said = _f.join(r, r.c.id == _f.c.reply_id).join(h, h.c.id == r.c.thread_id)
    said = said.join(_w, _w.c.finding_id == _f.c.id)
    columns = (_f.c.body, r.c.body, _w.c.seat_id, r.c.seat_id, _f.c.subject_id, h.c.subject_id)
    with filled.database.read.connect() as conn:
        rows = conn.execute(select(*columns).select_from(said)).all()
    assert rows
    for body, words, author, speaker, topic, thread_topic in rows:
        assert (body, author, topic) == (words, speaker, thread_topic)


_o, _by = table(Output), table(OutputAuthor)


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
    joined = _o.join(_by, _by.c.output_id == _o.c.id).join(s, s.c.id == _by.c.seat_id)
    joined = joined.join(p, p.c.id == s.c.person_id).join(_a, _a.c.id == p.c.account_id)
    own = select(_o.c.state).select_from(joined).where(_a.c.phone == f"+86{filled.logins[0].phone}")
    with filled.database.read.connect() as conn:
        assert {"issued", "adopted"} <= set(conn.scalars(own))


def test_the_host_looks_after_some_and_has_visited_them(demo, filled):
    whole = demo.acting_as(Role.SECRETARIAT).get("/api/v1/contacts/coverage").json()["whole"]
    assert 0 < whole["visited"] < whole["contacts"], "some are still to be visited"
    with filled.database.read.connect() as conn:
        host = demo.acting_as(Role.MEMBER, seat_of(conn, filled.logins[0]))
    mine = host.get("/api/v1/contacts?mine=true").json()["items"]
    assert {one["kind"] for one in mine} == {"member", "company", "village", "resident"}
    assert len(host.get("/api/v1/visits?mine=true").json()["items"]) == len(mine)


def test_cases_are_in_every_state_and_the_shown_unit_has_some_to_answer(demo, filled):
    found = demo.acting_as(Role.SECRETARIAT).get("/api/v1/cases?limit=100").json()["items"]
    states = {"reported", "accepted", "assigned", "answered", "judged", "closed", "declined"}
    assert {one["state"] for one in found} == states
    assert any(one["late"] for one in found)
    with filled.database.read.connect() as conn:
        shown = select(_a.c.id).where(_a.c.phone == f"+86{filled.logins[-1].phone}")
        unit = demo.acting_as_account(conn.execute(shown).scalar_one())
    assert unit.get("/api/v1/cases?state=assigned").json()["items"]


def test_speeches_and_their_calls_are_in_every_state_and_one_book_is_whole(demo, filled):
    clerk, host = demo.acting_as(Role.SECRETARIAT), demo.acting_as(Role.MEMBER)
    calls = clerk.get("/api/v1/speech-calls").json()["items"]
    assert {one["state"] for one in calls} == {"open", "closed", "published", "withdrawn"}
    found = clerk.get("/api/v1/speeches?limit=100").json()["items"]
    states = {"submitted", "returned", "oral", "written", "declined", "delivered"}
    assert {one["state"] for one in found} == states
    (published,) = [one for one in calls if one["state"] == "published"]
    chosen = host.get(published["path"]).json()["items"]
    assert len([one for one in chosen if one["place"]]) == 4
    assert clerk.get(f"/api/v1/speech-calls/{published['id']}/book.docx").content[:2] == b"PK"


def test_projects_of_two_campaigns_have_deeds_and_some_wait(demo, filled):
    clerk = demo.acting_as(Role.SECRETARIAT)
    projects = clerk.get("/api/v1/projects").json()["items"]
    assert {one["state"] for one in projects} == {"open", "closed"}
    assert len({one["campaign"] for one in projects}) == 2
    assert all(clerk.get(one["deeds_path"]).json()["items"] for one in projects)
    deeds = clerk.get("/api/v1/deeds?limit=100").json()["items"]
    assert {len(one["members"]) for one in deeds} == {1, 2}, "some are done together"
    with filled.database.read.connect() as conn:
        host = demo.acting_as(Role.MEMBER, seat_of(conn, filled.logins[0]))
    mine = host.get("/api/v1/projects?mine=true").json()["items"]
    waiting = host.get("/api/v1/claims", params={"project_id": mine[0]["id"], "state": "waiting"}).json()
    assert waiting["items"]


def test_the_host_convenes_at_a_venue_and_some_have_not_reached_their_target(demo, filled):
    with filled.database.read.connect() as conn:
        host = demo.acting_as(Role.MEMBER, seat_of(conn, filled.logins[0]))
    first, *others = host.get("/api/v1/venues?limit=100").json()["items"]
    assert (first["mine"], first["actions"]) == (True, ["set_hours"])
    assert {one["kind"] for one in others} >= {"station", "room", "collection", "studio", "market", "other"}
    whole = host.get("/api/v1/venues/figures").json()["whole"]
    assert whole["reached"] > 0 < whole["behind"]


def test_matters_are_in_every_state_and_the_public_reads_some(demo):
    staff = demo.acting_as(Role.SECRETARIAT)
    found = staff.get("/api/v1/matters?limit=100").json()["items"]
    assert {one["state"] for one in found} == set(MatterState) - {MatterState.WITHDRAWN}
    assert {one["source"] for one in found} == set(MatterSource)
    released = next(one for one in found if one["released_at"])
    whole = staff.get(f"/api/v1/matters/{released['id']}").json()
    assert (len(whole["findings"]), [one["kind"] for one in whole["notes"]]) == (1, ["visit", "return"])
    assert staff.get(f"/api/v1/public/matters/{released['id']}").json()["title"] == whole["release"]["title"]
