"""Points through the API: who sees what, boards, drafts that are tried and published, scores that equal a recompute."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.core import clock
from app.core.sql import table
from app.duty import recount
from app.duty import service as duty
from app.duty.models import DutyRecord
from app.people.models import Post, Seat
from app.points import queries, scores
from app.points.engine.yaml_text import shipped
from app.points.models import Score
from tests.factories.city import City
from tests.factories.domains.activities import edited
from tests.factories.domains.ledger import differences
from tests.factories.points.points import board, places, publish, score
from tests.points.world import World, at

NOW = at("2026-03-04 20:00")


@pytest.fixture
def world(city: City) -> World:
    return World(city)


@pytest.fixture(autouse=True)
def _in_march():
    with clock.frozen_at(NOW):
        yield


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
        "board": "members", "board_label": "委员", "division": None, "rank": 1, "count": 2,
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
    assert edited(staff, f"/api/v1/activities/{activity}", {"kind": "plenary"}).status_code == 200
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
        of = queries.ruleset(conn, city.organization_id, ruleset)
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
    recount.repair(city.database)
    assert differences(city) == []
    assert score(a, a)["standing"]["rank"] == 1
