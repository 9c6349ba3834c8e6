"""An opinion report goes from draft to a leader's comment, each step once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from sqlalchemy import event

from app.opinions.lifecycle import (
    ACTION_LABELS,
    ASKS,
    AUDIENCE,
    COMPILED,
    ENTERED,
    LABELS,
    LIFECYCLE,
    TAKEN_IN,
    OpinionAction,
    OpinionState,
    Tier,
    higher,
)
from tests.factories.domains.ledger import differences, live_acts, news, void_reasons
from tests.factories.domains.opinions import TEXT, done, drafted, issued, run


def test_a_report_goes_from_draft_to_a_leaders_comment(city):
    author, staff = city.member("周岚"), city.staff(name="机关甲")
    report_id = drafted(author)
    path = f"/api/v1/opinions/{report_id}"
    assert done(author, report_id, "submit")["state"] == "submitted"
    editing = done(staff, report_id, "start_editing")
    assert editing["may"] == ["edit"]
    edited = staff.put(path, TEXT | {"title": "充电设施不足亟待解决"}, headers={"If-Match": '"1"'})
    assert edited.json()["version"] == 2
    assert author.put(path, TEXT, headers={"If-Match": '"2"'}).json()["state"] == "editing"
    done(staff, report_id, "issue", tier="city")
    done(staff, report_id, "forward", tier="province")
    done(staff, report_id, "adopt", tier="city")
    commented = done(staff, report_id, "comment", tier="city", leader="副市长", words="请城建部门研究。")
    assert (commented["state"], commented["tier"], commented["comment_count"]) == ("adopted", "city", 1)
    assert live_acts(city, author) == [
        ("opinion.submitted", "lead", "city"),
        ("opinion.issued", "lead", "city"),
        ("opinion.adopted", "lead", "city"),
        ("opinion.commented", "lead", "city"),
    ]
    assert done(staff, report_id, "adopt", tier="province")["tier"] == "province"
    assert live_acts(city, author)[-1] == ("opinion.adopted", "lead", "province")
    assert void_reasons(city, author) == ["被更高层级采用"]
    done(staff, report_id, "adopt", tier="county")
    assert [act for act in live_acts(city, author) if act[0] == "opinion.adopted"] == [
        ("opinion.adopted", "lead", "province")
    ]
    assert author.get(path).json()["tier"] == "province"

    track = author.get(f"{path}/track").json()
    assert [
        (s["actor"], s["action_label"], s["tier_label"], s["to_state_label"]) for s in track["steps"]
    ] == [
        ("周岚", "报送", None, "已报送"),
        ("机关甲", "开始编辑", None, "编辑中"),
        ("机关甲", "签发", "市级", "已签发"),
        ("机关甲", "转送", "省级", "已签发"),
        ("机关甲", "采用", "市级", "已采用"),
        ("机关甲", "领导批示", "市级", "已采用"),
        ("机关甲", "采用", "省级", "已采用"),
        ("机关甲", "采用", "区县", "已采用"),
    ]
    assert (track["steps"][5]["leader"], track["steps"][5]["words"]) == ("副市长", "请城建部门研究。")
    assert "信息《充电设施不足亟待解决》获副市长批示" in news(city, author)
    assert "信息《充电设施不足亟待解决》被省级采用" in news(city, author)
    assert author.get(f"{path}/versions/1").json()["title"] == TEXT["title"]
    assert differences(city) == []


def test_a_returned_report_is_mended_and_sent_again(city):
    author, staff = city.member(), city.staff()
    report_id = drafted(author, body="初稿。")
    path = f"/api/v1/opinions/{report_id}"
    author.put(path, TEXT, headers={"If-Match": '"1"'})
    done(author, report_id, "submit")
    assert run(staff, report_id, "return").json()["code"] == "reason_required"
    done(staff, report_id, "return", reason="请核实数字。")
    assert news(city, author) == [f"信息《{TEXT['title']}》请您修改：请核实数字。"]
    assert author.get(path).json()["state_reason"] == "请核实数字。"
    assert author.put(path, TEXT | {"body": "已核实。"}, headers={"If-Match": '"2"'}).status_code == 200
    done(author, report_id, "submit")
    assert live_acts(city, author) == [("opinion.submitted", "lead", "city")]
    assert [v["version"] for v in staff.get(f"{path}/versions").json()["items"]] == [3, 2]
    assert staff.get(f"{path}/versions/1").status_code == 404


def test_withdrawing_voids_and_hides_until_editing_begins(city):
    author, staff = city.member(), city.staff()
    report_id = drafted(author)
    done(author, report_id, "submit")
    assert done(author, report_id, "withdraw")["state"] == "draft"
    assert live_acts(city, author) == []
    assert differences(city) == []
    assert staff.get(f"/api/v1/opinions/{report_id}").status_code == 404
    done(author, report_id, "submit")
    done(staff, report_id, "start_editing")
    late = run(author, report_id, "withdraw")
    assert (late.status_code, late.json()["state"]) == (409, "editing")


def test_a_stale_edit_is_412_with_the_present_text(city):
    author = city.member()
    path = f"/api/v1/opinions/{drafted(author)}"
    assert author.put(path, TEXT | {"body": "手机。"}, headers={"If-Match": '"1"'}).status_code == 200
    late = author.put(path, TEXT | {"body": "电脑。"}, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    assert (late.json()["current"]["version"], late.json()["current"]["body"]) == (2, "手机。")
    assert author.put(path, TEXT | {"body": "手机。"}, headers={"If-Match": '"1"'}).json()["version"] == 2
    assert author.put(path, TEXT).json()["code"] == "if_match_required"


def test_staff_cannot_edit_before_they_began_nor_after_it_was_issued(city):
    author, staff = city.member(), city.staff()
    report_id = drafted(author)
    done(author, report_id, "submit")
    path = f"/api/v1/opinions/{report_id}"
    for step in ({"action": "start_editing"}, {"action": "issue", "tier": "city"}):
        state = staff.get(path).json()["state"]
        if state == "submitted":
            early = staff.put(path, TEXT | {"title": "改"}, headers={"If-Match": '"1"'})
            assert (early.status_code, early.json()["state"]) == (409, "submitted")
        done(staff, report_id, **step)
    late = staff.put(path, TEXT | {"title": "改"}, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["state"]) == (409, "issued")


@pytest.mark.parametrize(
    ("action", "given", "missing"),
    [
        ("adopt", {}, ["tier"]),
        ("comment", {}, ["tier", "leader", "words"]),
        ("forward", {"tier": "city", "leader": "副市长"}, ["leader"]),
    ],
)
def test_a_step_asks_for_its_fields_and_no_others(city, action, given, missing):
    author, staff = city.member(), city.staff()
    refused = run(staff, issued(author, staff), action, **given)
    assert refused.status_code == 422
    assert [e["field"] for e in refused.json()["errors"]] == missing


def test_impossible_and_forbidden_steps_change_nothing(city):
    author, staff = city.member(), city.staff()
    empty = author.post("/api/v1/opinions", {}).json()["id"]
    incomplete = run(author, empty, "submit")
    assert [e["field"] for e in incomplete.json()["errors"]] == ["title", "body"]
    report_id = issued(author, staff)
    before = author.get(f"/api/v1/opinions/{report_id}/track").json()
    again = run(staff, report_id, "issue", tier="city")
    assert (again.status_code, again.json()["state"]) == (409, "issued")
    assert run(author, report_id, "adopt", tier="national").status_code == 403
    assert run(staff, report_id, "adopt", tier="galactic").status_code == 422
    assert author.delete(f"/api/v1/opinions/{report_id}").json()["state"] == "issued"
    assert author.get(f"/api/v1/opinions/{report_id}/track").json() == before
    done(staff, report_id, "adopt", tier="city")
    twice = run(staff, report_id, "adopt", tier="city")
    assert (twice.status_code, twice.json()["code"]) == (409, "already_at_tier")


def test_retries_make_one_report_and_one_step(city):
    author, staff = city.member(), city.staff()
    for _ in range(2):
        made = author.post("/api/v1/opinions", TEXT, headers={"Idempotency-Key": "opinion-1"})
        assert made.status_code == 201
    assert len(author.get("/api/v1/opinions").json()["items"]) == 1
    report_id = issued(author, staff)
    comment = {"action": "comment", "tier": "city", "leader": "副市长", "words": "请研究。"}
    for _ in range(2):
        answer = staff.post(
            f"/api/v1/opinions/{report_id}/transitions", comment, headers={"Idempotency-Key": "comment-1"}
        )
        assert answer.json()["comment_count"] == 1
    assert [kind for kind, _, _ in live_acts(city, author)].count("opinion.commented") == 1


def test_of_two_decisions_one_wins(city):
    author, one, two = city.member(), city.staff(), city.staff()
    report_id = drafted(author)
    done(author, report_id, "submit")
    done(one, report_id, "start_editing")
    barrier = Barrier(2)

    def decide(act):
        barrier.wait()
        return run(act[0], report_id, act[1], **act[2])

    with ThreadPoolExecutor(2) as pool:
        acts = [(one, "issue", {"tier": "city"}), (two, "return", {"reason": "重写。"})]
        answers = list(pool.map(decide, acts))
    assert sorted(a.status_code for a in answers) == [200, 409]
    track = author.get(f"/api/v1/opinions/{report_id}/track").json()
    assert len(track["steps"]) == 3
    assert track["steps"][-1]["to_state"] == track["state"]


@contextmanager
def counted(city):
    statements: list[str] = []

    def note(_conn, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    event.listen(city.database.read, "before_cursor_execute", note)
    yield statements
    event.remove(city.database.read, "before_cursor_execute", note)


def test_a_list_takes_two_statements_however_long_and_its_pages_are_stable(city):
    author, staff = city.member("周岚"), city.staff()
    ids = [issued(author, staff) for _ in range(3)]
    with counted(city) as statements:
        first = staff.get("/api/v1/opinions?scope=issued&limit=2").json()
    assert len(statements) == 2
    issued(author, staff)
    second = staff.get(f"/api/v1/opinions?scope=issued&limit=2&cursor={first['next']}").json()
    assert [r["id"] for r in first["items"] + second["items"]] == ids[::-1]
    assert first["items"][0]["author_name"] == "周岚"
    assert staff.get(f"/api/v1/opinions?scope=issued&q=充电&seat_id={author.seat_id}").json()["items"] != []
    assert staff.get("/api/v1/opinions?scope=issued&q=古桥").json()["items"] == []


def test_the_table_is_whole():
    assert set(LABELS) == set(AUDIENCE) == set(OpinionState)
    assert {t.action for t in LIFECYCLE.transitions} == set(OpinionAction) - {OpinionAction.UNDO}
    assert set(ASKS) < set(OpinionAction) == set(ACTION_LABELS) - {COMPILED, ENTERED, TAKEN_IN}
    reached = {OpinionState.DRAFT} | {t.target for t in LIFECYCLE.transitions}
    assert reached == set(OpinionState)
    assert higher(Tier.PROVINCE, "city")
    assert not higher(Tier.CITY, "city")
    assert higher(Tier.COUNTY, None)
