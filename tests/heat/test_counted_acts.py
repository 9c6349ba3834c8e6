"""What counts on a board, and what does not: every row is the sum of its lines."""

from datetime import timedelta
from random import Random

import pytest

from app.heat import formula
from tests.factories.city import Who
from tests.factories.points.boards import MONDAY, NOW, check
from tests.points.world import at

pytestmark = pytest.mark.usefixtures("in_march")


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
