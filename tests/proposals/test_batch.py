"""One action on many proposals: every row by itself, nothing twice, and a retry goes on where it was cut off."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.auth.areas import Area
from app.auth.permissions import Role
from app.proposals.batch import service
from tests.factories.city import City, Who
from tests.factories.domains.proposals import done, drafted, filed, opened_window


def submitted(author: Who, count: int) -> list[int]:
    ids = [drafted(author) for _ in range(count)]
    for proposal_id in ids:
        done(author, proposal_id, "submit")
    return ids


def batch(
    who: Who, ids: Sequence[int | dict[str, Any]], action: str, key: str | None = None, **more: Any
) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    items = [{"id": one} if isinstance(one, int) else one for one in ids]
    return who.post("/api/v1/proposals/batch", {"items": items, "action": action, **more}, headers=headers)


def outcomes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["problem"]["code"] if row["problem"] else row["outcome"] for row in answer.json()["items"]]


@pytest.fixture
def desk(city: City) -> tuple[Who, Who, list[int]]:
    staff, author = city.staff(), city.member()
    opened_window(staff)
    return staff, author, submitted(author, 4)


def test_what_can_be_done_is_done_and_the_rest_says_why(city, desk):
    staff, _, ids = desk
    county = City(city.app, city.database, name="政协柳溪县委员会")
    foreign = submitted(_with_window(county), 1)[0]
    done(staff, ids[0], "return_for_revision", reason="请补充数据")
    asked = [
        {"id": ids[3]},
        {"id": ids[0]},
        {"id": ids[1], "version": 9},
        {"id": ids[2], "state": "first_review"},
        {"id": foreign},
        {"id": ids[2], "state": "submitted"},
    ]
    assert batch(staff, asked, "file").json()["code"] == "duplicate_ids"
    del asked[3]
    answer = batch(staff, asked, "file")
    assert outcomes(answer) == ["done", "illegal_transition", "stale", "not_found", "done"]
    body = answer.json()
    assert (body["done"], body["refused"]) == (2, 3)
    assert [row["row"]["number"] for row in body["items"] if row["row"]] == [1, 2]  # in the given order
    assert body["items"][1]["problem"]["state"] == "returned"
    assert body["items"][2]["problem"]["current"] == {"version": 1, "state": "submitted"}
    moved = batch(staff, [{"id": ids[1], "state": "filed"}], "start_review").json()["items"][0]["problem"]
    assert (moved["code"], moved["state"], moved["detail"]) == (
        "moved",
        "submitted",
        "已由他人办理，现在是“已提交”。",
    )
    # units are handed what is on file, by the rules of a single one
    unit = {"unit_id": city.units[0], "role": "lead"}
    assert outcomes(batch(staff, [ids[3], ids[1], ids[2]], "assign", units=[unit])) == [
        "done",
        "illegal_transition",
        "done",
    ]
    assert outcomes(batch(staff, [ids[3], ids[1]], "mark_key", reason="关系民生")) == ["done", "not_filed"]
    assert outcomes(batch(staff, [ids[3], ids[1]], "remind", reason="请抓紧")) == ["done", "nobody_at_work"]
    assert outcomes(batch(staff, [ids[3]], "remind")) == ["reminded_today"]


def _with_window(county: City) -> Who:
    opened_window(county.staff())
    return county.member()


def test_what_is_wrong_with_all_rows_is_said_at_once(city, desk):
    staff, author, ids = desk
    for action, more in (
        ("assign", {}),
        ("mark_key", {}),
        ("remind", {"units": [{"unit_id": city.units[0], "role": "lead"}]}),
        ("file", {"into_id": ids[1]}),
        ("submit", {}),
    ):
        assert batch(staff, ids[:1], action, **more).status_code == 422, action
    assert batch(staff, [], "file").status_code == 422
    assert batch(staff, list(range(1, 102)), "file").status_code == 422
    assert batch(author, ids, "file").status_code == 403
    assert outcomes(batch(city.staff(Role.LEADER), ids[:1], "file")) == ["forbidden"]


def test_each_reviewer_takes_only_the_steps_of_their_office(city, desk):
    staff, _, ids = desk
    for step in ("start_review", "to_joint_review"):
        done(staff, ids[0], step)
    first = city.staff(name="初审员", office=city.office("提案一科", Area.FIRST_REVIEW))
    assert outcomes(batch(first, ids[:2], "decline", reason_code="empty")) == ["forbidden", "done"]
    assert outcomes(batch(first, ids[2:3], "mark_key", reason="重点")) == ["forbidden"]


def test_a_retry_finishes_what_was_cut_off(city, desk, monkeypatch):
    staff, _, ids = desk
    whole, taken = service.act, []

    def cut_off(actor, wanted):
        act = whole(actor, wanted)

        def do(db, item):
            taken.append(item.id)
            if len(taken) == 3:
                raise RuntimeError("the process ends here")
            return act(db, item)

        return do

    with monkeypatch.context() as patch:
        patch.setattr(service, "act", cut_off)
        assert batch(staff, ids, "file", key="a-key-of-the-desk").status_code == 500
    assert [staff.get(f"/api/v1/proposals/{i}").json()["number"] for i in ids] == [1, 2, None, None]
    # another request must not take its key
    assert batch(staff, ids[2:], "file", key="a-key-of-the-desk").json()["code"] == "idempotency_key_reused"

    again = batch(staff, ids, "file", key="a-key-of-the-desk")
    assert outcomes(again) == ["done"] * 4
    assert [row["row"]["number"] for row in again.json()["items"]] == [1, 2, 3, 4]
    done(staff, ids[0], "assign", units=[{"unit_id": city.units[0], "role": "lead"}])
    assert batch(staff, ids, "file", key="a-key-of-the-desk").content == again.content
    track = staff.get(f"/api/v1/proposals/{ids[0]}/track").json()["steps"]
    assert [step["action"] for step in track].count("file") == 1


def test_two_who_file_the_same_do_not_give_two_numbers(city, desk):
    staff, _, ids = desk
    other = city.staff(name="机关乙")
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda who: batch(who, ids, "file"), (staff, other)))
    rows = list(zip(*(outcomes(answer) for answer in answers), strict=True))
    assert all(sorted(row) == ["done", "illegal_transition"] for row in rows), rows
    numbers = sorted(staff.get(f"/api/v1/proposals/{i}").json()["number"] for i in ids)
    assert numbers == [1, 2, 3, 4]


def test_a_unit_is_reminded_once_a_day(city):
    staff, author = city.staff(), city.member()
    officer, other = city.staff(Role.UNIT_OFFICER), city.unit("市住建局")
    opened_window(staff)
    proposal_id = filed(city, author, staff)
    path = f"/api/v1/proposals/{proposal_id}/reminders"
    assert staff.post(path, {}).json()["code"] == "nobody_at_work"
    units = [{"unit_id": city.units[0], "role": "lead"}, {"unit_id": city.units[other], "role": "co"}]
    done(staff, proposal_id, "assign", units=units)
    first = {"unit_ids": [city.units[0]], "note": "离答复期限只有十天"}
    assert staff.post(path, first).status_code == 201
    again = staff.post(path, first)
    assert (again.status_code, again.json()["code"]) == (409, "reminded_today")
    assert staff.post(path, {"unit_ids": [city.units[0], 987]}).json()["code"] == "nobody_at_work"
    assert staff.post(path, {}).status_code == 201  # the other one
    news = [item["title"] for item in officer.get("/api/v1/notifications").json()["items"]]
    assert news[0].endswith("（待签收）：离答复期限只有十天")
    assert sum("抓紧办理" in title for title in news) == 1
    steps = [
        s
        for s in staff.get(f"/api/v1/proposals/{proposal_id}/track").json()["steps"]
        if s["action"] == "remind"
    ]
    assert [(s["action_label"], s["reason"], s["data"]["unit"]) for s in steps] == [
        ("催办", "离答复期限只有十天", "市教育局"),
        ("催办", None, "市住建局"),
    ]
    # what is said to a unit is not for other members, and keeps no step from being undone
    seen = city.member().get(f"/api/v1/proposals/{proposal_id}/track").json()["steps"]
    assert {s["reason"] for s in seen if s["action"] == "remind"} == {None}
    assert staff.get(f"/api/v1/proposals/{proposal_id}/track").json()["undoable"] is not None
    for who in (officer, author, city.staff(Role.LEADER)):
        assert who.post(path, {}).status_code == 403
