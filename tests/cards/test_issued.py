"""Cards are issued, corrected, revoked, and shown as their owners want."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from app.auth.permissions import Role
from app.cards.models import IssuedCard
from app.cards.posters.picture import chinese_day
from app.core.sql import table
from tests.factories.city import City
from tests.factories.domains.cards import change_ledger, check, file_of, issue, page, told, verified
from tests.factories.points.points import publish
from tests.points.world import World

_i = table(IssuedCard)


def test_an_issued_card_is_frozen_signed_told_once_and_verified_by_anybody(world, people, tmp_path):
    a, _, staff = people
    card = issue(staff, a.seat_id)
    assert (card["version"], card["state_label"], card["period_label"]) == (1, "已颁发", "2025年度")
    assert told(a) == ["您的2025年度履职数字纪念卡已颁发"]
    file = file_of(a, card)
    content = json.loads(file)["card"]
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert file.startswith(f'{{"card":{canonical},'.encode())
    genuine, said = verified(world, tmp_path, file)
    assert genuine
    assert "沈知遥, 2025年度, version 1" in said
    change_ledger(world, staff)
    assert file_of(a, card) == file
    found = check(world, card)
    assert (found["genuine"], found["state"], found["version"], found["sha256"]) == (
        True,
        "issued",
        1,
        card["sha256"],
    )
    assert found["file"] is None
    assert "真实有效" in page(world, card)
    assert "这张纪念卡的主人尚未公开内容" in page(world, card)
    assert "履职动态" not in page(world, card)

    assert a.put(f"/api/v1/issued-cards/{card['id']}/sharing", {"sharing": "all"}).status_code == 204

    assert world.city.anonymous().get(check(world, card)["file"]).content == file
    shown = page(world, card)
    assert "尚未公开" not in shown
    assert "真实有效" in shown
    assert "<dt>履职动态</dt> <dd><b>1</b> 条</dd>" in shown
    assert shown.index("<h1>真实</h1>") < shown.index("沈知遥") < shown.index("<details>")
    assert "<details>" in shown[: shown.index(card["sha256"])]  # the proof is folded
    assert "<script" not in shown
    dated = [i["on"] for section in content["sections"] for i in section["items"] if i["on"]]
    assert dated
    assert all(chinese_day(on) in shown for on in dated)
    assert not any(on in shown for on in dated)


def test_the_private_page_is_in_no_output(world, people):
    a, b, staff = people
    publish(world.city, staff, year=2025)
    own = a.get(f"/api/v1/cards/{a.seat_id}/2025").json()
    private = next(s for s in own["sections"] if s["kind"] == "shortfall")
    card = issue(staff, a.seat_id)
    outputs = [file_of(a, card).decode(), page(world, card), a.get(f"/api/v1/issued-cards/{card['id']}").text]
    outputs += [who.get(f"/api/v1/cards/{a.seat_id}/2025").text for who in (b, staff)]
    for output in outputs:
        assert "shortfall" not in output
        assert private["title"] not in output
        assert private["text"] not in output
    assert a.get(f"/api/v1/issued-cards/{card['id']}/poster.png").headers["content-type"] == "image/png"


def test_a_correction_says_by_which_version_the_old_one_is_replaced(world, people, tmp_path):
    a, _, staff = people
    first = issue(staff, a.seat_id)
    path = f"/api/v1/issued-cards/{first['id']}"
    why = {"reason": "姓名写错"}
    assert staff.post(f"{path}/correction", {"reason": " "}).status_code == 422
    refused = staff.post(f"{path}/correction", why)
    assert (refused.status_code, refused.json()["code"]) == (409, "unchanged")
    assert a.put(f"{path}/sharing", {"sharing": "seal"}).status_code == 204
    before = file_of(a, first)
    change_ledger(world, staff)
    second = staff.post(f"{path}/correction", why).json()
    assert (second["version"], second["state"], second["sharing"]) == (2, "issued", "seal")
    old = a.get(path).json()
    assert (old["state_label"], old["corrected_by"], old["reason"]) == ("已更正", 2, "姓名写错")
    assert (second["corrects"], old["corrects"]) == ("姓名写错", None)
    assert [a.get(f"/api/v1/issued-cards/{second['id']}").json()["own"], second["own"]] == [True, False]
    found = check(world, first)
    assert (found["genuine"], found["state"], found["in_force"]) == (True, "corrected", second["verify_url"])
    assert "已经更正" in page(world, first)
    assert second["verify_url"] in page(world, first)
    assert (check(world, second)["state"], check(world, second)["in_force"]) == ("issued", None)
    assert file_of(a, first) == before
    assert verified(world, tmp_path, before)[0]
    assert staff.post(f"{path}/correction", why).json()["code"] == "not_in_force"
    assert told(a) == ["您的2025年度履职数字纪念卡已更正：姓名写错", "您的2025年度履职数字纪念卡已颁发"]
    live = a.get(f"/api/v1/cards/{a.seat_id}").json()[1]
    assert live["period"] == "2025"
    assert (check(world, live)["state_label"], check(world, live)["in_force"]) == (
        "未颁发",
        second["verify_url"],
    )
    assert "尚未颁发" in page(world, live)


def test_a_revoked_card_says_so_and_may_be_issued_anew(world, people):
    a, _, staff = people
    card = issue(staff, a.seat_id)
    path = f"/api/v1/issued-cards/{card['id']}"
    assert staff.put(f"{path}/revocation", {}).status_code == 422
    assert staff.put(f"{path}/revocation", {"reason": " "}).status_code == 422
    assert staff.put(f"{path}/revocation", {"reason": "姓名有误"}).status_code == 204
    again = staff.put(f"{path}/revocation", {"reason": "再撤"})
    assert (again.status_code, again.json()["state"]) == (409, "revoked")
    found = check(world, card)
    assert (found["state_label"], found["file"], found["in_force"]) == ("已撤销", None, None)
    shown = page(world, card)
    assert "已经撤销" in shown
    assert "姓名有误" not in shown
    assert "履职动态" not in shown
    assert a.get(path).json()["reason"] == "姓名有误"
    second = issue(staff, a.seat_id)
    assert second["version"] == 2
    assert check(world, card)["in_force"] == second["verify_url"]


def test_raced_issues_give_one_card(world, people, database):
    a, _, staff = people
    path, body = "/api/v1/issued-cards", {"seat_id": a.seat_id, "period": "2025"}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: staff.post(path, body).status_code, range(6)))
    assert sorted(answers) == [201, 409, 409, 409, 409, 409]
    assert told(a) == ["您的2025年度履职数字纪念卡已颁发"]
    change_ledger(world, staff)
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda _: staff.post(f"{path}/1/correction", {"reason": "补记"}).status_code, range(4))
        )
    assert sorted(answers) == [201, 409, 409, 409]
    with database.read.connect() as conn:
        assert conn.execute(select(_i.c.version, _i.c.state)).all() == [(1, "corrected"), (2, "issued")]


def test_a_retry_with_the_same_key_is_answered_with_the_first_card(world, people):
    a, _, staff = people
    body, once = {"seat_id": a.seat_id, "period": "2025"}, {"Idempotency-Key": "issue-0001"}
    answers = [staff.post("/api/v1/issued-cards", body, headers=once) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize(
    ("period", "status", "code"),
    [
        ("2026", 409, "period_not_over"),
        ("term", 409, "period_not_over"),
        ("1999", 404, "not_found"),
        ("0", 422, "invalid"),
    ],
)
def test_only_what_is_over_is_issued(people, period, status, code):
    a, _, staff = people
    answer = staff.post("/api/v1/issued-cards", {"seat_id": a.seat_id, "period": period})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_only_the_owner_and_the_secretariat_see_it_and_only_the_owner_chooses(world, people, app, database):
    a, b, staff = people
    card = issue(staff, a.seat_id)
    path = f"/api/v1/issued-cards/{card['id']}"
    for who in (a, staff):
        assert [c["id"] for c in who.get(f"/api/v1/issued-cards?seat_id={a.seat_id}").json()["items"]] == [
            card["id"]
        ]
        assert who.get(f"{path}/file").status_code == 200
    leader = world.city.staff(Role.LEADER)
    stranger = World(City(app, database, name="政协别市委员会")).city.staff()
    for who in (b, leader, stranger):
        assert who.get("/api/v1/issued-cards").json()["items"] == []
        for end in ("", "/file", "/poster.png"):
            assert who.get(path + end).status_code == 404
    assert b.put(f"{path}/sharing", {"sharing": "seal"}).status_code == 404
    assert staff.put(f"{path}/sharing", {"sharing": "seal"}).status_code == 403
    assert b.post("/api/v1/issued-cards", {"seat_id": b.seat_id, "period": "2025"}).status_code == 403
    assert a.put(f"{path}/sharing", {"sharing": "all"}).status_code == 204
    assert "履职动态" in page(world, card)
    assert a.put(f"{path}/sharing", {"sharing": "seal"}).status_code == 204
    found = check(world, card)
    assert (found["name"], found["sha256"], found["file"]) == ("沈知遥", card["sha256"], None)
    assert "真实有效" in page(world, card)
    assert "履职动态" not in page(world, card)
    code = card["verify_url"].rpartition("/")[2]
    assert world.city.anonymous().get(f"/api/v1/cards/verify/{code}/file").status_code == 404
