"""Several reports become one: each author keeps their own track, and gets credit for what it becomes."""

import pytest

from app.auth.permissions import Role
from tests.factories.domains.ledger import differences, live_acts, news
from tests.factories.domains.opinions import combined, done, drafted, issued, run, steps, submitted, undo


@pytest.fixture
def authors(city):
    return [city.member("周岚"), city.member("吴越", sector=1)]


@pytest.fixture
def staff(city):
    return city.staff(name="机关甲")


def labels(who, report_id) -> list[tuple[str, str | None, str | None]]:
    return [
        (s["action_label"], s["tier_label"], s["other"] and s["other"]["title"])
        for s in steps(who, report_id)
    ]


def test_every_author_keeps_a_track_and_gets_credit(city, authors, staff):
    one = authors[0]
    first, second = (submitted(who, title=f"{who.name}反映充电难") for who in authors)
    whole = combined(staff, first, second)
    path = f"/api/v1/opinions/{whole}"
    waiting = one.get(f"/api/v1/opinions/{first}").json()
    assert (waiting["state"], waiting["state_label"]) == ("combined", "已编入综合信息")
    assert waiting["combined_into"] == {"id": None, "title": "充电难综合反映"}
    assert one.get(path).status_code == 404, "not before it is issued"
    assert news(city, one) == ["信息《周岚反映充电难》已编入综合信息《充电难综合反映》"]

    done(staff, whole, "issue", tier="city")
    done(staff, whole, "forward", tier="province")
    done(staff, whole, "adopt", tier="city")
    done(staff, whole, "adopt", tier="province")
    done(staff, whole, "comment", tier="city", leader="副市长", words="请住建局研办。")
    for who, report_id in zip(authors, (first, second), strict=True):
        assert labels(who, report_id) == [
            ("报送", None, None),
            ("编入综合信息", None, "充电难综合反映"),
            ("签发", "市级", "充电难综合反映"),
            ("转送", "省级", "充电难综合反映"),
            ("采用", "市级", "充电难综合反映"),
            ("采用", "省级", "充电难综合反映"),
            ("领导批示", "市级", "充电难综合反映"),
        ]
        assert steps(who, report_id)[-1]["words"] == "请住建局研办。"
        assert live_acts(city, who) == [
            ("opinion.submitted", "lead", "city"),
            ("opinion.issued", "lead", "city"),
            ("opinion.adopted", "lead", "province"),
            ("opinion.commented", "lead", "city"),
        ]
        mine = who.get(f"/api/v1/opinions/{report_id}").json()
        assert (mine["tier"], mine["comment_count"], mine["state"]) == ("province", 1, "combined")
        assert mine["combined_into"] == {"id": whole, "title": "充电难综合反映"}
    assert "信息《周岚反映充电难》编入的综合信息《充电难综合反映》获副市长批示" in news(city, one)
    records = one.get(f"/api/v1/seats/{one.seat_id}/records").json()["items"]
    assert {record["path"] for record in records} == {f"/api/v1/opinions/{first}"}, "each opens their own"
    assert differences(city) == []

    seen = one.get(path).json()
    assert (seen["body"], seen["seat_id"], seen["author_name"]) == ("多个小区反映。", None, None)
    assert [(s["author_name"], s["id"]) for s in seen["sources"]] == [("周岚", first), ("吴越", None)]
    assert [s["title"] for s in seen["sources"]] == ["周岚反映充电难", None]
    assert [s["action"] for s in steps(one, whole)] == ["issue", "forward", "adopt", "adopt", "comment"]
    assert (seen["actions"], seen["may"]) == ([], [])
    assert one.get(f"{path}/versions").status_code == 404
    assert city.member().get(path).status_code == 404


def test_leaders_read_the_whole_and_not_its_parts(city, authors, staff):
    leader = city.staff(Role.LEADER)
    parts = [submitted(who) for who in authors]
    whole = combined(staff, *parts)
    assert leader.get(f"/api/v1/opinions/{whole}").status_code == 404
    done(staff, whole, "issue", tier="city")
    listed = leader.get("/api/v1/opinions?scope=issued").json()["items"]
    assert [(row["id"], row["kind_label"]) for row in listed] == [(whole, "综合信息")]
    seen = leader.get(f"/api/v1/opinions/{whole}").json()
    assert [(s["id"], s["title"], s["author_name"]) for s in seen["sources"]] == [
        (None, None, "周岚"),
        (None, None, "吴越"),
    ]
    for part in parts:
        assert leader.get(f"/api/v1/opinions/{part}").status_code == 404


def test_a_part_joins_and_is_taken_out_again(city, authors, staff):
    parts = [submitted(who) for who in authors]
    late = submitted(city.member("郑开"))
    whole = combined(staff, *parts)
    assert done(staff, late, "combine", into_id=whole)["combined_into"]["id"] == whole
    assert run(staff, late, "release").json()["code"] == "reason_required"
    assert done(staff, late, "release", reason="主题不同。")["state"] == "editing"
    assert done(staff, late, "issue", tier="county")["tier"] == "county"
    one = authors[0]
    done(staff, parts[0], "release", reason="另行编发。")
    assert news(city, one)[-1].endswith("已移出综合信息《充电难综合反映》：另行编发。")
    few = run(staff, whole, "issue", tier="city")
    assert (few.status_code, few.json()["code"], few.json()["state"]) == (409, "too_few_sources", "editing")
    assert live_acts(city, one) == [("opinion.submitted", "lead", "city")]
    assert differences(city) == []


def test_what_is_out_keeps_its_parts(city, authors, staff):
    parts = [submitted(who) for who in authors]
    whole = combined(staff, *parts)
    done(staff, whole, "issue", tier="city")
    late = submitted(city.member())
    for answer in (
        run(staff, parts[0], "release", reason="晚了。"),
        run(staff, late, "combine", into_id=whole),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "combined_not_open")
        assert answer.json()["state"] == "issued"
    for action, more in (("issue", {"tier": "city"}), ("adopt", {"tier": "city"}), ("start_editing", {})):
        answer = run(staff, parts[0], action, **more)
        assert (answer.status_code, answer.json()["state"]) == (409, "combined"), action
    assert run(staff, parts[0], "undo", reason="不行。", step_id=1).json()["code"] == "not_undoable"


def test_a_combined_report_that_is_not_used_lets_its_parts_go(city, authors, staff):
    parts = [submitted(who) for who in authors]
    whole = combined(staff, *parts)
    done(staff, whole, "shelve", reason="情况有变。")
    for who, part in zip(authors, parts, strict=True):
        assert who.get(f"/api/v1/opinions/{part}").json()["state"] == "editing"
        assert steps(who, part)[-1]["action_label"] == "移出综合信息"
    assert staff.get(f"/api/v1/opinions/{whole}").json()["sources"] == []


def test_what_cannot_be_combined(city, authors, staff):
    one, two = (submitted(who) for who in authors)
    out = issued(city.member(), staff)
    draft = drafted(authors[0])
    path = "/api/v1/opinions/combined"
    for ids, status, code in (
        ([one], 422, "invalid"),
        ([one, one], 422, "too_few_sources"),
        ([one, draft], 404, "not_found"),
        ([one, 10**9], 404, "not_found"),
        ([one, out], 409, "illegal_transition"),
    ):
        refused = staff.post(path, {"title": "综合", "body": "正文", "source_ids": ids})
        assert (refused.status_code, refused.json()["code"]) == (status, code), ids
    assert staff.get(f"/api/v1/opinions/{one}").json()["state"] == "submitted", "nothing happened half-way"
    assert authors[0].post(path, {"source_ids": [one, two]}).status_code == 403
    whole = combined(staff, one, two)
    third = submitted(city.member())
    assert run(staff, third, "combine", into_id=out).json()["code"] == "not_combined"
    assert run(staff, third, "combine").json()["errors"][0]["field"] == "into_id"
    assert run(staff, whole, "combine", into_id=whole).json()["code"] == "never_open"
    assert run(staff, whole, "return", reason="退给谁？").json()["code"] == "never_open"
    offered = {a["action"] for a in staff.get(f"/api/v1/opinions/{whole}").json()["actions"]}
    assert offered == {"shelve", "issue"}
    assert run(authors[0], one, "release", reason="我要拿回。").status_code in {403, 404}


def test_undoing_the_whole_undoes_the_parts(city, authors, staff):
    parts = [submitted(who) for who in authors]
    whole = combined(staff, *parts)
    done(staff, whole, "issue", tier="city")
    done(staff, whole, "adopt", tier="province")
    assert undo(staff, whole, "未被采用。").status_code == 200
    one = authors[0]
    assert [act for act, *_ in live_acts(city, one)] == ["opinion.submitted", "opinion.issued"]
    assert one.get(f"/api/v1/opinions/{parts[0]}").json()["tier"] == "city"
    track = steps(one, parts[0])
    assert [(s["action"], s["undone"]) for s in track[-2:]] == [("adopt", True), ("undo", False)]
    assert track[-1]["undoes_id"] == track[-2]["id"]
    assert news(city, one)[-1].endswith("《充电难综合反映》的“采用”已撤销：未被采用。")
    assert undo(staff, whole, "还要修改。").json()["state"] == "editing"
    assert one.get(f"/api/v1/opinions/{parts[0]}").json()["tier"] is None
    assert one.get(f"/api/v1/opinions/{whole}").status_code == 404, "it is with the editors again"
    assert live_acts(city, one) == [("opinion.submitted", "lead", "city")]
    assert done(staff, parts[0], "release", reason="单独编发。")["state"] == "editing"
    assert differences(city) == []
