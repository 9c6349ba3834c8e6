import json
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jose import jwk, jws
from sqlalchemy import select, update

from app.auth.permissions import Role
from app.auth.tokens import new_key_pair
from app.cards import keys
from app.cards.models import CardKey, IssuedCard
from app.core import clock
from app.core.config import Settings
from app.core.sql import table
from app.duty import recount
from tests.factories.city import City, Who
from tests.points.world import World, at

NOW = at("2026-06-10 20:00")
SCRIPT = Path(__file__).parents[2] / "scripts" / "verify_card.py"
_i, _k = table(IssuedCard), table(CardKey)


@pytest.fixture
def world(city: City) -> World:
    return World(city)


@pytest.fixture
def people(world: World) -> Iterator[tuple[Who, Who, Who]]:
    """Two members with some duty in 2025, staff; it is June 2026."""
    with clock.frozen_at(at("2025-01-01 08:00")):
        a, b, staff = world.city.member("沈知遥"), world.city.member("陆川"), world.city.staff()
    update = world.update(a, at("2025-05-03 09:00"))
    world.support(b, ("update", update), at("2025-05-03 09:01"))
    world.note(a, at("2025-05-03 10:00"))
    with clock.frozen_at(NOW):
        for who in (a, b, staff):
            world.city.log_in(who)
        yield a, b, staff


def issue(staff: Who, seat_id: int, period: str = "2025") -> dict:
    answer = staff.post("/api/v1/issued-cards", {"seat_id": seat_id, "period": period})
    assert answer.status_code == 201, answer.text
    return answer.json()


def check(world: World, card: dict) -> dict:
    code = card["verify_url"].rpartition("/")[2]
    return world.city.anonymous().get(f"/api/v1/cards/verify/{code}").json()


def page(world: World, card: dict) -> str:
    return world.city.anonymous().get(f"/c/{card['verify_url'].rpartition('/')[2]}").text


def file_of(who: Who, card: dict) -> bytes:
    answer = who.get(f"/api/v1/issued-cards/{card['id']}/file")
    assert answer.status_code == 200, answer.text
    return answer.content


def verified(world: World, folder: Path, file: bytes | dict) -> tuple[bool, str]:
    """What the published script says, with nothing but the file and the keys at hand."""
    card, published = folder / "card.json", folder / "keys.json"
    card.write_bytes(file if isinstance(file, bytes) else json.dumps(file).encode())
    published.write_bytes(world.city.anonymous().get("/api/v1/cards/keys").content)
    command = [sys.executable, "-I", str(SCRIPT), str(card), str(published)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode == 0, done.stdout + done.stderr


def told(who: Who) -> list[str]:
    return [
        n["title"] for n in who.get("/api/v1/notifications").json()["items"] if n["kind"].startswith("card")
    ]


def change_ledger(world: World, staff: Who) -> None:
    with clock.frozen_at(NOW - timedelta(hours=1)):
        world.hide(staff, ("update", 1), clock.now())


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
    assert world.city.anonymous().get(found["file"]).content == file
    shown = page(world, card)
    assert "真实有效" in shown
    assert "履职动态 1 条" in shown
    dated = [i["on"] for section in content["sections"] for i in section["items"] if i["on"]]
    assert dated
    assert all(f"<li>{on} " in shown for on in dated)


def test_the_private_page_is_in_no_output(world, people):
    a, b, staff = people
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


def test_what_is_altered_or_forged_is_not_genuine(world, people, tmp_path, database):
    a, _, staff = people
    card = issue(staff, a.seat_id)
    file = json.loads(file_of(a, card))
    altered = json.loads(json.dumps(file))
    altered["card"]["sections"][0]["figures"][0]["value"] += 100
    assert not verified(world, tmp_path, altered)[0]
    resummed = altered | {"sha256": "0" * 64}
    assert not verified(world, tmp_path, resummed)[0]
    assert not verified(world, tmp_path, file | {"sha256": "0" * 64})[0]
    canonical = json.dumps(
        altered["card"], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()
    kid = card["key_id"]
    pem, _ = new_key_pair(b"x")
    foreign: Any = load_pem_private_key(pem, b"x")
    key = jwk.construct(foreign, "ES256")
    header, _, signature = jws.sign(canonical, key, {"kid": kid}, "ES256").split(".")
    public = world.city.anonymous().get("/api/v1/cards/keys").text
    confused = jws.sign(canonical, "x" + public, {"kid": kid}, "HS256").split(".")
    none = urlsafe_b64encode(json.dumps({"alg": "none", "kid": kid}).encode()).decode().rstrip("=")
    for forged in (
        f"{header}..{signature}",
        f"{confused[0]}..{confused[2]}",
        f"{none}..",
        "a..b",
        "..",
        "x.y.z",
    ):
        assert not verified(world, tmp_path, altered | {"signature": forged})[0], forged
    with database.transaction() as db:
        changed = bytes(db.execute(select(_i.c.content)).scalar_one()).replace(
            "沈知遥".encode(), "沈知遠".encode()
        )
        db.execute(update(_i).values(content=changed))
        differences = recount.run(db.connection())
    assert [(d.check, d.id) for d in differences if d.check == "纪念卡签名"] == [
        ("纪念卡签名", str(card["id"]))
    ]
    found = check(world, card)
    assert (found["genuine"], found["file"]) == (False, None)
    assert "与签名不符" in page(world, card)
    assert "履职动态" not in page(world, card)


def test_after_rotation_old_cards_stay_genuine_and_the_old_key_is_gone(world, people, tmp_path, database):
    a, b, staff = people
    first = issue(staff, a.seat_id)
    with database.transaction() as db:
        new = keys.rotate(db.connection())
    second = issue(staff, b.seat_id)
    assert (first["key_id"] == new, second["key_id"]) == (False, new)
    published = world.city.anonymous().get("/api/v1/cards/keys").json()["keys"]
    assert {k["kid"] for k in published} == {first["key_id"], new}
    assert not any("d" in k for k in published)
    for who, card in ((a, first), (b, second)):
        assert verified(world, tmp_path, file_of(who, card))[0]
        assert check(world, card)["genuine"]
    with database.read.connect() as conn:
        private = dict(conn.execute(select(_k.c.id, _k.c.private)).all())
    assert private[first["key_id"]] is None
    assert bytes(private[new]).startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")


def test_the_database_without_the_token_secret_signs_nothing(world, people, config, database):
    a, b, staff = people
    issue(staff, a.seat_id)
    keys.configure(Settings.model_validate(config.model_dump() | {"token_secret": "another-secret-" * 3}))
    try:
        refused = staff.post("/api/v1/issued-cards", {"seat_id": b.seat_id, "period": "2025"})
        assert (refused.status_code, refused.json()["code"]) == (409, "key_locked")
        with database.transaction() as db:
            keys.rotate(db.connection())
        issue(staff, b.seat_id)
    finally:
        keys.configure(config)


def test_a_correction_says_by_which_version_the_old_one_is_replaced(world, people, tmp_path):
    a, _, staff = people
    first = issue(staff, a.seat_id)
    path = f"/api/v1/issued-cards/{first['id']}"
    refused = staff.post(f"{path}/correction")
    assert (refused.status_code, refused.json()["code"]) == (409, "unchanged")
    assert a.put(f"{path}/sharing", {"sharing": "seal"}).status_code == 204
    before = file_of(a, first)
    change_ledger(world, staff)
    second = staff.post(f"{path}/correction").json()
    assert (second["version"], second["state"], second["sharing"]) == (2, "issued", "seal")
    old = a.get(path).json()
    assert (old["state_label"], old["corrected_by"]) == ("已更正", 2)
    found = check(world, first)
    assert (found["genuine"], found["state"], found["in_force"]) == (True, "corrected", second["verify_url"])
    assert "已经更正" in page(world, first)
    assert second["verify_url"] in page(world, first)
    assert (check(world, second)["state"], check(world, second)["in_force"]) == ("issued", None)
    assert file_of(a, first) == before
    assert verified(world, tmp_path, before)[0]
    assert staff.post(f"{path}/correction").json()["code"] == "not_in_force"
    assert told(a) == ["您的2025年度履职数字纪念卡已更正", "您的2025年度履职数字纪念卡已颁发"]
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
        answers = list(pool.map(lambda _: staff.post(f"{path}/1/correction").status_code, range(4)))
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
    assert "履职动态" in page(world, card)
    assert a.put(f"{path}/sharing", {"sharing": "seal"}).status_code == 204
    found = check(world, card)
    assert (found["name"], found["sha256"], found["file"]) == ("沈知遥", card["sha256"], None)
    assert "真实有效" in page(world, card)
    assert "履职动态" not in page(world, card)
    code = card["verify_url"].rpartition("/")[2]
    assert world.city.anonymous().get(f"/api/v1/cards/verify/{code}/file").status_code == 404
