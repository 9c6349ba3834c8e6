from datetime import timedelta

import pytest
from sqlalchemy import update

from app.core import clock
from app.core.sql import table
from app.proposals.lifecycle import DECLINE_REASONS
from app.proposals.models import Proposal, ProposalWindow
from tests.factories.domains.bodies import added
from tests.factories.domains.ledger import differences, live_acts, news, void_reasons
from tests.factories.domains.proposals import TEXT, done, drafted, filed, opened_window, run


def test_a_joint_proposal_from_draft_to_commendation(city):
    staff = city.staff(name="机关甲")
    author, friend, silent = city.member("周岚"), city.member("吴远"), city.member()
    window_id = opened_window(staff)
    proposal_id = drafted(author, kind="joint", category="社会事业")
    path = f"/api/v1/proposals/{proposal_id}"

    alone = run(author, proposal_id, "submit")
    assert (alone.status_code, alone.json()["code"]) == (422, "incomplete")
    assert [e["field"] for e in alone.json()["errors"]] == ["signers"]
    author.post(f"{path}/signers", {"seat_ids": [friend.seat_id, silent.seat_id]})
    friend.put(f"{path}/signature", {"accept": True})

    submitted = done(author, proposal_id, "submit")
    assert (submitted["state"], submitted["window_id"]) == ("submitted", window_id)
    assert [a["action"] for a in submitted["actions"]] == ["withdraw"]
    assert live_acts(city, author) == [("proposal.submitted", "lead", "city")]
    assert live_acts(city, friend) == [("proposal.submitted", "participant", "city")]

    reviewed = done(staff, proposal_id, "start_review")
    assert {a["action"] for a in reviewed["actions"]} == {
        *("to_joint_review", "file", "decline", "return_for_revision", "convert", "merge")
    }
    decline = next(a for a in reviewed["actions"] if a["action"] == "decline")
    assert decline["reasons"] == DECLINE_REASONS
    assert done(staff, proposal_id, "file")["number"] == 1

    marked = staff.put(f"{path}/key", {"marked": True, "reason": "主席会议确定"})
    assert marked.json()["is_key"] is True
    staff.put(f"{path}/key", {"marked": True, "reason": "再按一次"})
    staff.put(f"{path}/commendation", {"marked": True, "reason": "年度表彰"})
    kinds = ["proposal.submitted", "proposal.filed", "proposal.marked_key", "proposal.commended"]
    assert live_acts(city, author) == [(kind, "lead", "city") for kind in kinds]
    assert live_acts(city, friend) == [(kind, "participant", "city") for kind in kinds]
    assert live_acts(city, silent) == []

    track = author.get(f"{path}/track").json()
    assert [(s["actor"], s["action_label"], s["to_state_label"]) for s in track["steps"]] == [
        ("周岚", "提交", "已提交"),
        ("机关甲", "开始初审", "初审中"),
        ("机关甲", "立案", "已立案"),
        ("机关甲", "列为重点提案", "已立案"),
        ("机关甲", "评为优秀提案", "已立案"),
    ]
    assert track["steps"][2]["data"] == {"number": 1, "version": 1}
    assert track["steps"][4]["reason"] == "年度表彰"
    assert track["state"] == track["steps"][-1]["to_state"] == "filed"
    assert f"提案《{TEXT['title']}》已立案，编号为五届二次会议提案第1号" in news(city, author)
    assert f"提案《{TEXT['title']}》已立案，编号为五届二次会议提案第1号" in news(city, friend)

    lifted = staff.put(f"{path}/commendation", {"marked": False, "reason": "评选有误"})
    assert lifted.json()["is_commended"] is False
    assert live_acts(city, friend)[-1][0] == "proposal.marked_key"
    assert void_reasons(city, friend) == ["评选有误"]
    assert differences(city) == []


def test_a_refusal_reaches_the_author_at_once_with_its_reason(city):
    staff, author = city.staff(), city.member()
    opened_window(staff)
    proposal_id = drafted(author)
    done(author, proposal_id, "submit")
    for bad, code in ({}, "reason_required"), ({"reason_code": "weather"}, "unknown_reason"):
        refused = run(staff, proposal_id, "decline", **bad)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    done(staff, proposal_id, "decline", reason_code="litigation", reason="已由法院受理。")
    seen = author.get(f"/api/v1/proposals/{proposal_id}").json()
    assert (seen["state"], seen["decline_code_label"], seen["state_reason"]) == (
        "declined",
        DECLINE_REASONS["litigation"],
        "已由法院受理。",
    )
    step = author.get(f"/api/v1/proposals/{proposal_id}/track").json()["steps"][-1]
    assert (step["reason_code"], step["reason_code_label"]) == ("litigation", DECLINE_REASONS["litigation"])
    assert news(city, author)[-1].endswith(f"不予立案：{DECLINE_REASONS['litigation']}，已由法院受理。")
    assert live_acts(city, author) == [("proposal.submitted", "lead", "city")]


def test_what_is_returned_is_edited_and_comes_back_even_after_the_window(city):
    staff, author = city.staff(), city.member()
    opened_window(staff)
    proposal_id = drafted(author)
    path = f"/api/v1/proposals/{proposal_id}"
    done(author, proposal_id, "submit")
    closed = author.put(path, TEXT | {"title": "另一个"}, headers={"If-Match": '"1"'})
    assert (closed.status_code, closed.json()["state"]) == (409, "submitted")
    assert run(staff, proposal_id, "return_for_revision").json()["code"] == "reason_required"
    done(staff, proposal_id, "return_for_revision", reason="请补充数据。")
    assert news(city, author)[-1].endswith("请您修改：请补充数据。")
    seen = author.get(path).json()
    assert seen["state_reason"] == "请补充数据。"
    assert seen["may"] == ["edit", "attach"]
    assert author.delete(path).json()["state"] == "returned"
    with clock.frozen_at(clock.now() + timedelta(days=20)):
        city.log_in(author)
        author.put(path, TEXT | {"situation": "补充：缺口三千个。"}, headers={"If-Match": '"1"'})
        again = done(author, proposal_id, "submit")
        city.log_in(staff)
        assert done(staff, proposal_id, "file")["number"] == 1
        versions = staff.get(f"{path}/versions").json()["items"]
    assert again["version"] == 2
    acts = [kind for kind, _, _ in live_acts(city, author)]
    assert acts == ["proposal.submitted", "proposal.filed"]
    assert [v["version"] for v in versions] == [2, 1]


def test_the_author_may_withdraw_until_review_begins(city):
    staff, author = city.staff(), city.member()
    opened_window(staff)
    proposal_id = drafted(author)
    done(author, proposal_id, "submit")
    withdrawn = done(author, proposal_id, "withdraw")
    assert (withdrawn["state"], withdrawn["window_id"]) == ("draft", None)
    assert live_acts(city, author) == []
    assert void_reasons(city, author) == ["提案人撤回"]
    assert differences(city) == []
    assert staff.get(f"/api/v1/proposals/{proposal_id}").status_code == 404
    assert staff.get(f"/api/v1/proposals/{proposal_id}/versions").status_code == 404
    done(author, proposal_id, "submit")
    assert live_acts(city, author) == [("proposal.submitted", "lead", "city")]
    done(staff, proposal_id, "start_review")
    late = run(author, proposal_id, "withdraw")
    assert (late.status_code, late.json()["state"]) == (409, "first_review")


def test_no_window_no_submission_and_the_draft_stays(city):
    staff, author = city.staff(), city.member()
    proposal_id = drafted(author)
    refused = run(author, proposal_id, "submit")
    assert (refused.status_code, refused.json()["code"]) == (409, "window_closed")
    assert refused.json()["state"] == "draft"
    window_id = opened_window(staff)
    closed = staff.patch(f"/api/v1/proposal-windows/{window_id}", {"closes_at": clock.now().isoformat()})
    assert closed.json()["is_open"] is False
    assert run(author, proposal_id, "submit").json()["code"] == "window_closed"
    assert author.get(f"/api/v1/proposals/{proposal_id}").json()["state"] == "draft"
    later = (clock.now() + timedelta(days=3)).isoformat()
    assert (
        staff.patch(f"/api/v1/proposal-windows/{window_id}", {"closes_at": later}).json()["is_open"] is True
    )
    done(author, proposal_id, "submit")


def test_windows_are_periods_that_do_not_overlap(city):
    staff, author = city.staff(), city.member()
    opened_window(staff)
    now = clock.now()

    def period(start: int, end: int) -> dict[str, str]:
        days = {"opens_at": now + timedelta(days=start), "closes_at": now + timedelta(days=end)}
        return {name: moment.isoformat() for name, moment in days.items()}

    overlapping = staff.post("/api/v1/proposal-windows", {"name": "又一个", **period(5, 50)})
    assert (overlapping.status_code, overlapping.json()["code"]) == (409, "window_overlaps")
    backwards = staff.post("/api/v1/proposal-windows", {"name": "又一个", **period(60, 50)})
    assert (backwards.status_code, backwards.json()["code"]) == (422, "bad_period")
    naive = staff.post(
        "/api/v1/proposal-windows",
        {"name": "又一个", "opens_at": "2030-01-01T00:00:00", "closes_at": "2030-02-01T00:00:00"},
    )
    assert naive.status_code == 422
    assert author.post("/api/v1/proposal-windows", {"name": "我的", **period(60, 70)}).status_code == 403
    listed = author.get("/api/v1/proposal-windows").json()["items"]
    assert [(w["name"], w["is_open"], w["last_number"]) for w in listed] == [("五届二次会议提案", True, 0)]
    assert staff.patch("/api/v1/proposal-windows/999999", {"name": "无"}).status_code == 404


def test_a_proposal_is_submitted_whole(city):
    staff, author = city.staff(), city.member()
    opened_window(staff)
    proposal_id = drafted(author, situation="", suggestions="", kind="collective")
    refused = run(author, proposal_id, "ask_head")
    assert (refused.status_code, refused.json()["code"]) == (422, "incomplete")
    assert [e["field"] for e in refused.json()["errors"]] == ["situation", "suggestions", "body_id"]
    body = added(staff, None, "sector", sector_id=city.sectors[1], head=author)
    whole = TEXT | {"kind": "collective", "body_id": body["id"]}
    author.put(f"/api/v1/proposals/{proposal_id}", whole, headers={"If-Match": '"1"'})
    assert done(author, proposal_id, "submit")["body_name"] == "教育界"


@pytest.mark.parametrize("action", ["start_review", "file", "decline", "return_for_revision"])
def test_members_decide_nothing(city, action):
    staff, author = city.staff(), city.member()
    opened_window(staff)
    proposal_id = drafted(author)
    done(author, proposal_id, "submit")
    refused = run(author, proposal_id, action, reason_code="empty", reason="无")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    for mark in ("key", "commendation"):
        body = {"marked": True, "reason": "自荐"}
        assert author.put(f"/api/v1/proposals/{proposal_id}/{mark}", body).status_code == 403
    early = staff.put(f"/api/v1/proposals/{proposal_id}/key", {"marked": True, "reason": "早了"})
    assert (early.status_code, early.json()["state"]) == (409, "submitted")


def test_an_impossible_step_names_the_present_state_and_leaves_no_trace(city):
    staff, author = city.staff(), city.member()
    opened_window(staff)
    proposal_id = filed(city, author, staff)
    before = author.get(f"/api/v1/proposals/{proposal_id}/track").json()
    for who, action in ((author, "submit"), (author, "withdraw"), (staff, "file"), (staff, "decline")):
        refused = run(who, proposal_id, action, reason_code="empty")
        assert refused.status_code == 409
        assert (refused.json()["code"], refused.json()["state"]) == ("illegal_transition", "filed")
        assert "立案" in refused.json()["detail"]
    assert run(staff, proposal_id, "explode").status_code == 422
    assert author.get(f"/api/v1/proposals/{proposal_id}/track").json() == before


def test_a_retried_step_is_taken_once(city):
    staff, author = city.staff(), city.member()
    opened_window(staff)
    proposal_id = drafted(author)
    key = {"Idempotency-Key": "c0ffee00-submit"}
    path = f"/api/v1/proposals/{proposal_id}/transitions"
    first = author.post(path, {"action": "submit"}, headers=key)
    again = author.post(path, {"action": "submit"}, headers=key)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert len(author.get(f"/api/v1/proposals/{proposal_id}/track").json()["steps"]) == 1
    other = drafted(author)
    elsewhere = author.post(f"/api/v1/proposals/{other}/transitions", {"action": "submit"}, headers=key)
    assert elsewhere.json()["code"] == "idempotency_key_reused"


def test_recount_names_a_state_a_number_and_a_credit_that_are_wrong(city):
    staff, author = city.staff(), city.member()
    window_id = opened_window(staff)
    proposal_id = filed(city, author, staff)
    with city.database.transaction() as db:
        db.connection().execute(update(table(Proposal)).values(state="closed", is_key=True))
        db.connection().execute(update(table(ProposalWindow)).values(last_number=7))
    assert [(d.check, d.id, d.stored, d.counted) for d in differences(city)] == [
        ("提案与履职记录", f"proposal.marked_key 主题 {proposal_id} 席位 {author.seat_id}", 0, 1),
        ("提案状态", str(proposal_id), "closed", "filed"),
        ("提案编号", str(window_id), 7, 1),
    ]
