"""Rulesets through the API: drafted, checked, tried on the real year, published bit by bit."""

import pytest
from sqlalchemy import select, update

from app.audit.models import AuditEntry
from app.auth.permissions import Role
from app.core import clock, outbox
from app.core.sql import table
from app.duty import service as duty
from app.people.models import Seat
from app.people.organizations.service import change_years
from app.points import scores
from app.points.models import RulesetVersion
from tests.factories.city import City
from tests.factories.points.points import RULES, board, done, draft, places, publish, score
from tests.points.world import World, at

NOW = at("2026-03-04 20:00")
LARGE = """\
name: 不封顶的办法
rules:
  - {id: read, label: 读书, kinds: [reading.logged], per: quantity, points: 10000}
boards:
  - {id: all, label: 全部, posts: [chair, vice_chair, secretary_general, standing_member, member]}
"""


@pytest.fixture
def world(city: City) -> World:
    return World(city)


@pytest.fixture(autouse=True)
def _in_march():
    with clock.frozen_at(NOW):
        yield


def test_before_rules_are_published_there_is_no_score(world):
    city = world.city
    a, staff = city.member(), city.staff()
    draft(staff)
    for path in (f"/api/v1/seats/{a.seat_id}/score", "/api/v1/points-board"):
        answer = a.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "no_ruleset")


def test_a_draft_is_tried_before_it_is_published(world):
    city = world.city
    a, b, staff = city.member("甲"), city.member("乙"), city.staff()
    world.update(a, NOW)
    thread = world.thread(("update", 1))
    for _ in range(3):
        world.reply(b, thread, NOW)
    first = publish(city, staff)
    assert places(board(a)) == [(1, "乙", 3), (2, "甲", 2)]
    second = draft(staff, RULES.replace("points: 2, at_most: 4", "points: 4"))
    path = f"/api/v1/rulesets/{second}"
    assert staff.get(f"{path}/moves").json()["code"] == "not_tried"
    assert a.get(path).status_code == 404, "drafts are for staff"
    assert staff.put(f"{path}/trial").status_code == 204
    assert staff.get(path).json()["progress"] == {"done": 0, "total": 2}
    done(city)
    assert staff.get(path).json()["progress"] == {"done": 2, "total": 2}
    moves = staff.get(f"{path}/moves").json()
    assert (moves["up"], moves["down"]) == (1, 0)
    assert [
        (m["seat"]["name"], m["before"], m["after"], m["rank_before"], m["rank_after"])
        for m in moves["items"]
    ] == [
        ("甲", 2, 4, 2, 1),
        ("乙", 3, 3, 1, 2),
    ]
    assert moves["items"][0]["why"] == [{"rule": "update", "label": "发布动态", "before": 2, "after": 4}]
    assert staff.get(f"{path}/moves?limit=1").json()["next"]
    assert places(board(a)) == [(1, "乙", 3), (2, "甲", 2)], "a trial changes nothing"
    for _ in range(2):
        assert staff.put(f"{path}/publication").status_code == 204, "asking once more changes nothing"
    done(city)
    assert places(board(a)) == [(1, "甲", 4), (2, "乙", 3)]
    assert staff.get(f"/api/v1/rulesets/{first}").json()["state"] == "superseded"
    assert staff.get(f"{path}/moves").json()["items"][0]["before"] == 2, "compared with the version before"
    listed = a.get("/api/v1/rulesets?year=2026").json()["items"]
    assert [(r["version"], r["state_label"], r["reason"]) for r in listed] == [
        (2, "已发布", "常委会会议通过"),
        (1, "已被替代", "常委会会议通过"),
    ]


def test_a_text_is_checked_by_rule_and_line(world):
    staff = world.city.staff()
    bad = RULES.replace("points: 5", "points: 五")
    answer = staff.post("/api/v1/rulesets/validation", {"text": bad}).json()
    assert [(f["line"], f["rule"]) for f in answer["faults"]] == [(6, "honor")]
    refused = staff.post("/api/v1/rulesets", {"text": bad, "duty_year": 2026, "reason": "试"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["detail"].startswith("第 6 行：“honor”的 points")
    good = staff.post("/api/v1/rulesets/validation", {"text": RULES}).json()
    assert good["faults"] == []
    assert "发布动态：每条2分，最多计4分。" in good["formula"]
    names = [t["id"] for t in staff.get("/api/v1/ruleset-templates").json()]
    assert names == ["hongkou", "minhang"]


def test_two_drafts_cannot_be_published_at_once(world):
    staff = world.city.staff()
    one, two = draft(staff), draft(staff)
    assert staff.put(f"/api/v1/rulesets/{one}/publication").status_code == 204
    answer = staff.put(f"/api/v1/rulesets/{two}/publication")
    assert (answer.status_code, answer.json()["code"]) == (409, "publishing")


def test_a_score_is_as_large_as_its_rules_make_it(world):
    city = world.city
    reader, staff = city.member(), city.staff()
    with city.database.transaction() as db:
        for day in (1, 2):
            read = ("reading_log", day)
            duty.record(
                db, reader.seat_id, "reading.logged", read, at=NOW, quantity=1440, by=reader.account_id
            )
    ruleset = draft(staff, LARGE)
    assert staff.put(f"/api/v1/rulesets/{ruleset}/trial").status_code == 204
    done(city)
    moves = staff.get(f"/api/v1/rulesets/{ruleset}/moves").json()
    assert [row["after"] for row in moves["items"]] == [28_800_000]
    publish(city, staff, LARGE)
    assert score(reader, reader)["points"] == 28_800_000


def test_only_those_who_manage_rules_write_them(world):
    city = world.city
    leader = city.staff(Role.LEADER)
    assert (
        leader.post("/api/v1/rulesets", {"text": RULES, "duty_year": 2026, "reason": "试"}).status_code == 403
    )
    assert table(RulesetVersion).name == "ruleset"


def test_publishing_goes_bit_by_bit_and_says_how_far_it_is(world, monkeypatch):
    monkeypatch.setattr(scores, "CHUNK", 2)
    city = world.city
    members, staff = [city.member() for _ in range(5)], city.staff()
    path = f"/api/v1/rulesets/{draft(staff)}"
    assert staff.put(f"{path}/publication").status_code == 204
    seen = []
    while outbox.run_due(city.database, limit=1):
        found = staff.get(path).json()
        seen.append((found["state"], found["progress"]["done"]))
    assert seen == [("publishing", 2), ("publishing", 4), ("published", 5)]
    assert board(members[0])["count"] == 5


def test_when_too_much_has_moved_a_reader_is_told_to_come_again(world, monkeypatch):
    city = world.city
    members, staff = [city.member() for _ in range(5)], city.staff()
    publish(city, staff)
    s = table(Seat)
    with city.database.transaction() as db:
        db.execute(update(s).values(figures_version=s.c.figures_version + 1))
    monkeypatch.setattr(scores, "PATIENCE", 2)
    answers = [members[0].get("/api/v1/points-board") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503, 200, 200]
    assert answers[0].headers["Retry-After"] == "5"


def test_the_present_year_is_that_of_the_organization_and_rules_say_the_same(world):
    city = world.city
    with city.database.transaction() as db:
        change_years(db, city.organization_id, "12-01", 2027)
    member, staff = city.member(), city.staff()
    publish(city, staff)
    publish(city, staff, RULES + "year_starts: 12-01\n", year=2027)
    for day, year in (("2026-11-30", 2026), ("2026-12-01", 2027), ("2027-02-01", 2027)):
        with clock.frozen_at(at(f"{day} 09:00")):
            city.log_in(member)
            assert score(member, member)["duty_year"] == year


def test_why_rules_are_put_in_force_stands_in_the_audit_log(world):
    staff = world.city.staff()
    path = f"/api/v1/rulesets/{draft(staff)}/publication"
    assert staff.put(path, {"why": "主席会议同意"}).status_code == 422
    assert staff.put(path, {"reason": "主席会议同意"}).status_code == 204
    a = table(AuditEntry)
    with world.city.database.read.connect() as conn:
        said = conn.execute(select(a.c.detail).where(a.c.action == "ruleset.published")).scalar_one()
    assert said["reason"] == "主席会议同意"
