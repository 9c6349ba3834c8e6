"""Meetings: who is invited, signs in, is excused or absent; corrections void and record anew."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.activities import codes
from app.activities.models import Attendance
from app.auth.permissions import Role
from app.core import clock
from app.core.sql import table
from tests.factories.city import City, Who
from tests.factories.domains.activities import (
    AFTER,
    DOORS,
    DURING,
    EVE,
    PATH,
    START,
    acts,
    at,
    edited,
    live,
    meeting,
)
from tests.factories.domains.ledger import differences, news
from tests.factories.statements import statements


@pytest.fixture(autouse=True)
def _april():
    with clock.frozen_at(START - timedelta(days=30)):
        yield


def at_door(city: City, made: dict) -> dict[str, str]:
    """What is on the wall now."""
    key = city.app.state.tokens.key(codes.PURPOSE)
    return {"code": codes.code_at(key, made["id"], clock.now())}


def test_the_invited_see_it_and_hear_of_it_others_do_not(city: City):
    staff, leader = city.staff(), city.staff(Role.LEADER)
    economist, teacher = city.member(sector=0), city.member(sector=1, committees=(1,))
    both = meeting(staff, title="全体")
    sector = meeting(staff, title="教育界协商", sector_ids=[city.sectors[1]])
    single = meeting(staff, title="单独", seat_ids=[economist.seat_id], committee_ids=[city.committees[1]])

    def titles(who: Who, **params) -> list[str]:
        return [a["title"] for a in who.get(PATH, params={"when": "all"} | params).json()["items"]]

    assert titles(economist) == ["单独", "全体"]
    assert titles(teacher) == ["单独", "教育界协商", "全体"]
    assert titles(staff) == titles(leader) == ["单独", "教育界协商", "全体"]
    assert titles(staff, mine=True) == []
    assert economist.get(f"{PATH}/{sector['id']}").status_code == 404
    assert teacher.get(f"{PATH}/{sector['id']}").json()["my_state"] == "invited"
    assert news(city, teacher) == ["邀请您参加：“全体”", "邀请您参加：“教育界协商”", "邀请您参加：“单独”"]
    assert both["counts"] == {"invited": 2, "attended": 0, "excused": 0, "absent": 0, "called_off": 0}
    seen = economist.get(f"{PATH}/{single['id']}").json()
    assert seen["counts"] is None
    assert leader.get(f"{PATH}/{single['id']}").json()["counts"]["invited"] == 2
    other = City(city.app, city.database, name="政协别处市委员会")
    for stranger in (other.member(), other.staff()):
        assert stranger.get(f"{PATH}/{both['id']}").status_code == 404
    assert city.staff(Role.UNIT_OFFICER).get(PATH).status_code == 403


def test_upcoming_soonest_first_past_newest_first_page_by_page(city: City):
    staff, member = city.staff(), city.member()
    with at(city, EVE, staff, member):
        for day in (0, 2, 4, -3, -5):
            start = START + timedelta(days=day)
            meeting(
                staff,
                title=str(day),
                starts_at=start.isoformat(),
                ends_at=(start + timedelta(hours=3)).isoformat(),
            )

        def pages(when: str) -> list[str]:
            first = member.get(PATH, params={"when": when, "limit": 2}).json()
            titles = [a["title"] for a in first["items"]]
            while first["next"]:
                first = member.get(PATH, params={"when": when, "limit": 2, "cursor": first["next"]}).json()
                titles += [a["title"] for a in first["items"]]
            return titles

        assert pages("upcoming") == ["0", "2", "4"]
        assert pages("past") == ["-3", "-5"]
        assert pages("all") == ["4", "2", "0", "-3", "-5"]


def test_a_member_signs_in_at_the_door_and_it_counts_once(city: City):
    staff, member = city.staff(), city.member()
    made = meeting(staff)
    path = f"{PATH}/{made['id']}/sign-in"
    with at(city, EVE, staff, member):
        code = at_door(city, made)
        assert member.put(path, code).json()["code"] == "sign_in_closed"
        assert member.get(f"{PATH}/{made['id']}").json()["may"] == ["leave"]
    with at(city, DOORS, staff, member):
        assert member.get(f"{PATH}/{made['id']}").json()["may"] == ["sign_in", "leave"]
        code = {"code": at_door(city, made)["code"].lower()}
        wrong = member.put(path, {"code": "AAAAAA"})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_code")
        assert acts(city, member) == []
        done = [member.put(path, code) for _ in range(2)]
        assert [(d.status_code, d.json()["my_state"]) for d in done] == [(200, "attended")] * 2
    assert live(city, member) == [("activity.attended", 2, "2026-05-20")]
    assert len(acts(city, member)) == 1
    assert city.member().put(path, code).status_code == 404
    assert staff.put(path, code).status_code == 403
    assert differences(city) == []


def test_leave_is_asked_before_the_start_and_who_comes_after_all_attended(city: City):
    staff, member, late = city.staff(), city.member(), city.member()
    made = meeting(staff)
    path = f"{PATH}/{made['id']}"
    with at(city, EVE, member, late):
        assert member.put(f"{path}/leave", {"reason": ""}).status_code == 422
        excused = member.put(f"{path}/leave", {"reason": "出差"}).json()
        assert (excused["my_state_label"], excused["my_reason"], excused["may"]) == ("已请假", "出差", [])
        assert member.put(f"{path}/leave", {"reason": "还是出差"}).json()["state"] == "excused"
    assert live(city, member) == [("activity.excused", 1, "2026-05-20")]
    with at(city, DURING, member, late):
        assert late.put(f"{path}/leave", {"reason": "堵车"}).json()["code"] == "activity_started"
        assert member.put(f"{path}/sign-in", at_door(city, made)).json()["my_state"] == "attended"
    assert acts(city, member) == [
        ("activity.excused", 1, "2026-05-20", False),
        ("activity.attended", 2, "2026-05-20", True),
    ]
    assert differences(city) == []


def test_staff_mark_close_and_correct(city: City):
    staff, came, ill, lost = city.staff(), city.member("钱二"), city.member("孙三"), city.member("李四")
    made = meeting(staff)
    path = f"{PATH}/{made['id']}"

    def mark(state: str, *who: Who, **more) -> dict:
        answer = staff.put(
            f"{path}/attendance", {"seat_ids": [w.seat_id for w in who], "state": state} | more
        )
        return answer.json() | {"status": answer.status_code}

    with at(city, EVE, staff, came):
        assert mark("attended", came)["code"] == "activity_not_started"
        early = staff.put(f"{path}/closing")
        assert (early.status_code, early.json()["code"], early.json()["state"]) == (
            409,
            "activity_not_ended",
            "upcoming",
        )
        assert mark("excused", ill)["code"] == "reason_required"
        assert mark("excused", ill, reason="住院")["counts"]["excused"] == 1
    with at(city, DURING, staff, came):
        assert staff.put(f"{path}/closing").json()["state"] == "running"
    with at(city, AFTER, staff, came):
        assert mark("attended", came, half_days=3)["code"] == "bad_half_days"
        assert mark("attended", came, half_days=1)["status"] == 200
        assert mark("attended", city.member())["code"] == "not_invited"
        assert [staff.put(f"{path}/closing").status_code for _ in range(2)] == [200, 200]
        assert live(city, lost) == [("activity.absent", 1, "2026-05-20")]
        told = "“十六届四次全体会议”记为缺席；如有误或需补假，请联系工作人员"
        assert [told in news(city, who) for who in (lost, came, ill)] == [True, False, False]
        assert live(city, came) == [("activity.attended", 1, "2026-05-20")]

        rows = staff.get(f"{path}/attendance").json()["items"]
        assert [(r["name"], r["state_label"], r["half_days"], r["reason"]) for r in rows] == [
            ("钱二", "已出席", 1, None),
            ("孙三", "已请假", 0, "住院"),
            ("李四", "缺席", 0, None),
        ]
        absent = staff.get(f"{path}/attendance", params={"state": "absent"}).json()["items"]
        assert [r["name"] for r in absent] == ["李四"]
        assert came.get(f"{path}/attendance").status_code == 403

        assert mark("attended", lost, came)["counts"] == {
            "invited": 0,
            "attended": 2,
            "excused": 1,
            "absent": 0,
            "called_off": 0,
        }
    assert live(city, lost) == live(city, came) == [("activity.attended", 2, "2026-05-20")]
    assert [a[3] for a in acts(city, lost)] == [False, True]
    assert differences(city) == []


def test_an_activity_that_moves_takes_its_records_along(city: City):
    staff, came, ill, new = city.staff(), city.member(), city.member(), city.member(sector=1)
    made = meeting(staff, sector_ids=[city.sectors[0]])
    path = f"{PATH}/{made['id']}"
    with at(city, EVE, came, ill):
        ill.put(f"{path}/leave", {"reason": "出差"})
    with at(city, DURING, came, ill):
        came.put(f"{path}/sign-in", at_door(city, made))
    moved = {"starts_at": datetime(2025, 12, 31, 1, tzinfo=UTC).isoformat(), "half_days": 4, "title": "改期"}
    changed = edited(staff, path, moved | {"seat_ids": [new.seat_id]})
    assert changed.status_code == 200, changed.text
    assert changed.json()["counts"] == {
        "invited": 1,
        "attended": 1,
        "excused": 1,
        "absent": 0,
        "called_off": 0,
    }
    assert live(city, came) == [("activity.attended", 4, "2025-12-31")]
    assert live(city, ill) == [("activity.excused", 1, "2025-12-31")]
    assert new.get(path).json()["title"] == "改期"
    assert differences(city) == []
    assert edited(staff, path, {"ends_at": "2020-01-01T00:00:00Z"}).json()["code"] == "bad_period"
    assert edited(came, path, {"title": "我改"}).status_code == 403


def test_nothing_of_a_cancelled_activity_counts(city: City):
    staff, member = city.staff(), city.member()
    made = meeting(staff)
    path = f"{PATH}/{made['id']}"
    with at(city, DURING, staff, member):
        member.put(f"{path}/sign-in", at_door(city, made))
        assert staff.put(f"{path}/cancellation", {}).status_code == 422
        assert staff.put(f"{path}/cancellation", {"reason": "暴雨"}).status_code == 200
        for step, body in (("sign-in", at_door(city, made)), ("leave", {"reason": "x"})):
            refused = member.put(f"{path}/{step}", body)
            assert (refused.status_code, refused.json()["state"]) == (409, "cancelled")
        assert staff.put(f"{path}/closing").status_code == 409
        assert staff.put(f"{path}/cancellation", {"reason": "再次"}).status_code == 409
    assert live(city, member) == []
    assert member.get(path).json()["cancelled_at"]
    assert news(city, member)[-1] == "活动取消：“十六届四次全体会议”（暴雨）"
    assert differences(city) == []


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"kind": "party"}, 422, "invalid"),
        ({"half_days": 0}, 422, "invalid"),
        ({"half_days": 10**30}, 422, "invalid"),
        ({"starts_at": "2026-05-20T09:00:00"}, 422, "invalid"),
        ({"ends_at": "2026-05-19T09:00:00Z"}, 422, "bad_period"),
        ({"title": " "}, 422, "invalid"),
        ({"seat_ids": [4711]}, 404, "no_seat"),
        ({"sector_ids": [4711]}, 422, "nobody_invited"),
        ({"sign_in_code": "AAAAAA"}, 422, "invalid"),
    ],
)
def test_bad_activities_are_refused(city: City, change: dict, status: int, code: str):
    staff = city.staff()
    city.member()
    body = {
        "kind": "research",
        "title": "调研",
        "starts_at": START.isoformat(),
        "ends_at": (START + timedelta(hours=3)).isoformat(),
    }
    answer = staff.post(PATH, body | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert staff.get(PATH, params={"when": "all"}).json()["items"] == []


def test_lists_take_as_many_statements_for_many_rows_as_for_few(city: City):
    staff, member = city.staff(), city.member()
    meeting(staff)

    def lists() -> None:
        staff.get(PATH, params={"when": "all"})
        member.get(PATH, params={"when": "all"})

    few = statements(city.database, lists)
    for _ in range(6):
        meeting(staff)
    assert statements(city.database, lists) == few


def test_recount_finds_attendance_and_ledger_that_disagree(city: City):
    staff, member = city.staff(), city.member()
    made = meeting(staff)
    with at(city, DURING, member):
        member.put(f"{PATH}/{made['id']}/sign-in", at_door(city, made))
    t = table(Attendance)
    with city.database.transaction() as db:
        db.connection().execute(update(t).values(half_days=1))
    assert [(d.check, d.stored, d.counted) for d in differences(city)] == [("考勤与履职记录", 2, 1)]
    with city.database.transaction() as db:
        db.connection().execute(update(t).values(state="absent"))
    assert [d.check for d in differences(city)] == ["考勤与履职记录"] * 2
