"""A wrong step is undone by another one, with a reason; the track keeps both, the ledger follows."""

from app.auth.permissions import Role
from tests.factories.domains.ledger import differences, live_acts, news, void_reasons
from tests.factories.domains.opinions import TEXT, done, issued, run, steps, submitted, undo


def test_undoing_leads_back_step_by_step(city):
    author, staff = city.member(), city.staff()
    report_id = issued(author, staff)
    done(staff, report_id, "adopt", tier="city")
    done(staff, report_id, "adopt", tier="province")
    done(staff, report_id, "comment", tier="city", leader="市长", words="请研究。")
    done(staff, report_id, "comment", tier="city", leader="副市长", words="请落实。")
    path = f"/api/v1/opinions/{report_id}"

    assert undo(staff, report_id, "批示重复录入。").json()["comment_count"] == 1
    assert [s["leader"] for s in steps(author, report_id) if s["action"] == "comment"] == ["市长", "副市长"]
    records = author.get(f"/api/v1/seats/{author.seat_id}/records?kind=opinion.commented").json()["items"]
    assert [record["note"] for record in records] == ["市长"]
    assert undo(staff, report_id).json()["comment_count"] == 0
    assert "opinion.commented" not in {act for act, *_ in live_acts(city, author)}

    back = undo(staff, report_id, "省级未采用。").json()
    assert (back["state"], back["tier"]) == ("adopted", "city")
    assert live_acts(city, author)[-1] == ("opinion.adopted", "lead", "city")
    back = undo(staff, report_id).json()
    assert (back["state"], back["tier"]) == ("issued", "city")
    back = undo(staff, report_id).json()
    assert (back["state"], back["tier"]) == ("editing", None)
    assert live_acts(city, author) == [("opinion.submitted", "lead", "city")]
    assert undo(staff, report_id).json()["state"] == "submitted"
    assert "undo" not in {a["action"] for a in staff.get(path).json()["actions"]}, (
        "handing in is the author's"
    )

    track = steps(author, report_id)
    assert [s["undone"] for s in track] == [False, *[True] * 6, *[False] * 6]
    assert track[-6]["reason"] == "批示重复录入。"
    assert track[-1]["to_state"] == author.get(path).json()["state"] == "submitted"
    assert author.get(path).json()["state_reason"] == "点错了。"
    assert news(city, author)[-4] == f"信息《{TEXT['title']}》的“采用”已撤销：省级未采用。"
    assert "撤销：省级未采用。" in void_reasons(city, author)
    assert differences(city) == []
    assert done(author, report_id, "withdraw")["state"] == "draft"


def test_a_lower_adoption_undone_leaves_the_higher_one(city):
    author, staff = city.member(), city.staff()
    report_id = issued(author, staff)
    done(staff, report_id, "adopt", tier="province")
    done(staff, report_id, "adopt", tier="county")
    assert undo(staff, report_id).json()["tier"] == "province"
    assert live_acts(city, author)[-1] == ("opinion.adopted", "lead", "province")
    done(staff, report_id, "adopt", tier="county")
    assert differences(city) == []


def test_who_may_undo_what(city):
    author, staff, leader = city.member(), city.staff(), city.staff(Role.LEADER)
    report_id = issued(author, staff)
    last = steps(author, report_id)[-1]["id"]
    for who in (author, leader):
        assert run(who, report_id, "undo", reason="不对。", step_id=last).status_code == 403
    assert run(staff, report_id, "undo", step_id=last).json()["code"] == "reason_required"
    assert run(staff, report_id, "undo", reason="不对。").json()["errors"][0]["field"] == "step_id"
    wrong = run(staff, report_id, "undo", reason="不对。", step_id=last - 1)
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["state"]) == (409, "step_moved", "issued")
    waiting = submitted(author)
    first = steps(author, waiting)[-1]["id"]
    none = run(staff, waiting, "undo", reason="不对。", step_id=first)
    assert (none.status_code, none.json()["code"], none.json()["state"]) == (409, "not_undoable", "submitted")


def test_a_step_stays_once_the_text_was_edited_after_it(city):
    author, staff = city.member(), city.staff()
    report_id = submitted(author)
    done(staff, report_id, "return", reason="补充。")
    path = f"/api/v1/opinions/{report_id}"
    author.put(path, TEXT | {"body": "补充中。"}, headers={"If-Match": '"1"'})
    late = undo(staff, report_id)
    assert (late.status_code, late.json()["code"], late.json()["state"]) == (409, "text_moved", "returned")
    done(author, report_id, "submit")
    done(staff, report_id, "start_editing")
    staff.put(path, TEXT | {"body": "编辑中。"}, headers={"If-Match": '"2"'})
    assert undo(staff, report_id).json()["code"] == "text_moved"


def test_a_return_is_taken_back_while_the_author_has_not_begun(city):
    author, staff = city.member(), city.staff()
    report_id = submitted(author)
    done(staff, report_id, "return", reason="弄错了对象。")
    assert undo(staff, report_id, "退错了。").json()["state"] == "submitted"
    assert author.get(f"/api/v1/opinions/{report_id}").json()["may"] == []


def test_a_retried_undo_undoes_once(city):
    author, staff = city.member(), city.staff()
    report_id = issued(author, staff)
    done(staff, report_id, "adopt", tier="city")
    last = steps(author, report_id)[-1]["id"]
    body = {"action": "undo", "reason": "误点。", "step_id": last}
    for _ in range(2):
        answer = staff.post(
            f"/api/v1/opinions/{report_id}/transitions", body, headers={"Idempotency-Key": "undo-0001"}
        )
        assert answer.json()["state"] == "issued"
    again = run(city.staff(), report_id, "undo", reason="误点。", step_id=last)
    assert (again.status_code, again.json()["code"]) == (409, "step_moved")


def test_leaders_take_back_their_own_comment_and_nothing_else(city):
    author, staff = city.member(), city.staff()
    leader, other = city.staff(Role.LEADER, "主席甲"), city.staff(Role.LEADER, "主席乙")
    report_id = issued(author, staff)
    last = steps(staff, report_id)[-1]["id"]
    assert run(leader, report_id, "undo", reason="误点。", step_id=last).status_code == 403
    done(leader, report_id, "comment", words="请研究。")
    mine = steps(staff, report_id)[-1]["id"]

    assert "undo" not in {a["action"] for a in other.get(f"/api/v1/opinions/{report_id}").json()["actions"]}
    assert run(other, report_id, "undo", reason="误点。", step_id=mine).status_code == 403
    assert undo(leader, report_id).json()["comment_count"] == 0
    assert "opinion.commented" not in {act for act, *_ in live_acts(city, author)}
    done(leader, report_id, "comment", words="请落实。")
    done(staff, report_id, "adopt", tier="city")
    stale = steps(staff, report_id)[-2]["id"]
    assert run(leader, report_id, "undo", reason="误点。", step_id=stale).status_code == 403
    assert differences(city) == []
