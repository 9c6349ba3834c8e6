"""What a member says is wrong in the ledger: set right with a reason, or not; the ledger only grows."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.factories.domains.archive import claimed, days_ago, done, records, speech, step
from tests.factories.domains.ledger import differences, news, void_reasons


@pytest.fixture
def wronged(city):
    """A member, staff, and a record that staff wrote with a wrong role."""
    member, staff = city.member("周岚"), city.staff()
    path = f"/api/v1/seats/{member.seat_id}/records"
    assert staff.post(path, speech()).status_code == 201
    (record,) = records(member)
    return member, staff, record


def test_a_wrong_record_is_voided_and_recorded_anew(city, wronged):
    member, staff, record = wronged
    appeal = claimed(member, record_id=record["id"], body="我是主要发言人。")
    name = f"大会发言（{days_ago(3)}）"
    assert (appeal["kind_label"], appeal["title"], appeal["record"]["id"]) == ("记录申诉", name, record["id"])

    upheld = done(staff, appeal, "confirm", void=True, act=speech(role="lead"), reason="查会议记录属实")

    (new,) = records(member)
    assert (new["role"], new["claim_id"]) == ("lead", appeal["id"])
    assert (upheld["recorded"]["id"], upheld["record"]["void_reason"]) == (new["id"], "查会议记录属实")
    assert void_reasons(city, member) == ["查会议记录属实"]
    assert news(city, member) == [f"您对“{name}”的申诉已更正：查会议记录属实"]
    assert differences(city) == []


def test_a_record_is_voided_only_and_a_missing_one_recorded_only(city, wronged):
    member, staff, record = wronged
    done(
        staff, claimed(member, record_id=record["id"], body="没有参加。"), "confirm", void=True, reason="属实"
    )
    assert records(member) == []
    missing = claimed(member, body="三月的学雷锋活动没有记。")
    assert (missing["title"], missing["record"]) == ("缺漏的履职记录", None)
    act = speech(kind="service.rendered", title="学雷锋志愿服务")
    done(staff, missing, "confirm", act=act, reason="补登")
    assert [r["title"] for r in records(member)] == ["学雷锋志愿服务"]


def test_undoing_writes_the_record_again(city, wronged):
    member, staff, record = wronged
    appeal = claimed(member, record_id=record["id"], body="我是主要发言人。")
    done(staff, appeal, "confirm", void=True, act=speech(role="lead"), reason="属实")
    opened = done(staff, appeal, "reopen", reason="记录本没有错")
    (back,) = records(member)
    assert (back["role"], back["title"], back["source"]) == ("participant", record["title"], "manual")
    assert back["id"] > record["id"]
    assert (opened["record"]["id"], opened["recorded"]) == (back["id"], None)
    done(staff, appeal, "refuse", reason="以会议记录为准")
    assert news(city, member)[-1].endswith("的申诉已驳回：以会议记录为准")
    assert differences(city) == []


def test_what_the_platform_recorded_is_corrected_where_it_came_about(city):
    member, staff = city.member(), city.staff()
    note = {"book": "乡土中国", "title": "差序格局", "body": "读第四章。"}
    made = member.post("/api/v1/reading/notes", note).json()
    (record,) = records(member)
    appeal = claimed(member, record_id=record["id"], body="记重了。")
    refused = step(staff, appeal, "confirm", void=True, reason="属实")
    assert (refused.status_code, refused.json()["code"]) == (409, "platform_record")
    nothing = step(staff, appeal, "confirm", reason="属实")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_corrected")
    assert member.delete(f"/api/v1/reading/notes/{made['id']}").status_code == 204
    done(staff, appeal, "confirm", reason="笔记已删除，记录随之作废")
    assert records(member) == []
    assert differences(city) == []


def test_a_record_that_is_there_already_answers_a_missing_one(city, wronged):
    member, staff, record = wronged
    appeal = claimed(member, body="省里的发言没有记。")
    stranger = city.member()
    assert staff.post(f"/api/v1/seats/{stranger.seat_id}/records", speech()).status_code == 201
    (other,) = records(staff, stranger)
    foreign = step(staff, appeal, "confirm", record_id=other["id"], reason="已登记")
    assert (foreign.status_code, foreign.json()["code"]) == (409, "no_such_record")
    upheld = done(staff, appeal, "confirm", record_id=record["id"], reason="已登记，请看这条")
    assert upheld["recorded"]["id"] == record["id"]
    done(staff, appeal, "reopen", reason="再查")
    assert [r["id"] for r in records(member)] == [record["id"]], "what the decision did not write stays"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"void": True}, "reason_required"),
        ({"reason": "属实"}, "nothing_corrected"),
        ({"reason": "属实", "void": True, "act": speech(), "record_id": 1}, "act_or_record"),
        ({"reason": "属实", "act": speech()}, "already_recorded"),
        ({"reason": "属实", "void": True, "act": speech(held_on="2099-01-01")}, "day_outside_seat"),
    ],
)
def test_a_bad_decision_changes_nothing(city, wronged, more, code):
    member, staff, record = wronged
    appeal = claimed(member, record_id=record["id"], body="有误。")
    assert step(staff, appeal, "confirm", **more).json()["code"] == code
    assert records(member) == [record]
    assert member.get(f"/api/v1/claims/{appeal['id']}").json()["state"] == "waiting"


def test_what_belongs_to_a_confirmation_goes_with_nothing_else(city, wronged):
    member, staff, record = wronged
    appeal = claimed(member, record_id=record["id"], body="有误。")
    assert step(staff, appeal, "refuse", reason="x", void=True).json()["code"] == "extra_forbidden"
    claim = claimed(member, act=speech(title="另一次发言"))
    assert step(staff, claim, "confirm", void=True).json()["code"] == "extra_forbidden"
    missing = claimed(member, body="少记一次。")
    assert step(staff, missing, "confirm", void=True, reason="x").json()["code"] == "nothing_to_void"


def test_only_own_live_records_are_appealed_against_and_one_at_a_time(city, wronged):
    member, staff, record = wronged
    appeal = {"record_id": record["id"], "body": "有误。"}
    assert city.member().post("/api/v1/claims", appeal).status_code == 404
    assert staff.post("/api/v1/claims", appeal).status_code == 403
    first = claimed(member, **appeal)
    second = member.post("/api/v1/claims", appeal)
    assert (second.status_code, second.json()["code"]) == (409, "already_appealed")
    done(staff, first, "confirm", void=True, reason="属实")
    voided = member.post("/api/v1/claims", appeal)
    assert (voided.status_code, voided.json()["code"]) == (409, "already_voided")
    assert member.post("/api/v1/claims", appeal | {"record_id": 99_999}).status_code == 404


def test_of_two_who_uphold_at_once_one_wins(city, wronged):
    member, _, record = wronged
    desk = [city.staff(name="机关甲"), city.staff(name="机关乙")]
    appeal = claimed(member, record_id=record["id"], body="我是主要发言人。")
    more = {"void": True, "act": speech(role="lead"), "reason": "属实"}
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(step, who, appeal, "confirm", **more) for who in desk]
    assert sorted(job.result().status_code for job in jobs) == [200, 409]
    assert [r["role"] for r in records(member)] == ["lead"]
    assert void_reasons(city, member) == ["属实"]
    assert differences(city) == []
