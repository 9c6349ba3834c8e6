"""Seats in the hall: filled by a rule, changed by hand, seen by each member."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.activities.hall.strokes import by_strokes
from app.core import clock
from tests.factories.city import City, Who
from tests.factories.domains.activities import EVE, PATH, START, at, edited, fill_hall, match, meeting, moved

HALL = {"rows": 3, "columns": 3, "aisles": [1], "front_rows": 1, "order": "strokes"}


@pytest.fixture(autouse=True)
def _april():
    with clock.frozen_at(START - timedelta(days=30)):
        yield


def chart(hall: dict) -> list[tuple[int, int, str]]:
    return [(guest["row"], guest["chair"], guest["name"]) for guest in hall["guests"]]


def my_place(who: Who, made: dict) -> tuple[int, int] | None:
    place = who.get(f"{PATH}/{made['id']}").json()["my_place"]
    return place and (place["row"], place["chair"])


def test_names_stand_in_the_order_of_their_strokes():
    names = ["欧阳修", "李明", "王芳", "马丽", "于是", "丁一", "王一", "𠮷田"]
    assert sorted(names, key=by_strokes) == ["丁一", "于是", "马丽", "王一", "王芳", "李明", "欧阳修", "𠮷田"]


def test_a_hall_fills_by_sector_and_strokes_and_changes_by_hand(city: City):
    staff = city.staff()
    li, wang = city.member("李明"), city.member("王芳")
    teacher, chair = city.member("丁一", sector=1), city.member("陈主席", sector=1)
    made = meeting(staff)
    path = f"{PATH}/{made['id']}/hall"
    assert staff.get(path).json()["code"] == "no_hall"
    assert my_place(li, made) is None

    filled = fill_hall(staff, path, HALL)
    assert filled.status_code == 200, filled.text
    assert chart(filled.json()) == [(2, 1, "王芳"), (2, 2, "李明"), (2, 3, "丁一"), (3, 1, "陈主席")]
    assert my_place(li, made) == (2, 2)
    assert fill_hall(staff, path, HALL | {"order": "roster"}).json()["guests"][0]["name"] == "李明"

    # the leader moves to the front by hand and stays there when the hall is filled again
    assert moved(staff, path, chair.seat_id, 1, 2).status_code == 200
    again = fill_hall(staff, path, HALL).json()
    assert chart(again) == [(1, 2, "陈主席"), (2, 1, "王芳"), (2, 2, "李明"), (2, 3, "丁一")]
    # of one more row for leaders nobody is there by hand
    assert chart(fill_hall(staff, path, HALL | {"rows": 4, "front_rows": 2}).json())[:2] == [
        (1, 2, "陈主席"),
        (3, 1, "王芳"),
    ]
    assert chart(fill_hall(staff, path, HALL).json()) == chart(again)
    # two change places
    swapped = moved(staff, path, teacher.seat_id, 2, 1).json()
    assert chart(swapped) == [(1, 2, "陈主席"), (2, 1, "丁一"), (2, 2, "李明"), (2, 3, "王芳")]
    assert (my_place(wang, made), my_place(teacher, made)) == ((2, 3), (2, 1))

    sheet = load_workbook(BytesIO(staff.get(f"/api/v1/exports/activities/{made['id']}/seating.xlsx").content))
    rows = [row[:3] for row in sheet.worksheets[0].iter_rows(values_only=True)]
    assert (1, 2, "陈主席") in rows
    assert (2, 1, "丁一") in rows

    assert staff.delete(path, headers=match(staff, path)).status_code == 204
    assert my_place(wang, made) is None


def test_who_is_excused_gives_the_chair_free_and_who_comes_late_has_none(city: City):
    staff = city.staff()
    li, wang, late = city.member("李明"), city.member("王芳"), city.member("赵文", sector=1)
    made = meeting(staff, seat_ids=[li.seat_id, wang.seat_id])
    path = f"{PATH}/{made['id']}"
    assert fill_hall(staff, f"{path}/hall", HALL).status_code == 200
    with at(city, EVE, li):
        assert li.put(f"{path}/leave", {"reason": "出差"}).status_code == 200
        assert my_place(li, made) is None
    everybody = [li.seat_id, wang.seat_id, late.seat_id]
    assert edited(staff, path, {"seat_ids": everybody}).status_code == 200

    hall = staff.get(f"{path}/hall").json()
    assert chart(hall) == [(2, 1, "王芳")]
    assert [(one["name"], one["row"], one["chair"]) for one in hall["gone"]] == [("李明", 2, 2)]
    assert [one["name"] for one in hall["unplaced"]] == ["赵文"]

    assert moved(staff, f"{path}/hall", li.seat_id, 3, 1).json()["code"] == "not_expected"
    # the late one takes the chair of the excused one, who has none when the leave is taken back
    placed = moved(staff, f"{path}/hall", late.seat_id, 2, 2).json()
    assert chart(placed) == [(2, 1, "王芳"), (2, 2, "赵文")]
    back = {"seat_ids": [li.seat_id], "state": "invited"}
    assert staff.put(f"{path}/attendance", back).status_code == 200
    assert [one["name"] for one in staff.get(f"{path}/hall").json()["unplaced"]] == ["李明"]
    # seated on a chair that is taken, one without a chair sends the other to look for one
    sent = moved(staff, f"{path}/hall", li.seat_id, 2, 2).json()
    assert (chart(sent)[-1], sent["unplaced"][0]["name"]) == ((2, 2, "李明"), "赵文")


def test_a_hall_that_is_too_small_or_wrong_is_refused(city: City):
    staff, member = city.staff(), city.member()
    for _ in range(3):
        city.member()
    made = meeting(staff)
    path = f"{PATH}/{made['id']}/hall"

    small = fill_hall(staff, path, {"rows": 2, "columns": 3, "front_rows": 1, "order": "roster"})
    assert (small.status_code, small.json()["code"]) == (422, "too_few_chairs")
    assert "要坐 4 人" in small.json()["detail"]
    assert "只有 3 个座位" in small.json()["detail"]
    assert staff.get(path).status_code == 404  # nothing was kept
    for wrong in ({"front_rows": 3}, {"aisles": [3]}, {"rows": 0}, {"order": "age"}):
        assert fill_hall(staff, path, HALL | wrong).status_code == 422, wrong
    assert moved(staff, path, member.seat_id, 1, 1).json()["code"] == "no_hall"
    assert fill_hall(staff, path, HALL).status_code == 200
    assert moved(staff, path, member.seat_id, 4, 1).json()["code"] == "no_chair"
    assert member.get(path).status_code == 403
    assert City(city.app, city.database, name="政协别处市委员会").staff().get(path).status_code == 404
    assert staff.put(f"{PATH}/{made['id']}/cancellation", {"reason": "改期"}).status_code == 200
    assert fill_hall(staff, path, HALL).json()["code"] == "activity_cancelled"
    assert staff.get(path).status_code == 200  # still to be read


def test_two_colleagues_who_seat_at_the_same_time_hear_of_each_other(city: City):
    first, second, li = city.staff(), city.staff(name="机关乙"), city.member("李明")
    path = f"{PATH}/{meeting(first)['id']}/hall"
    assert first.put(path, HALL).json()["code"] == "if_match_required"
    assert first.put(path, HALL, headers={"If-Match": '"0"'}).status_code == 200

    late = second.put(path, HALL | {"rows": 4}, headers={"If-Match": '"0"'})  # saw no seating
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    assert (late.json()["current"]["rows"], chart(late.json()["current"])) == (3, [(2, 1, "李明")])
    seen = match(second, path)
    assert moved(first, path, li.seat_id, 1, 1).status_code == 200
    to = {"row": 3, "chair": 3}
    assert second.put(f"{path}/{li.seat_id}", to, headers=seen).status_code == 412
    assert second.delete(path, headers=seen).status_code == 412
    assert chart(first.get(path).json()) == [(1, 1, "李明")]
    assert (
        fill_hall(second, path, HALL | {"rows": 4}).json()["rows"] == 4
    )  # having seen it, the second decides

    # dropped and filled again it is another seating, though both are the first of their kind
    seen = match(second, path)
    assert first.delete(path, headers=match(first, path)).status_code == 204
    gone = second.put(path, HALL, headers=seen)
    assert (gone.status_code, gone.json()["current"]) == (412, None)
    assert fill_hall(first, path, HALL).status_code == 200
    assert second.put(path, HALL, headers=seen).status_code == 412
