"""Who stands where on a board, in which window, and who may ask."""

from datetime import date, timedelta

import pytest
from pydantic_core import to_json

from app.auth.permissions import Role
from app.core import clock
from app.heat import boards, explanation, formula
from app.people.models import Post
from tests.factories.city import City
from tests.factories.points.boards import NOW, check
from tests.points.world import at

pytestmark = pytest.mark.usefixtures("in_march")


def test_the_year_ends_at_midnight_in_shanghai(world):
    a = world.city.member("甲")
    world.update(a, at("2025-12-31 23:59:59"))
    world.update(a, at("2026-01-01 00:00:00"))
    world.update(a, at("2026-01-01 00:00:12"))
    assert world.board(a, NOW, "duty_year")["mine"]["heat"] == 1
    assert world.board(a, NOW, "duty_year", on="2025-12-31")["mine"]["heat"] == 1
    assert world.board(a, NOW, "term")["mine"]["heat"] == 2
    month = world.board(a, NOW, "month", on="2025-12-05")
    assert month["mine"]["heat"] == 1
    assert month["window"] == {
        "kind": "month",
        "kind_label": "本月",
        "starts_on": "2025-12-01",
        "ends_on": "2025-12-31",
    }


def test_the_board_of_now_halves_every_seven_days(world):
    a = world.city.member("甲")
    world.update(a, at("2026-03-04 10:00"))
    world.update(a, at("2026-02-25 10:00"))
    world.update(a, at("2026-02-18 10:00"))
    world.update(a, at("2025-12-20 10:00"))  # 74 days ago
    board = world.board(a, NOW, "now")
    assert board["mine"]["heat"] == 1.8  # 1 + 0.5 + 0.25
    assert board["mine"]["parts"]["updates"] == 3
    check(world, a, board)


def test_ties_share_a_rank_and_the_next_one_skips(world):
    members = [world.city.member(f"{i}号") for i in range(4)]
    for who in members[:3]:
        world.update(who, at("2026-03-03 10:00"))
    world.update(members[2], at("2026-03-03 11:00"))
    world.reply(
        members[3],
        world.thread(("update", world.update(members[0], at("2026-02-01 11:00")))),
        at("2026-03-03 12:00"),
    )
    rows = world.board(members[0], NOW, "week")["items"]
    assert [(r["rank"], r["heat"]) for r in rows] == [(1, 2), (2, 1), (2, 1), (2, 1)]
    world.update(members[3], at("2026-03-04 13:00"))
    world.update(members[1], at("2026-03-04 13:01"))
    later = NOW + timedelta(minutes=5)
    rows = world.board(members[0], later, "week")["items"]
    assert [(r["rank"], r["heat"]) for r in rows] == [(1, 2), (1, 2), (1, 2), (4, 1)]
    pages, cursor = [], None
    while True:
        page = world.board(members[0], later, "week", limit=1, **({"cursor": cursor} if cursor else {}))
        pages += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert pages == rows


def test_standing_members_are_apart_and_groups_rank_both(world):
    city = world.city
    plain = city.member("甲", sector=0, committees=(0,))
    chair = city.member("乙", sector=0, committees=(1,), post=Post.CHAIR)
    other = city.member("丙", sector=1, committees=(0, 1), post=Post.STANDING_MEMBER)
    for who in (plain, chair, other):
        world.update(who, at("2026-03-03 10:00"))

    def names(**query):
        return [r["seat"]["name"] for r in world.board(plain, NOW, "week", **query)["items"]]

    assert names() == ["甲"]
    assert names(board="standing") == ["乙", "丙"]
    assert names(board="sector", group_id=city.sectors[0]) == ["甲", "乙"]
    assert names(board="committee", group_id=city.committees[1]) == ["乙", "丙"]
    assert (
        world.board(plain, NOW, "week", board="sector", group_id=city.sectors[1])["group"]["name"] == "教育界"
    )
    assert world.board(chair, NOW, "week")["mine"] is None


def test_only_seats_held_in_the_window_are_ranked(world):
    city = world.city
    a = city.member("甲")
    gone = city.member("乙", ends_on=date(2026, 3, 3))
    for who in (a, gone):
        world.update(who, at("2026-02-27 10:00"))
        world.update(who, at("2026-03-03 10:00"))
    assert [r["seat"]["name"] for r in world.board(a, at("2026-03-03 12:00"), "month")["items"]] == [
        "甲",
        "乙",
    ]
    assert [r["seat"]["name"] for r in world.board(a, NOW, "month")["items"]] == ["甲"]
    assert [r["seat"]["name"] for r in world.board(a, NOW, "month", on="2026-02-27")["items"]] == ["甲", "乙"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("on=2026-03-05", 422, "future_day"),
        ("on=1990-01-01", 404, "no_term"),
        ("board=sector", 422, "group_mismatch"),
        ("group_id=1", 422, "group_mismatch"),
        ("board=sector&group_id=999999", 404, "not_found"),
        ("cursor=!!", 422, "bad_cursor"),
        ("window=decade", 422, "invalid"),
    ],
)
def test_bad_questions_are_answered_in_chinese(world, query, status, code):
    a = world.city.member()
    with clock.frozen_at(NOW):
        world.city.log_in(a)
        answer = a.get(f"/api/v1/leaderboard?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_other_organizations_and_roles_see_nothing(world, app, database):
    a = world.city.member("甲")
    elsewhere = City(app, database, name="政协别市委员会").member("乙")
    officer = world.city.staff(Role.UNIT_OFFICER)
    with clock.frozen_at(NOW):
        world.city.log_in(officer)
        assert officer.get("/api/v1/leaderboard").status_code == 403
        assert world.city.anonymous().get("/api/v1/leaderboard").status_code == 401
    path = f"/api/v1/leaderboard/{a.seat_id}/records"
    assert elsewhere.get(path).status_code == 404
    assert (
        elsewhere.get(f"/api/v1/leaderboard?board=sector&group_id={world.city.sectors[0]}").status_code == 404
    )


def test_ties_that_rounding_made_are_paged_without_loss(world):
    """On the board of now heats are rounded: whoever shares a rounded heat stands in the order of seats."""
    lines = [
        to_json([seat, "某某", 1, "经济界", "member", [], warmth, 0, 0, 0, 0])
        for seat, warmth in ((9, 2.1), (3, 2.0), (8, 2.0), (5, 2.0), (1, 1.9))
    ]
    ranked = boards._rank(b"\n".join(lines), boards.Version(1, at("2026-06-01 09:00")), "all", None)
    assert ranked.seats == [9, 3, 5, 8, 1]
    assert ranked.ranks == [1, 2, 2, 2, 5]
    assert ranked.after(2, 5) == 3


def test_the_formula_is_explained_with_examples(world):
    a = world.city.member("甲")
    with clock.frozen_at(NOW):
        world.city.log_in(a)
        shown = a.get("/api/v1/leaderboard/formula").json()
    assert shown == explanation.FORMULA | {"examples": explanation.examples()}
    assert shown["version"] == formula.VERSION == 2
