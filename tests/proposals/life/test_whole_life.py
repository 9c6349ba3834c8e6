"""A proposal from its draft to a kept commitment, as those who have to do with it live it."""

from dataclasses import dataclass
from datetime import timedelta

from app.auth.permissions import Role
from app.core import clock
from app.proposals.handling import deadlines
from tests.factories.city import City, Who
from tests.factories.domains.handling import assigned, handling, in_days, rated, talked, work, worked, wrote
from tests.factories.domains.ledger import differences, live_acts, news
from tests.factories.domains.proposals import done, drafted, opened_window, run


@dataclass
class Cast:
    """Who has to do with it."""

    city: City
    staff: Who
    author: Who
    friend: Who
    leader: Who
    education: Who
    housing: Who
    transport: Who
    number: int = 0

    @property
    def path(self) -> str:
        return f"/api/v1/proposals/{self.number}"


def test_from_a_draft_to_a_kept_commitment(city):
    cast = Cast(
        city,
        city.staff(name="提案委"),
        city.member("周岚"),
        city.member("吴远"),
        city.staff(Role.LEADER, "主席甲"),
        city.staff(Role.UNIT_OFFICER, "教育局"),
        city.staff(Role.UNIT_OFFICER, "房管局", unit=city.unit("市住房保障局")),
        city.staff(Role.UNIT_OFFICER, "交通局", unit=city.unit("市交通局")),
    )
    two_members_write_it_and_three_reviews_let_it_pass(cast)
    a_wrong_unit_returns_it_in_time(cast)
    a_leader_looks_after_it(cast)
    units_talk_with_the_author_and_answer(cast)
    every_signer_rates(cast)
    the_promise_is_put_off_and_kept(cast)
    the_track_and_the_ledger_hold_it_all(cast)


def two_members_write_it_and_three_reviews_let_it_pass(cast):
    cast.staff.put("/api/v1/proposal-rules", {"reviews": 3})
    opened_window(cast.staff)
    cast.number = drafted(cast.author, kind="joint")
    cast.author.post(f"{cast.path}/signers", {"seat_ids": [cast.friend.seat_id]})
    cast.friend.put(f"{cast.path}/signature", {"accept": True})
    done(cast.author, cast.number, "submit")
    early = run(cast.staff, cast.number, "file")
    assert (early.status_code, early.json()["code"], early.json()["state"]) == (
        409,
        "review_due",
        "submitted",
    )
    for step in ("start_review", "to_joint_review", "to_final_review"):
        seen = done(cast.staff, cast.number, step)
    assert seen["state_label"] == "复审中"
    assert "file" in [a["action"] for a in seen["actions"]]
    assert done(cast.staff, cast.number, "file")["number"] == 1
    assert cast.education.get(cast.path).status_code == 404  # units see what is theirs only


def a_wrong_unit_returns_it_in_time(cast):
    wrong = assigned(cast.city, cast.staff, cast.number, lead=2)["市交通局"]
    assert any("交由贵单位办理" in line for line in news(cast.city, cast.transport))
    assert work(cast.education, cast.number, wrong, "sign").status_code == 404
    asked = worked(cast.transport, cast.number, wrong, "request_return", reason="不属于我局职责。")
    assert asked["state"] == "return_requested"
    assert any("不属于我局职责" in line for line in news(cast.city, cast.staff))
    assert worked(cast.staff, cast.number, wrong, "accept_return")["state"] == "filed"
    assert cast.transport.get(cast.path).status_code == 404


def a_leader_looks_after_it(cast):
    cast.staff.put(f"{cast.path}/key", {"marked": True, "reason": "主席会议确定"})
    month = f"{clock.local_day(clock.now()):%Y-%m}"
    wanted = {"supervisor_id": cast.leader.account_id, "month": month}
    assert cast.staff.put(f"{cast.path}/supervision", wanted).status_code == 200
    mine = cast.leader.get("/api/v1/proposals?scope=supervised").json()["items"]
    assert [(p["id"], p["supervised_month"]) for p in mine] == [(cast.number, f"{month}-01")]


def units_talk_with_the_author_and_answer(cast):
    number, lead_officer, helper = cast.number, cast.education, cast.housing
    ids = assigned(cast.city, cast.staff, number, lead=0, co=1)
    lead, helping = ids["市教育局"], ids["市住房保障局"]
    assert worked(lead_officer, number, lead, "sign")["state"] == "signed"
    assert talked(lead_officer, number, lead, form="visit", minutes="登门听取意见。").status_code == 201
    assert worked(lead_officer, number, lead, "start_handling")["state"] == "handling"
    worked(helper, number, helping, "sign", "start_handling")
    wrote(helper, number, helping, body="可提供社区用房三处。", result_class=None)
    worked(helper, number, helping, "submit_reply")
    worked(cast.staff, number, helping, "approve_reply")
    assert "可提供社区用房三处。" in [r["body"] for r in handling(lead_officer, number)["replies"]]
    assert handling(cast.author, number)["replies"] == []

    half = wrote(lead_officer, number, lead, result_class="under_way")
    incomplete = work(lead_officer, number, lead, "submit_reply")
    assert [e["field"] for e in incomplete.json()["errors"]] == ["commitment"]
    promise = {"commitment": "新增托育点二十个", "commitment_due_on": in_days(200)}
    more = wrote(
        lead_officer, number, lead, half.json()["version"], result_class="under_way", adopted=3, **promise
    )
    too_many = work(lead_officer, number, lead, "submit_reply")
    assert [e["field"] for e in too_many.json()["errors"]] == ["adopted"]
    wrote(lead_officer, number, lead, more.json()["version"], result_class="under_way", **promise)
    assert worked(lead_officer, number, lead, "submit_reply")["state"] == "reply_review"
    worked(cast.staff, number, lead, "send_back", reason="请写明地点。")
    assert any("请写明地点" in line for line in news(cast.city, lead_officer))
    worked(lead_officer, number, lead, "submit_reply")
    answered = worked(cast.staff, number, lead, "approve_reply")
    assert (answered["state"], answered["result_class_label"]) == ("replied", "正在解决")


def every_signer_rates(cast):
    number, author = cast.number, cast.author
    [reply_id] = handling(author, number)["to_rate"]
    assert rated(author, number, reply_id, result="basically", private_remark="进度偏慢").status_code == 200
    assert author.get(cast.path).json()["state"] == "replied"
    rated(cast.friend, number, reply_id)
    assert author.get(cast.path).json()["state"] == "rated"
    remarks = {
        who.name: [r["private_remark"] for r in handling(who, number)["ratings"]]
        for who in (cast.staff, cast.education)
    }
    assert remarks == {"提案委": ["进度偏慢", None], "教育局": []}
    assert done(cast.staff, number, "close")["state"] == "closed"


def the_promise_is_put_off_and_kept(cast):
    city, author, officer = cast.city, cast.author, cast.education
    [commitment] = handling(author, cast.number)["commitments"]
    assert (commitment["state_label"], commitment["is_overdue"]) == ("兑现中", False)
    with clock.frozen_at(clock.now() + timedelta(days=192)):
        deadlines.remind(city.database)
        deadlines.remind(city.database)
    assert len([line for line in news(city, officer) if "兑现承诺还有8天" in line]) == 1
    with clock.frozen_at(clock.now() + timedelta(days=195)):
        for who in (officer, author, cast.staff):
            city.log_in(who)
        notes = f"/api/v1/proposal-commitments/{commitment['id']}/notes"
        later = {"action": "postponed", "body": "雨季影响施工。", "due_on": in_days(40)}
        assert officer.post(notes, later).status_code == 201
        assert author.post(notes, {"action": "kept", "body": "我说了不算"}).status_code == 403
        kept = officer.post(notes, {"action": "kept", "body": "二十个托育点全部开放。"})
        assert (kept.json()["state_label"], len(kept.json()["notes"])) == ("已兑现", 2)
        [reply] = handling(author, cast.number)["replies"]
        assert rated(author, cast.number, reply["id"], stage=2).status_code == 200
        again = officer.post(notes, {"action": "progress", "body": "补记"})
        assert (again.status_code, again.json()["state"]) == (409, "kept")
    assert any("承诺已兑现：二十个托育点全部开放" in line for line in news(city, author))


def the_track_and_the_ledger_hold_it_all(cast):
    cast.city.log_in(cast.author)
    steps = [s["action_label"] for s in cast.author.get(f"{cast.path}/track").json()["steps"]]
    reviewed = ["提交", "开始初审", "初审通过，送会审", "会审通过，送复审", "立案"]
    assert steps[:8] == [*reviewed, "交办", "申请退办", "同意退办"]
    assert steps[-2:] == ["办结", "评价办理"]
    kinds = [kind for kind, _, _ in live_acts(cast.city, cast.author)]
    assert kinds == ["proposal.submitted", "proposal.filed", "proposal.marked_key", "proposal.rated"]
    assert differences(cast.city) == []
