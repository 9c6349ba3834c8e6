"""Points through the API: who sees what, boards, drafts that are tried and published, scores that equal a recompute."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.auth.permissions import Role
from app.core import clock, outbox
from app.core.sql import table
from app.duty import recount
from app.duty import service as duty
from app.duty.models import DutyRecord
from app.people.models import Post, Seat
from app.points import queries_scores, scores
from app.points.models import RulesetVersion, Score
from app.points.ruleset_text import shipped
from tests.factories.city import City, Who
from tests.factories.ledger import differences
from tests.points.world import World, at

NOW = at("2026-03-04 20:00")
RULES = """\
name: 试行办法
pass_mark: 10
rules:
  - {id: update, label: 发布动态, kinds: [update.posted], points: 2, at_most: 4}
  - {id: reply, label: 参与讨论, kinds: [reply.posted], points: 1}
  - {id: honor, label: 获得荣誉, kinds: [honor.received], points: 5}
  - {id: opinion, label: 报送信息, kinds: [opinion.submitted], points: 3}
  - {id: absent, label: 缺席, kinds: [activity.absent], points: -2}
minimums:
  - {id: update, label: 发布动态, kinds: [update.posted], count: 3, advice: 发布三条动态}
scales:
  - id: grade
    label: 等次
    bands:
      - {label: 优秀, top: 50, needs_minimums: true}
      - {label: 合格, points: 4, colour: "#27ae60"}
      - {label: 待努力}
boards:
  - {id: members, label: 委员, posts: [member]}
  - {id: standing, label: 常委, posts: [chair, vice_chair, secretary_general, standing_member]}
"""


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


def draft(staff: Who, text: str = RULES, year: int = 2026) -> int:
    made = staff.post("/api/v1/rulesets", {"text": text, "duty_year": year, "reason": "常委会会议通过"})
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


def done(city: City) -> None:
    while outbox.run_due(city.database):
        pass


def publish(city: City, staff: Who, text: str = RULES, year: int = 2026) -> int:
    ruleset = draft(staff, text, year)
    assert staff.put(f"/api/v1/rulesets/{ruleset}/publication").status_code == 204
    done(city)
    assert staff.get(f"/api/v1/rulesets/{ruleset}").json()["state"] == "published"
    return ruleset


def score(who: Who, of: Who, **query: Any) -> dict[str, Any]:
    answer = who.get(f"/api/v1/seats/{of.seat_id}/score", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def board(who: Who, **query: Any) -> dict[str, Any]:
    answer = who.get("/api/v1/points-board", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def places(of: dict[str, Any]) -> list[tuple[int, str, float]]:
    return [(row["rank"], row["seat"]["name"], row["points"]) for row in of["items"]]


def test_a_score_explains_itself_and_every_figure_opens_its_records(world):
    city = world.city
    a, b, staff = city.member("甲"), city.member("乙"), city.staff()
    for _ in range(3):
        world.update(a, NOW)
    publish(city, staff)
    found = score(a, a)
    assert (found["points"], found["pass_mark"], found["passed"]) == (4, 10, False)
    assert [(line["id"], line["points"], line["says"]) for line in found["lines"]] == [
        ("update", 4, "每条2分，最多计4分")
    ]
    (line,) = found["lines"]
    assert (line["records"], line["counted"]) == (3, 2)
    assert line["reasons"] == [{"reason": "发布动态最多计4分", "records": 1}]
    opened = a.get(line["path"]).json()
    assert (opened["count"], opened["points"]) == (3, 4)
    assert [(r["points"], r["reason"]) for r in opened["items"]] == [
        (0, "发布动态最多计4分"),
        (2, None),
        (2, None),
    ]
    assert all(r["path"].startswith("/api/v1/updates/") for r in opened["items"])
    paged = a.get(f"{line['path']}&limit=2").json()
    rest = a.get(f"{line['path']}&limit=2&cursor={paged['next']}").json()
    assert paged["items"] + rest["items"] == opened["items"]
    (duty_out,) = found["minimums"]
    assert (duty_out["done"], duty_out["due"], duty_out["met"]) == (3, 3, True)
    assert a.get(duty_out["path"]).json()["count"] == 3
    assert found["standing"] == {
        "board": "members", "board_label": "委员", "rank": 1, "count": 2,
        "bands": [{"scale": "等次", "label": "优秀", "colour": None}],
    }  # fmt: skip
    assert score(b, b)["minimums"][0]["advice"] == "发布三条动态"


def test_others_see_points_but_closed_kinds_without_words(world):
    city = world.city
    a, b, staff = city.member("甲"), city.member("乙"), city.staff()
    world.update(a, NOW)
    with world.doing(NOW) as db:
        duty.record(db, a.seat_id, "opinion.submitted", ("opinion_report", 1))
        duty.record(db, a.seat_id, "activity.absent", ("activity", 1))
    publish(city, staff)
    for who in (a, staff):
        assert {line["id"]: line["points"] for line in score(who, a)["lines"]} == {
            "update": 2,
            "opinion": 3,
            "absent": -2,
        }
    seen = score(b, a)
    assert {line["id"]: line["points"] for line in seen["lines"]} == {"update": 2, "hidden": 1}
    assert (seen["points"], seen["minimums"], seen["unscored"]) == (3, [], 0)
    path = f"/api/v1/seats/{a.seat_id}/score/records/"
    assert b.get(f"{path}rule:update").status_code == 200
    for part in ("rule:opinion", "minimum:update", "unscored", "rule:none"):
        assert b.get(path + part).status_code == 404, part
    assert b.get(f"{path}else").status_code == 422


def test_boards_rank_standing_members_apart_and_ties_share_a_rank(world):
    city = world.city
    a, b, c, _ = (city.member(name) for name in "甲乙丙丁")
    chair, staff = city.member("常", post=Post.STANDING_MEMBER, sector=1), city.staff()
    for who in (a, b, chair):
        world.update(who, NOW)
    publish(city, staff)
    found = board(c)
    assert places(found) == [(1, "甲", 2), (1, "乙", 2), (3, "丙", 0), (3, "丁", 0)]
    assert found["mine"] == found["items"][2]
    assert found["count"] == 4
    assert any("得分相同名次并列" in line for line in found["formula"])
    assert places(board(c, board="standing")) == [(1, "常", 2)]
    assert c.get("/api/v1/points-board", params={"board": "none"}).status_code == 404
    first = board(c, limit=3)
    rest = board(c, limit=3, cursor=first["next"])
    assert first["items"] + rest["items"] == found["items"]
    assert places(board(c, sector_id=city.sectors[1])) == []
    assert [row["bands"][0]["label"] for row in found["items"]] == ["待努力"] * 4
    assert [b["label"] for b in found["boards"]] == ["委员", "常委"]


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


def test_what_is_hidden_or_voided_leaves_every_figure_at_once(world):
    city = world.city
    a, b, staff = city.member("甲"), city.member("乙"), city.staff()
    world.update(a, NOW)
    reply = world.reply(b, world.thread(("update", 1)), NOW)
    publish(city, staff)
    assert score(b, b)["points"] == 1
    world.hide(staff, ("reply", reply), NOW)
    assert score(b, b)["points"] == 0
    assert places(board(a)) == [(1, "甲", 2), (2, "乙", 0)]
    assert differences(city) == []


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


def test_a_change_of_seat_moves_the_score(world):
    city = world.city
    a, staff = city.member("甲"), city.staff()
    world.update(a, NOW)
    publish(city, staff)
    s = table(Seat)
    with city.database.transaction() as db:
        moved = {"post": "standing_member", "sector_id": city.sectors[1], "ends_on": date(2026, 6, 30)}
        db.execute(
            update(s).where(s.c.id == a.seat_id).values(**moved, figures_version=s.c.figures_version + 1)
        )
    assert places(board(a, board="standing", sector_id=city.sectors[1])) == [(1, "甲", 2)]
    found = score(a, a)
    assert (found["months"], found["pass_mark"]) == (6, 5)
    with clock.frozen_at(at("2026-08-01 09:00")):
        city.log_in(staff)
        assert places(board(staff, board="standing")) == [], "left, while the year runs"
        assert score(staff, a)["points"] == 2
    with clock.frozen_at(at("2027-01-02 09:00")):
        city.log_in(staff)
        assert places(board(staff, board="standing", year=2026)) == [(1, "甲", 2)]


def test_a_member_of_two_organizations_has_two_scores(world, app):
    city = world.city
    county = City(app, city.database, name="政协柳溪县委员会", duty_year_starts="12-01")
    a, other = city.member("甲"), county.member("甲")
    world.update(a, NOW)
    publish(city, city.staff())
    publish(county, county.staff())
    assert (score(a, a)["points"], score(other, other)["points"]) == (2, 0)
    assert score(other, other)["starts_on"] == "2025-12-01"
    assert a.get(f"/api/v1/seats/{other.seat_id}/score").status_code == 404


@pytest.mark.parametrize(("moment", "points"), [("2026-12-31 23:59", 2), ("2027-01-01 00:00", 0)])
def test_a_year_ends_at_midnight_in_shanghai(world, moment, points):
    city = world.city
    a, staff = city.member("甲"), city.staff()
    publish(city, staff)
    world.update(a, at(moment))
    assert score(a, a, year=2026)["points"] == points


def test_the_kind_of_an_activity_moves_scores_with_it(world):
    city = world.city
    a, staff = city.member("甲"), city.staff()
    publish(city, staff, shipped()["minhang"])
    body = {
        "kind": "research",
        "title": "调研",
        "starts_at": "2026-03-04T09:00:00+08:00",
        "ends_at": "2026-03-04T17:00:00+08:00",
    }
    activity = staff.post("/api/v1/activities", body | {"half_days": 2}).json()["id"]
    mark = {"seat_ids": [a.seat_id], "state": "attended"}
    answer = staff.put(f"/api/v1/activities/{activity}/attendance", mark)
    assert answer.status_code in {200, 204}, answer.text
    assert board(a)["mine"]["points"] == 5
    assert staff.patch(f"/api/v1/activities/{activity}", {"kind": "plenary"}).status_code == 200
    assert board(a)["mine"]["points"] == 10
    assert differences(city) == []


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.sampled_from(["honor.received", "speech.delivered", "update.posted", "void"]),
        ),
        max_size=12,
    )
)
def test_kept_scores_always_equal_a_recompute(city, steps):
    members = [city.member() for _ in range(3)]
    staff = city.staff()
    ruleset = publish(city, staff)
    with city.database.read.connect() as conn:
        of = queries_scores.ruleset(conn, city.organization_id, ruleset)
    r, k = table(DutyRecord), table(Score)
    for number, (n, kind) in enumerate(steps):
        before = kept(city, k, ruleset)
        with city.database.transaction() as db:
            if kind == "void":
                newest = (
                    select(r.c.subject_id).where(r.c.seat_id == members[n].seat_id).order_by(r.c.id.desc())
                )
                if (subject := db.scalar(newest.limit(1))) is not None:
                    duty.void(db, ("outside_act", subject), "误登", None, seat_id=members[n].seat_id)
            else:
                duty.record(db, members[n].seat_id, kind, ("outside_act", members[n].seat_id * 1000 + number))
        scores.refresh(city.database, of)
        after = kept(city, k, ruleset)
        assert {s: v for s, v in after.items() if s != members[n].seat_id} == {
            s: v for s, v in before.items() if s != members[n].seat_id
        }, "nobody else moves"
        assert [d for d in differences(city) if d.check == "积分"] == []


def kept(city: City, k: Any, ruleset: int) -> dict[int, tuple[int, Any]]:
    with city.database.read.connect() as conn:
        rows = conn.execute(select(k.c.seat_id, k.c.points, k.c.parts).where(k.c.ruleset_id == ruleset))
        return {row.seat_id: (row.points, row.parts) for row in rows}


def test_recount_finds_and_mends_a_wrong_score(world):
    city = world.city
    a, staff = city.member("甲"), city.staff()
    world.update(a, NOW)
    publish(city, staff)
    k = table(Score)
    with city.database.transaction() as db:
        db.execute(update(k).values(points=99))
    assert [(d.check, d.stored, d.counted) for d in differences(city)] == [("积分", 99, 200)]
    with city.database.transaction() as db:
        recount.run(db.connection(), repair=True)
    assert differences(city) == []
    assert score(a, a)["standing"]["rank"] == 1


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
