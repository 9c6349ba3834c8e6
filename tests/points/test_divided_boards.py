"""Boards that rank each sector or committee by itself, and the first so many of each; acts by their form."""

from typing import Any

import pytest

from app.core import clock
from app.duty import service as duty
from app.people.models import Post
from tests.factories.city import City, Who
from tests.factories.domains.ledger import differences
from tests.factories.domains.proposals import done as step
from tests.factories.domains.proposals import drafted, opened_window
from tests.factories.points.points import board, done, draft, places, publish, score
from tests.points.world import World, at

NOW = at("2026-03-04 20:00")
RULES = """\
name: 按委办法
rules:
  - {id: reply, label: 参与讨论, kinds: [reply.posted], points: 1}
  - id: converted
    label: 提案转社情民意信息
    kinds: [proposal.submitted]
    became: [converted]
    points_by: {lead: 3, participant: 1}
  - {id: opinion, label: 报送信息, kinds: [opinion.submitted], forms: [single], points: 50}
  - {id: service, label: 服务群众, kinds: [service.rendered], points_by: {visit: 1, donation: 3}}
scales:
  - id: grade
    label: 等次
    bands:
      - {label: 优秀, points: 1, top_count: 1}
      - {label: 其他}
boards:
  - {id: members, label: 委员, by: committee, posts: [member]}
  - {id: standing, label: 常委, by: sector, posts: [chair, vice_chair, secretary_general, standing_member]}
"""


@pytest.fixture
def world(city: City) -> World:
    return World(city)


@pytest.fixture(autouse=True)
def _in_march():
    with clock.frozen_at(NOW):
        yield


def replied(world: World, *acts: tuple[Who, int]) -> None:
    with world.doing(NOW) as db:
        for who, times in acts:
            for number in range(times):
                duty.record(db, who.seat_id, "reply.posted", ("reply", who.seat_id * 100 + number))


def bands(of: dict[str, Any]) -> list[str]:
    return [row["bands"][0]["label"] for row in of["items"]]


def test_each_committee_ranks_its_seats_and_the_first_of_each_are_the_best(world):
    city = world.city
    first, second = city.committees[0], city.committees[1]
    a, b, c = (city.member(name, committees=of) for name, of in (("甲", (0,)), ("乙", (0, 1)), ("丙", (1,))))
    free, staff = city.member("丁", committees=()), city.staff()
    replied(world, (a, 5), (b, 4), (c, 2), (free, 1))
    ruleset = publish(city, staff, RULES)
    mine = board(a)
    assert (mine["by"], mine["division"], mine["count"]) == ("committee", first, 2)
    assert places(mine) == [(1, "甲", 5), (2, "乙", 4)]
    assert bands(mine) == ["优秀", "优秀"], "the best of a committee, though not of this one"
    assert [(d["id"], d["count"], d["average"]) for d in mine["divisions"]] == [
        (first, 2, 4.5),
        (second, 2, 3),
        (0, 1, 1),
    ]
    assert mine["divisions"][2]["label"] == "未编入专委会"
    assert board(free)["division"] == 0
    other = board(a, committee_id=second)
    assert places(other) == [(1, "乙", 4), (2, "丙", 2)]
    assert (bands(other), other["mine"]) == (["优秀", "其他"], None)
    assert board(b)["division"] == second, "where it stands best"
    standing = score(b, b)["standing"]
    assert (standing["division"], standing["rank"], standing["count"]) == (
        other["divisions"][1]["label"],
        1,
        2,
    )
    assert standing["bands"][0]["label"] == "优秀"
    assert board(staff)["division"] == first, "who stands on none sees the one of the highest average"
    assert board(a, committee_id=999)["items"] == []
    again = draft(staff, RULES.replace("points: 1}", "points: 2}"))
    assert staff.put(f"/api/v1/rulesets/{again}/trial").status_code == 204
    done(city)
    moves = staff.get(f"/api/v1/rulesets/{again}/moves").json()
    assert [(m["seat"]["name"], m["rank_before"], m["rank_after"]) for m in moves["items"]] == [
        ("甲", 1, 1),
        ("乙", 1, 1),
        ("丙", 2, 2),
        ("丁", 1, 1),
    ]
    assert staff.get(f"/api/v1/rulesets/{ruleset}").json()["formula"][-3] == ("“常委”榜按界别分别排名。")


def test_each_sector_ranks_its_seats(world):
    city = world.city
    a, b = (city.member(name, post=Post.STANDING_MEMBER, sector=n) for n, name in enumerate("甲乙"))
    staff = city.staff()
    replied(world, (a, 2), (b, 1))
    publish(city, staff, RULES)
    own = board(b, board="standing")
    assert (own["by"], own["division"], places(own)) == ("sector", city.sectors[1], [(1, "乙", 1)])
    assert places(board(b, board="standing", sector_id=city.sectors[0])) == [(1, "甲", 2)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_share_of_the_board_does_not_depend_on_what_is_shown_of_it(world):
    """A part of a board shows its own ranks, but the bands of the whole board."""
    city = world.city
    a, b = city.member("甲"), city.member("乙", sector=1)
    staff = city.staff()
    replied(world, (a, 5), (b, 4))
    publish(city, staff, RULES.replace(", by: committee", ""))
    assert (places(board(b)), bands(board(b))) == ([(1, "甲", 5), (2, "乙", 4)], ["优秀", "其他"])
    part = board(b, sector_id=city.sectors[1])
    assert (places(part), bands(part)) == ([(1, "乙", 4)], ["其他"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_proposal_that_becomes_a_report_moves_the_points_of_all_who_signed(world):
    city = world.city
    author, friend, staff = city.member("吴桐"), city.member("郑一"), city.staff()
    opened_window(staff)
    publish(city, staff, RULES)
    proposal = drafted(author, kind="joint")
    author.post(f"/api/v1/proposals/{proposal}/signers", {"seat_ids": [friend.seat_id]})
    friend.put(f"/api/v1/proposals/{proposal}/signature", {"accept": True})
    step(author, proposal, "submit")
    assert [score(who, who)["points"] for who in (author, friend)] == [0, 0]
    step(staff, proposal, "convert", reason="宜作为信息反映。")
    assert [score(who, who)["points"] for who in (author, friend)] == [3, 1], "not as a report of one's own"
    (report,) = author.get("/api/v1/opinions").json()["items"]
    assert report["kind_label"] == "提案转化"
    assert board(author)["mine"]["points"] == 3
    undoable = staff.get(f"/api/v1/proposals/{proposal}/track").json()["undoable"]
    undone = staff.post(f"/api/v1/proposals/{proposal}/undo", {"step_id": undoable, "reason": "点错了。"})
    assert undone.status_code == 200, undone.text
    assert [score(who, who)["points"] for who in (author, friend)] == [0, 0]
    assert differences(city) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_services_count_by_the_form_that_staff_or_member_said(world):
    city = world.city
    a, staff = city.member("甲"), city.staff()
    publish(city, staff, RULES)
    act = {"kind": "service.rendered", "title": "看望独居老人", "held_on": "2026-03-01", "form": "visit"}
    records = f"/api/v1/seats/{a.seat_id}/records"
    made = staff.post(records, act)
    assert (made.status_code, made.json()["form_label"]) == (201, "走访联系")
    assert score(a, a)["points"] == 1
    wrong = staff.post(records, act | {"form": "plenary"})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["detail"] == (
        "“服务群众”的形式可填：走访联系、志愿服务、捐资捐物、结对帮扶、宣讲宣传、矛盾化解、其他服务"
    )
    claim = a.post("/api/v1/claims", {"act": act | {"title": "捐赠图书", "form": "donation"}}).json()
    assert claim["act"]["form_label"] == "捐资捐物"
    confirmed = staff.post(
        f"/api/v1/claims/{claim['id']}/transitions", {"action": "confirm"}, headers={"If-Match": '"1"'}
    )
    assert confirmed.status_code == 200, confirmed.text
    assert score(a, a)["points"] == 4
    b = city.member("乙")
    assert staff.post(f"/api/v1/seats/{b.seat_id}/records", act | {"form": "donation"}).status_code == 201
    assert score(a, a)["points"] == 6, "it is one act: what is said of it last holds for all who took part"
    assert differences(city) == []
