"""What waits for a rating, and ratings that phones send twice."""

from datetime import datetime, timedelta

import pytest

from app.auth.permissions import Role
from app.core import clock
from tests.factories.domains.handling import assigned, handling, in_days, rated, replied, worked
from tests.factories.domains.ledger import live_acts, news
from tests.factories.domains.proposals import done, drafted, opened_window

PROMISE = {"result_class": "under_way", "commitment": "新增托育点二十个"}


@pytest.fixture
def cast(city):
    """The secretariat, an author, a co-signer and an officer of the first unit."""
    staff, author, friend = city.staff(), city.member("周岚"), city.member("吴远")
    opened_window(staff)
    return staff, author, friend, city.staff(Role.UNIT_OFFICER, "教育局")


def answered(city, cast, **reply) -> tuple[int, int, int]:
    """A joint proposal with a reply: its id, the assignment's and the reply's."""
    staff, author, friend, officer = cast
    number = drafted(author, kind="joint")
    author.post(f"/api/v1/proposals/{number}/signers", {"seat_ids": [friend.seat_id]})
    friend.put(f"/api/v1/proposals/{number}/signature", {"accept": True})
    done(author, number, "submit")
    done(staff, number, "file")
    [work] = assigned(city, staff, number, lead=0).values()
    return number, work, replied(officer, staff, number, work, **reply)


def waiting(who) -> list[int]:
    return [p["id"] for p in who.get("/api/v1/proposals?scope=to_rate").json()["items"]]


def test_a_reply_waits_for_every_signer_until_each_has_rated_it(city, cast):
    staff, author, friend, officer = cast
    number, _, reply = answered(city, cast)
    bystander = city.member("钱一")
    assert [waiting(who) for who in (author, friend, bystander, staff, officer)] == [
        [number],
        [number],
        [],
        [],
        [],
    ]
    rated(author, number, reply)
    assert (waiting(author), waiting(friend)) == ([], [number])
    assert (handling(author, number)["to_rate"], handling(friend, number)["to_rate"]) == ([], [reply])
    done(staff, number, "rehandle", reason="请再与提案人沟通。")
    assert waiting(friend) == []


def test_the_same_rating_once_more_changes_nothing_and_another_replaces_it(city, cast):
    staff, author, friend, _ = cast
    number, _, reply = answered(city, cast)

    def steps() -> int:
        return [s["action"] for s in author.get(f"/api/v1/proposals/{number}/track").json()["steps"]].count(
            "rate"
        )

    for _ in range(2):
        assert rated(author, number, reply, remark="谢谢").status_code == 200
    assert steps() == 1
    rated(author, number, reply, result="dissatisfied")
    assert steps() == 2
    assert [r["result"] for r in handling(author, number)["ratings"]] == ["dissatisfied"]
    rated(friend, number, reply)
    done(staff, number, "close")
    assert rated(author, number, reply, result="dissatisfied").status_code == 200  # as it was before the end
    assert rated(author, number, reply).json()["code"] == "rating_closed"
    assert [kind for kind, _, _ in live_acts(city, author)].count("proposal.rated") == 1


@pytest.mark.parametrize("grades", [{"attitude": "dissatisfied"}, {"result": "dissatisfied"}])
def test_who_is_dissatisfied_says_why_and_staff_hear_it(city, cast, grades):
    staff, author, _, _ = cast
    number, _, reply = answered(city, cast)
    silent = rated(author, number, reply, **grades, remark=None)
    assert (silent.status_code, silent.json()["errors"][0]["field"]) == (422, "body.remark")
    assert "请写明原因" in silent.json()["errors"][0]["detail"]
    assert (
        rated(author, number, reply, **grades, remark=None, private_remark="只来过一次电话").status_code
        == 200
    )
    assert news(city, staff)[-1].endswith("请研究是否重新办理。原因：只来过一次电话")


def test_what_was_promised_waits_for_a_second_rating_when_it_has_ended(city, cast):
    staff, author, friend, officer = cast
    number, _, reply = answered(city, cast, **PROMISE, commitment_due_on=in_days(200))
    for who in (author, friend):
        rated(who, number, reply)
    done(staff, number, "close")
    assert handling(author, number)["to_rate_again"] == waiting(author) == []
    [commitment] = handling(author, number)["commitments"]
    kept = {"action": "kept", "body": "全部开放。"}
    officer.post(f"/api/v1/proposal-commitments/{commitment['id']}/notes", kept)
    assert handling(author, number)["to_rate_again"] == [reply]
    assert waiting(author) == [number]
    rated(author, number, reply, stage=2)
    assert (waiting(author), waiting(friend)) == ([], [number])


def test_half_a_year_after_a_promise_its_second_rating_waits_for_three_weeks(city, cast):
    number, _, reply = answered(city, cast, **PROMISE, commitment_due_on=in_days(300))
    author = cast[1]
    [span] = [d for d in handling(author, number)["deadlines"] if d["kind"] == "rate_again"]
    for day, expected in ((span["starts_on"], [reply]), (span["due_on"], [reply])):
        with clock.frozen_at(datetime.fromisoformat(f"{day}T04:00:00+00:00")):
            city.log_in(author)
            assert handling(author, number)["to_rate_again"] == expected
    with clock.frozen_at(datetime.fromisoformat(f"{span['due_on']}T04:00:00+00:00") + timedelta(days=1)):
        city.log_in(author)
        assert handling(author, number)["to_rate_again"] == []
        late = rated(author, number, reply, stage=2)
        assert (late.status_code, late.json()["detail"]) == (409, "再次评价的期限已过。")


def test_a_unit_that_gave_the_proposal_back_waits_for_no_rating(city, cast):
    staff, author, _, officer = cast
    city.staff(Role.UNIT_OFFICER, "房管局", unit=city.unit("市住房保障局"))
    number = drafted(author)
    done(author, number, "submit")
    done(staff, number, "file")
    works = assigned(city, staff, number, split_1=0, split_2=1)
    first = replied(officer, staff, number, works["市教育局"])
    worked(staff, number, works["市住房保障局"], "withdraw_assignment", reason="无须办理。")
    assert handling(author, number)["to_rate"] == [first]
