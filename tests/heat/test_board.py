from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from threading import Thread
from typing import Any

import pytest
from pydantic_core import to_json
from sqlalchemy import update

from app.auth.permissions import Role
from app.core import clock
from app.core.sql import table
from app.heat import boards, explanation, formula
from app.heat.models import Board
from app.people.models import Post
from tests.factories.city import City, Who
from tests.points.world import World, at

MONDAY = "2026-03-02"
NOW = at("2026-03-04 20:00")


@pytest.fixture
def world(city: City) -> World:
    return World(city)


@pytest.fixture(autouse=True)
def _in_march(monkeypatch):
    monkeypatch.setattr(
        boards, "PATIENCE_SECONDS", 60
    )  # however busy the machine, nothing is computed beside
    with clock.frozen_at(at("2026-03-01 00:00")):
        yield


def check(world: World, reader: Who, board: dict, moment=NOW) -> None:
    """Every row opens lines that add up to it, in heat and in parts."""
    parts = {"opinions": "opinion", "replies": "reply", "updates": "update", "echoes": "echo"}
    for row in board["items"]:
        lines = world.lines(reader, row["records"], moment)
        whole = sum((Decimal(line["points"]) * Decimal(str(line["weight"])) for line in lines), Decimal(0))
        assert whole.quantize(Decimal("0.1"), ROUND_HALF_UP) == Decimal(str(row["heat"])), row
        for name, part in parts.items():
            assert sum(line["counted"] for line in lines if line["part"] == part) == row["parts"][name], row


def test_each_clause_of_the_formula(world):
    city, w = world.city, world
    a, b, c, d = city.member("甲"), city.member("乙"), city.member("丙"), city.member("丁")
    staff = city.staff()
    w.update(c, at("2026-02-20 09:00"))  # who responds has spoken, if long ago
    topic = w.topic(staff, at("2026-03-01 08:00"))
    first = w.reply(a, topic, at("2026-03-03 09:00"))  # the first day of speaking
    w.reply(a, topic, at("2026-03-03 10:00"))  # the same day
    w.reply(a, topic, at("2026-03-04 09:59"), body="好！！")  # hardly anything
    w.reply(a, topic, at("2026-03-04 10:00"))  # the second day
    w.reply(a, topic, at("2026-03-04 10:01"), parent=first)  # to oneself
    of_staff = w.reply(staff, topic, at("2026-03-04 11:00"))
    w.reply(a, topic, at("2026-03-04 11:01"), parent=of_staff)  # to staff
    theirs = w.reply(b, topic, at("2026-03-04 12:00"))  # b speaks
    w.reply(a, topic, at("2026-03-04 12:01"), parent=theirs)  # a responds to b
    own = w.update(a, at("2026-03-04 13:00"))
    feed_thread = w.thread(("update", own))
    w.reply(a, feed_thread, at("2026-03-04 13:01"))  # under one's own update
    w.reply(b, feed_thread, at("2026-03-04 13:02"))  # returned: a has responded to b
    w.support(b, ("reply", first), at("2026-03-04 13:03"))  # b again
    w.support(c, ("update", own), at("2026-03-04 13:04"))  # c responds to a
    w.support(d, ("update", own), at("2026-03-04 13:05"))  # d has never said anything
    w.update(a, at("2026-03-04 13:06"), body="今天走访了三户老人，今天走访了三户老人。")
    w.update(
        b, at("2026-03-04 13:07"), body="走访了三户老人！今天走访三户老人 2026"
    )  # the same in other order

    board = w.board(a, NOW, "week")
    assert [(r["rank"], r["seat"]["name"], r["heat"]) for r in board["items"]] == [(1, "甲", 3), (2, "乙", 2)]
    assert board["mine"]["parts"] == {"opinions": 2, "replies": 0, "updates": 0, "echoes": 1}
    check(w, c, board)
    reasons = {line["reason"] for line in w.lines(a, board["mine"]["records"], NOW)}
    assert reasons == {
        None,
        formula.SAME_DAY,
        formula.SHORT,
        formula.OWN,
        formula.NOBODY,
        formula.RETURNED,
        formula.SAME_MEMBER,
        formula.SILENT,
    }
    of_b = w.lines(a, next(r["records"] for r in board["items"] if r["seat"]["name"] == "乙"), NOW)
    assert of_b[0]["reason"] == formula.COPY


def test_a_circle_of_members_is_one_voice(world):
    a, *ring = (world.city.member(name) for name in "甲乙丙丁")
    posts = {who.seat_id: world.update(who, at("2026-03-03 08:00")) for who in (a, *ring)}
    for n, (one, other) in enumerate((one, other) for one in ring for other in ring if one is not other):
        world.support(one, ("update", posts[other.seat_id]), at(f"2026-03-03 09:{n:02}"))
    for n, one in enumerate(ring):
        world.support(one, ("update", posts[a.seat_id]), at(f"2026-03-03 10:{n:02}"))
    board = world.board(a, NOW, "week")
    rows = {row["seat"]["id"]: row for row in board["items"]}
    assert rows[a.seat_id]["parts"]["echoes"] == 1
    assert all(rows[one.seat_id]["heat"] <= 1 + 2 for one in ring)
    lines = world.lines(a, rows[a.seat_id]["records"], NOW)
    assert [line["reason"] for line in lines[:3]] == [formula.CIRCLE, formula.CIRCLE, None]
    check(world, a, board)


def test_a_month_counts_two_days_of_speaking(world):
    a = world.city.member("甲")
    for day in ("03-29", "03-30", "03-31", "04-01", "04-02", "04-03"):
        world.update(a, at(f"2026-{day} 10:00"))
    moment = at("2026-04-04 10:00")
    assert world.board(a, moment, "month", on="2026-03-31")["mine"]["heat"] == 2
    week = world.board(a, moment, "week")
    assert week["mine"]["parts"] == {"opinions": 0, "replies": 0, "updates": 4, "echoes": 0}
    lines = world.lines(a, week["mine"]["records"], moment)
    assert [line["reason"] for line in lines] == [formula.FULL_MONTH, None, None, None, None]
    check(world, a, week, moment)


def test_hidden_and_deleted_content_gives_nothing_at_once(world):
    city, w = world.city, world
    a, b, staff = city.member("甲"), city.member("乙"), city.staff()
    w.update(b, at("2026-02-10 10:00"))
    update = w.update(a, at("2026-03-03 10:00"))
    other = w.update(a, at("2026-03-03 10:30"))
    thread = w.thread(("update", update))
    reply = w.reply(b, thread, at("2026-03-03 11:00"))
    w.support(a, ("reply", reply), at("2026-03-03 11:01"))
    w.support(b, ("update", other), at("2026-03-03 11:02"))
    assert w.board(a, NOW, "week")["mine"]["heat"] == 1 + 1
    assert w.board(b, NOW, "week")["mine"]["heat"] == 1
    w.hide(staff, ("reply", reply), NOW)
    # b's support of the other update still is a response
    assert w.board(a, NOW, "week")["mine"]["heat"] == 2
    assert w.board(b, NOW, "week")["mine"] is None
    w.hide(staff, ("update", other), NOW)
    assert w.board(a, NOW, "week")["mine"]["heat"] == 1
    w.hide(staff, ("update", update), NOW)
    assert w.board(a, NOW, "week")["items"] == []


def test_replies_under_a_hidden_update_cannot_be_opened_and_do_not_count(world):
    city, w = world.city, world
    a, b, staff = city.member("甲"), city.member("乙"), city.staff()
    update = w.update(a, at("2026-03-03 10:00"))
    reply = w.reply(b, w.thread(("update", update)), at("2026-03-03 11:00"))
    w.support(a, ("reply", reply), at("2026-03-03 11:01"))
    w.hide(staff, ("update", update), NOW)
    board = w.board(a, NOW, "week")
    assert board["items"] == []
    path = f"/api/v1/leaderboard/{b.seat_id}/records?window=week"
    assert w.lines(a, path, NOW) == []


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


def test_an_echo_counts_on_the_local_day_of_the_first_one(world):
    a, b = world.city.member("甲"), world.city.member("乙")
    update = world.update(a, at("2026-02-27 10:00"))
    world.support(b, ("update", update), at("2026-03-02 00:00:05"))  # 1 March in UTC, Monday in Shanghai
    world.reply(b, world.thread(("update", update)), at("2026-03-03 09:00"))
    assert world.board(a, NOW, "week")["mine"]["parts"]["echoes"] == 1
    assert world.board(a, NOW, "week", on="2026-03-01")["mine"]["parts"] == {
        "opinions": 0,
        "replies": 0,
        "updates": 1,
        "echoes": 0,
    }
    lines = world.lines(a, world.board(a, NOW, "week")["mine"]["records"], NOW)
    assert [(line["on"], line["points"], line["reason"]) for line in lines] == [
        ("2026-03-03", 0, formula.SAME_MEMBER),
        (MONDAY, 1, None),
    ]


def test_support_that_was_taken_back_gives_nothing(world):
    a, b = world.city.member("甲"), world.city.member("乙")
    update = world.update(a, at("2026-03-03 10:00"))
    world.support(b, ("update", update), at("2026-03-03 10:01"))
    world.update(b, at("2026-03-03 10:01"))
    assert world.board(a, NOW, "week")["mine"]["heat"] == 2
    world.support(b, ("update", update), at("2026-03-03 10:02"), on=False)
    later = NOW + timedelta(minutes=5)
    assert world.board(a, later, "week")["mine"]["heat"] == 1


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


def test_the_board_waits_twenty_times_as_long_as_it_took(world):
    a = world.city.member("甲")
    world.update(a, at("2026-03-03 10:00"))
    assert world.board(a, NOW, "week")["mine"]["heat"] == 1
    world.update(a, NOW)
    assert world.board(a, NOW, "week")["mine"]["heat"] == 1
    later = world.board(a, NOW + timedelta(minutes=5), "week")
    assert later["mine"]["heat"] == 2
    assert later["as_of"] == "2026-03-04T12:05:00Z"


def test_an_unchanged_poll_is_answered_304(world):
    a = world.city.member("甲")
    world.update(a, at("2026-03-03 10:00"))
    with clock.frozen_at(NOW):
        world.city.log_in(a)
        first = a.get("/api/v1/leaderboard")
        again = a.get("/api/v1/leaderboard", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    world.update(a, NOW)
    with clock.frozen_at(NOW + timedelta(minutes=5)):
        changed = a.get("/api/v1/leaderboard", headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]
    assert changed.json()["formula"] == explanation.FORMULA


def test_a_past_window_is_polled_too(world):
    a = world.city.member("甲")
    world.update(a, at("2026-02-03 10:00"))
    with clock.frozen_at(NOW):
        world.city.log_in(a)
        first = a.get("/api/v1/leaderboard?on=2026-02-03")
        assert first.json()["mine"]["heat"] == 1
        again = a.get("/api/v1/leaderboard?on=2026-02-03", headers={"If-None-Match": first.headers["etag"]})
        other = a.get("/api/v1/leaderboard?on=never", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, other.status_code) == (304, 422)


def test_while_one_process_computes_the_others_serve_the_board_before(world):
    a = world.city.member("甲")
    world.update(a, at("2026-03-03 10:00"))
    assert world.board(a, NOW, "week")["mine"]["heat"] == 1
    later = NOW + timedelta(minutes=5)
    b = table(Board)
    with world.doing(later) as db:
        db.connection().execute(update(b).values(leased_until=later + timedelta(minutes=1)))
    world.update(a, later)
    assert world.board(a, later, "week")["mine"]["heat"] == 1
    assert world.board(a, later + timedelta(minutes=2), "week")["mine"]["heat"] == 2


def test_a_board_that_takes_long_is_computed_beside_the_request(world, monkeypatch):
    a = world.city.member("甲")
    world.update(a, at("2026-03-03 10:00"))
    assert world.board(a, NOW, "week")["mine"]["heat"] == 1
    monkeypatch.setattr(boards, "PATIENCE_SECONDS", 0)
    world.update(a, NOW)
    later = NOW + timedelta(minutes=5)
    started: list[Thread] = []

    def thread(**given: Any) -> Thread:
        started.append(Thread(**given))
        return started[-1]

    monkeypatch.setattr(boards, "Thread", thread)
    assert world.board(a, later, "week")["mine"]["heat"] == 1
    for one in started:
        one.join(timeout=30)
    assert len(started) == 1
    assert world.board(a, later, "week")["mine"]["heat"] == 2


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


@pytest.mark.parametrize("seed", range(3))
def test_every_row_of_random_worlds_is_the_sum_of_its_lines(world, seed):
    chance, city, w = Random(seed), world.city, world
    members = [city.member(f"{i}号", sector=i % 2) for i in range(5)]
    staff = city.staff()
    moment = at("2026-02-20 08:00")
    topics = [w.topic(staff, moment) for _ in range(2)]
    threads = list(topics)
    replies: list[tuple[int, int, Who]] = []
    updates: list[tuple[int, Who]] = []
    for _ in range(60):
        moment += timedelta(minutes=chance.choice((1, 5, 200)))
        who = chance.choice(members)
        act = chance.random()
        if act < 0.15:
            updates.append((w.update(who, moment, chance.choice((None, None, "好"))), who))
            threads.append(w.thread(("update", updates[-1][0])))
        elif act < 0.7 or not replies:
            thread = chance.choice(threads)
            inside = [r for r in replies if r[1] == thread]
            parent = chance.choice(inside)[0] if inside and chance.random() < 0.6 else None
            quote = chance.choice(inside)[0] if inside and chance.random() < 0.2 else None
            by = staff if chance.random() < 0.1 else who
            body = chance.choice((None, None, None, "好", "赞同，我们小区也是这样。"))
            replies.append((w.reply(by, thread, moment, parent, quote, body), thread, by))
        elif act < 0.9:
            target_type = "update" if updates and chance.random() < 0.5 else "reply"
            target = chance.choice(updates if target_type == "update" else replies)
            if target[-1] is not who:
                w.support(who, (target_type, target[0]), moment)
        elif chance.random() < 0.5:
            gone = replies.pop(chance.randrange(len(replies)))
            w.hide(staff, ("reply", gone[0]), moment)
    end = moment + timedelta(hours=1)
    for window in ("week", "month", "term", "now"):
        board = w.board(members[0], end, window)
        assert board["items"]
        check(w, members[0], board, end)


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


def test_boards_of_another_version_of_the_formula_are_computed_anew(world):
    a = world.city.member("甲")
    world.update(a, at("2026-03-03 10:00"))
    world.board(a, NOW, "week")
    b = table(Board)
    with world.doing(NOW) as db:
        db.connection().execute(update(b).values(formula=1, rows=b""))
    assert world.board(a, NOW, "week")["mine"]["heat"] == 1


def test_the_formula_is_explained_with_examples(world):
    a = world.city.member("甲")
    with clock.frozen_at(NOW):
        world.city.log_in(a)
        shown = a.get("/api/v1/leaderboard/formula").json()
    assert shown == explanation.FORMULA | {"examples": explanation.examples()}
    assert shown["version"] == formula.VERSION == 2
