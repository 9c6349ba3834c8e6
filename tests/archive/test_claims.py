"""Acts done elsewhere, handed in with proof: confirmed into the ledger once, or refused with a reason."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from app.archive.models import Claim
from app.auth import subjects
from app.auth.actor import actor_of
from app.auth.permissions import Role
from app.core import clock
from app.core.live import after
from app.core.sql import table
from tests.factories.city import City
from tests.factories.domains.archive import claimed, days_ago, done, photo, records, speech, step
from tests.factories.domains.ledger import differences, live_acts, news, void_reasons


def test_a_confirmed_claim_is_a_record_that_opens_it(city):
    member, staff = city.member("周岚"), city.staff()
    claim = claimed(member, act=speech(), body="见会议手册第 12 页。", files=[photo(member)])
    assert (claim["state_label"], claim["may_edit"], claim["act"]["level_label"]) == ("待确认", True, "省级")
    assert [a["action"] for a in claim["actions"]] == ["withdraw"]
    (row,) = staff.get("/api/v1/claims", params={"scope": "desk", "state": "waiting"}).json()["items"]
    assert (row["name"], row["title"], len(row["files"])) == ("周岚", speech()["title"], 1)
    assert [a["action"] for a in row["actions"]] == ["confirm", "refuse"]
    assert records(member) == []

    confirmed = done(staff, claim, "confirm")

    (record,) = records(member)
    facts = ("kind", "title", "on", "role", "level", "source_label", "claim_id")
    assert [record[name] for name in facts] == [
        "speech.delivered", speech()["title"], days_ago(3), "participant", "province", "委员申报", claim["id"],
    ]  # fmt: skip
    assert member.get(f"/api/v1/claims/{record['claim_id']}").json()["recorded"]["id"] == record["id"]
    assert confirmed["recorded"]["path"] == record["path"]
    assert records(city.member(), member)[0]["claim_id"] is None
    assert news(city, member) == [f"您申报的“{speech()['title']}”已确认，记入履职档案"]
    track = member.get(f"/api/v1/claims/{claim['id']}").json()["steps"]
    assert [(s["action_label"], s["state_label"], s["name"]) for s in track] == [("确认", "已确认", None)]
    again = step(staff, claim, "confirm")
    assert (again.status_code, again.json()["code"], again.json()["state"]) == (
        409, "illegal_transition", "confirmed",
    )  # fmt: skip
    assert len(live_acts(city, member)) == 1
    assert differences(city) == []


def test_staff_set_right_what_they_confirm(city):
    member, staff = city.member(), city.staff()
    done(staff, claimed(member), "confirm", act=speech(level="city", note="按规定计市级"))
    (record,) = records(member)
    assert (record["level"], record["note"]) == ("city", "按规定计市级")


def test_a_meeting_of_another_organization_counts_beside_the_own_ones(city):
    member, staff = city.member(), city.staff()
    act = speech(kind="activity.attended", title="省政协界别协商座谈会")
    done(staff, claimed(member, act=act), "confirm")
    (record,) = records(member)
    assert (record["kind_label"], record["unit"], record["title"]) == ("出席会议活动", "次", act["title"])
    assert member.get(f"/api/v1/cards/{member.seat_id}/{record['on'][:4]}").status_code == 200
    assert differences(city) == []


def test_what_was_recorded_already_is_not_confirmed_but_refused(city):
    member, staff = city.member(), city.staff()
    path = f"/api/v1/seats/{member.seat_id}/records"
    assert staff.post(path, speech()).status_code == 201
    claim = claimed(member)
    assert step(staff, claim, "confirm").json()["code"] == "already_recorded"
    assert member.get(f"/api/v1/claims/{claim['id']}").json()["state"] == "waiting", "all or nothing"
    assert step(staff, claim, "refuse").json()["code"] == "reason_required"
    refused = done(staff, claim, "refuse", reason="机关已经登记")
    assert (refused["state_label"], refused["reason"], refused["may_edit"]) == (
        "未确认",
        "机关已经登记",
        False,
    )
    assert news(city, member) == [f"您申报的“{speech()['title']}”未予确认：机关已经登记"]


def test_a_member_edits_and_withdraws_while_it_waits(city):
    member, staff = city.member(), city.staff()
    first, second = photo(member), photo(member)
    claim = claimed(member, act=speech(), files=[first])
    path, headers = f"/api/v1/claims/{claim['id']}", {"If-Match": f'"{claim["version"]}"'}
    new = {"act": speech(title="改正的题目"), "files": [second]}
    edited = member.put(path, new, headers=headers)
    assert (edited.json()["title"], [f["key"] for f in edited.json()["files"]]) == ("改正的题目", [second])
    stale = member.put(path, new, headers=headers)
    assert (stale.status_code, stale.json()["current"]["version"]) == (412, 2)
    assert step(staff, claim, "confirm").status_code == 412, "staff saw the text of before"
    assert member.put(path, {"body": "申诉"}, headers={"If-Match": '"2"'}).json()["code"] == "other_subject"
    gone = done(member, edited.json(), "withdraw")
    assert (gone["state_label"], gone["actions"]) == ("已撤回", [])
    assert member.put(path, new, headers={"If-Match": '"2"'}).json()["code"] == "not_editable"
    assert step(staff, gone, "confirm").json()["code"] == "illegal_transition"
    assert step(city.member(), gone, "withdraw").status_code == 404


def test_a_wrong_decision_is_opened_again_and_the_ledger_keeps_both(city):
    member, staff = city.member(), city.staff()
    claim = claimed(member)
    done(staff, claim, "confirm")
    assert step(staff, claim, "reopen").json()["code"] == "reason_required"
    assert step(member, claim, "reopen", reason="x").status_code == 403
    opened = done(staff, claim, "reopen", reason="认错了人")
    assert (opened["state"], opened["recorded"], opened["reason"]) == ("waiting", None, None)
    assert (records(member), void_reasons(city, member)) == ([], ["认错了人"])
    done(staff, claim, "refuse", reason="不是本人")
    done(staff, claim, "reopen", reason="核实是本人")
    done(staff, claim, "confirm")
    assert len(records(member)) == 1
    names = [s["action"] for s in staff.get(f"/api/v1/claims/{claim['id']}").json()["steps"]]
    assert names == ["confirm", "reopen", "refuse", "reopen", "confirm"]
    assert differences(city) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "words_required"),
        ({"act": speech(held_on="2099-01-01")}, "day_outside_seat"),
        ({"act": speech(held_on="1999-01-01")}, "day_outside_seat"),
        ({"act": speech(kind="update.posted")}, "invalid"),
        ({"act": speech(title=" ")}, "invalid"),
        ({"act": speech(), "record_id": 1}, "claim_or_appeal"),
        ({"act": speech(), "files": ["neverUploaded0000"]}, "file_not_usable"),
        ({"act": speech(), "body": "长" * 2_001}, "invalid"),
        ({"act": speech(), "state": "confirmed"}, "invalid"),
    ],
)
def test_bad_claims_are_refused_whole(city, body, code):
    member = city.member()
    answer = member.post("/api/v1/claims", body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert member.get("/api/v1/claims").json()["items"] == []


def test_a_day_before_the_seat_began_is_no_duty(city):
    began = clock.local_day(clock.now()) - timedelta(days=2)
    member = city.member(starts_on=began)
    assert member.post("/api/v1/claims", {"act": speech()}).json()["code"] == "day_outside_seat"
    claim = claimed(member, act=speech(held_on=days_ago(1)))
    c = table(Claim)
    with city.database.transaction() as db:
        db.execute(update(c).where(c.c.id == claim["id"]).values(held_on=date(1999, 1, 1)))
    assert step(city.staff(), claim, "confirm").json()["code"] == "day_outside_seat", "asked again"


def test_a_retried_claim_and_a_retried_decision_count_once(city):
    member, staff = city.member(), city.staff()
    key = {"Idempotency-Key": "one-claim"}
    first, again = (member.post("/api/v1/claims", {"act": speech()}, headers=key) for _ in range(2))
    assert first.json() == again.json()
    path = f"/api/v1/claims/{first.json()['id']}/transitions"
    headers = {"Idempotency-Key": "one-step", "If-Match": '"1"'}
    answers = [staff.post(path, {"action": "confirm"}, headers=headers) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert len(records(member)) == 1


def test_claims_of_others_are_not_there_by_any_way(city, app):
    member, staff = city.member(), city.staff()
    key = photo(member)
    claim = claimed(member, act=speech(), files=[key])
    county = City(app, city.database, name="政协柳溪县委员会")
    strangers = (city.member(), city.staff(Role.LEADER), county.member(), county.staff())
    path = f"/api/v1/claims/{claim['id']}"
    for who in strangers:
        assert who.get(path).status_code == 404
        assert who.get("/api/v1/claims", params={"scope": "desk"}).json()["items"] == []
        assert who.get(f"/api/v1/files/{key}").status_code == 404
        assert step(who, claim, "confirm").status_code == 404
        with city.database.read.connect() as conn:
            actor = actor_of(conn, who.session_id)
            assert subjects.visible(conn, actor, "claim", [claim["id"]]) == set()
    new = {"act": speech()}
    assert strangers[0].put(path, new, headers={"If-Match": '"1"'}).status_code == 404
    assert [who.get(f"/api/v1/files/{key}").status_code for who in (member, staff)] == [200, 200]
    with city.database.read.connect() as conn:
        events = [e for e in after(conn, city.organization_id, 0) if e["channel"] == "claims"]
    assert {(e["subject_type"], e["subject_id"]) for e in events} == {("claim", claim["id"])}


def test_nobody_confirms_what_they_handed_in_themselves(city):
    member = city.member()
    with city.database.transaction() as db:
        city._grant(db, member.account_id, Role.SECRETARIAT)
    claim = claimed(city.log_in(member))
    assert [a["action"] for a in claim["actions"]] == ["withdraw"]
    assert step(member, claim, "confirm").json()["code"] == "own_claim"
    assert step(city.staff(name="机关乙"), claim, "confirm").status_code == 200


def test_of_two_who_decide_at_once_one_wins(city):
    member, desk = city.member(), [city.staff(name="机关甲"), city.staff(name="机关乙")]
    for turn in range(6):
        claim = claimed(member, act=speech(title=f"第{turn}次发言"))
        with ThreadPoolExecutor(2) as pool:
            acts = [("confirm", {}), ("refuse", {"reason": "重复"})]
            jobs = [
                pool.submit(step, who, claim, action, **more)
                for who, (action, more) in zip(desk, acts, strict=True)
            ]
        answers = sorted((job.result() for job in jobs), key=lambda a: a.status_code)
        assert [a.status_code for a in answers] == [200, 409]
        assert len(member.get(f"/api/v1/claims/{claim['id']}").json()["steps"]) == 1
    confirmed = member.get("/api/v1/claims", params={"state": "confirmed"}).json()["items"]
    assert len(records(member)) == len(confirmed)
    assert differences(city) == []


def test_recount_finds_a_state_that_no_step_led_to(city):
    claim, c = claimed(city.member()), table(Claim)
    with city.database.transaction() as db:
        db.execute(update(c).where(c.c.id == claim["id"]).values(state="confirmed"))
    (found,) = differences(city)
    assert (found.check, found.stored, found.counted) == ("履职申报状态", "confirmed", "waiting")
