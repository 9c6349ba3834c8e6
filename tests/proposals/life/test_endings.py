"""Behind the end of a proposal nothing is open: what waits for staff keeps it from ending, what waits for others ends."""

from datetime import timedelta

import pytest

from app.auth.permissions import Role
from app.core import clock
from tests.factories.domains.handling import (
    assigned,
    handling,
    in_days,
    rated,
    replied,
    talked,
    work,
    worked,
    wrote,
)
from tests.factories.domains.ledger import differences, news
from tests.factories.domains.proposals import done, filed, opened_window, run

PROMISE = {"result_class": "under_way", "commitment": "新增托育点二十个", "commitment_due_on": in_days(200)}
LEAGUE = f"/api/v1/statistics/units?starts_on={in_days(-1)}&ends_on={in_days(1)}"


class Case:
    """A proposal that education leads, with housing to help."""

    def __init__(self, city) -> None:
        self.city, self.staff, self.author = city, city.staff(), city.member("周岚")
        self.lead = city.staff(Role.UNIT_OFFICER, "教育局")
        self.helper = city.staff(Role.UNIT_OFFICER, "房管局", unit=city.unit("市住房保障局"))
        opened_window(self.staff)
        self.id = filed(city, self.author, self.staff)
        works = assigned(city, self.staff, self.id, lead=0, co=1)
        self.leads, self.helps = works["市教育局"], works["市住房保障局"]

    def answered(self, **reply) -> int:
        reply_id = replied(self.lead, self.staff, self.id, self.leads, **reply)
        rated(self.author, self.id, reply_id)
        return reply_id

    def of(self, kind: str, unit: str | None = None) -> list[str]:
        """The states of its deadlines of a kind."""
        found = handling(self.staff, self.id)["deadlines"]
        return [d["state"] for d in found if d["kind"] == kind and unit in {None, d["unit_name"]}]

    def work_of(self, assignment_id: int) -> str:
        found = handling(self.staff, self.id)["assignments"]
        return next(a["state"] for a in found if a["id"] == assignment_id)

    def steps(self) -> list[tuple[str, str | None]]:
        found = self.staff.get(f"/api/v1/proposals/{self.id}/track").json()["steps"]
        return [(s["action_label"], s["data"].get("unit")) for s in found]

    def undo(self) -> None:
        track = self.staff.get(f"/api/v1/proposals/{self.id}/track").json()
        body = {"step_id": track["undoable"], "reason": "点错了"}
        assert self.staff.post(f"/api/v1/proposals/{self.id}/undo", body).status_code == 200


@pytest.fixture
def case(city) -> Case:
    return Case(city)


def test_what_a_helping_unit_has_not_done_ends_when_the_proposal_is_closed(case):
    case.answered()
    assert case.of("reply", "市住房保障局") == ["open"]
    done(case.staff, case.id, "close")
    assert (case.work_of(case.helps), case.work_of(case.leads)) == ("ended", "replied")
    assert {d["state"] for d in handling(case.staff, case.id)["deadlines"]} == {"met", "lifted"}
    assert case.steps()[-2:] == [("承办随提案结束", "市住房保障局"), ("办结", None)]
    assert news(case.city, case.helper)[-1].endswith("已办结，贵单位的会办随之结束")
    assert news(case.city, case.lead)[-1].endswith("已办结，可以查看提案人的评价")
    late = work(case.helper, case.id, case.helps, "sign")
    assert (late.status_code, late.json()["state"]) == (409, "ended")
    assert wrote(case.helper, case.id, case.helps).status_code == 409
    assert talked(case.lead, case.id, case.leads).json()["code"] == "proposal_ended"
    assert (
        case.helper.get(f"/api/v1/proposals/{case.id}").status_code == 200
    )  # what it was part of it may read
    assert case.helper.get("/api/v1/proposal-deadlines?state=overdue").json()["items"] == []
    assert differences(case.city) == []
    case.undo()
    assert (case.work_of(case.helps), case.of("reply", "市住房保障局")) == ("assigned", ["open"])
    worked(case.helper, case.id, case.helps, "sign")


def test_a_helping_unit_that_let_its_day_pass_was_late_all_the_same(case):
    case.answered()
    with clock.frozen_at(clock.now() + timedelta(days=120)):
        for who in (case.staff, case.helper):
            case.city.log_in(who)
        done(case.staff, case.id, "close")
        rows = case.staff.get(LEAGUE).json()["items"]
    figures = {r["unit"]["name"]: {f["figure"]: f["count"] for f in r["figures"]} for r in rows}
    assert (figures["市住房保障局"]["late"], figures["市教育局"]["on_time"]) == (1, 1)


def test_what_waits_for_staff_keeps_a_proposal_from_being_closed(case):
    worked(case.lead, case.id, case.leads, "sign")
    talked(case.lead, case.id, case.leads)
    [talk] = handling(case.author, case.id)["consultations"]
    path = f"/api/v1/proposals/{case.id}/consultations/{talk['id']}/transitions"
    case.author.post(path, {"action": "dispute_talk", "reason": "没有见过面。"})
    worked(case.lead, case.id, case.leads, "start_handling")
    wrote(case.lead, case.id, case.leads)
    worked(case.lead, case.id, case.leads, "submit_reply")
    worked(case.staff, case.id, case.leads, "approve_reply")
    [reply_id] = handling(case.author, case.id)["to_rate"]
    rated(case.author, case.id, reply_id)
    worked(case.helper, case.id, case.helps, "sign", "start_handling")
    wrote(case.helper, case.id, case.helps, body="可提供用房。", result_class=None)
    worked(case.helper, case.id, case.helps, "submit_reply")
    refused = run(case.staff, case.id, "close")
    assert (refused.status_code, refused.json()["code"]) == (409, "work_waits")
    assert refused.json()["detail"] == "市住房保障局答复审核中，请先审核，再办结提案。"
    worked(case.staff, case.id, case.helps, "approve_reply")
    refused = run(case.staff, case.id, "close")
    assert (refused.json()["code"], "有异议，请先核实" in refused.json()["detail"]) == ("talk_disputed", True)
    settled = case.staff.post(path, {"action": "dismiss_dispute", "reason": "双方有签到记录。"})
    assert settled.status_code == 200, settled.text
    done(case.staff, case.id, "close")
    assert differences(case.city) == []


@pytest.mark.parametrize(
    ("result", "days", "became"),
    [("solved", 0, "kept"), ("for_reference", 0, "replaced"), ("for_reference", 220, "dropped")],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_later_reply_ends_what_the_earlier_one_promised(case, result, days, became):
    case.answered(**PROMISE)
    done(case.staff, case.id, "rehandle", reason="提案人不满意。")
    assert [c["state"] for c in handling(case.author, case.id)["commitments"]] == ["open"]
    with clock.frozen_at(clock.now() + timedelta(days=days)):
        for who in (case.staff, case.lead, case.author):
            case.city.log_in(who)
        wrote(case.lead, case.id, case.leads, result_class=result)
        worked(case.lead, case.id, case.leads, "submit_reply")
        worked(case.staff, case.id, case.leads, "approve_reply")
        [promise] = handling(case.author, case.id)["commitments"]
        assert (promise["state"], case.of("commitment") != ["open"]) == (became, True)
        assert differences(case.city) == []
        figures = case.staff.get(LEAGUE).json()["items"][0]["figures"]
        count = {f["figure"]: f["count"] for f in figures}
        kept, due = count.get("commitments_kept", 0), count.get("commitments_due", 0)
        assert (kept, due) == {"kept": (1, 1), "replaced": (0, 0), "dropped": (0, 1)}[became]
        case.undo()
        [promise] = handling(case.author, case.id)["commitments"]
        assert promise["state"] == "open"
        assert case.of("commitment") == ["overdue" if days else "open"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_promise_outlives_its_proposal_and_ends_by_itself(case):
    case.answered(**PROMISE)
    done(case.staff, case.id, "close")
    open_ = [d["kind"] for d in handling(case.staff, case.id)["deadlines"] if d["state"] == "open"]
    assert sorted(open_) == ["commitment", "rate_again"]
    [promise] = handling(case.staff, case.id)["commitments"]
    kept = {"action": "kept", "body": "全部开放。"}
    assert case.lead.post(f"/api/v1/proposal-commitments/{promise['id']}/notes", kept).status_code == 201
    [reply] = handling(case.author, case.id)["replies"]
    assert rated(case.author, case.id, reply["id"], stage=2).status_code == 200
    assert {d["state"] for d in handling(case.staff, case.id)["deadlines"]} == {"met", "lifted"}
    assert differences(case.city) == []
