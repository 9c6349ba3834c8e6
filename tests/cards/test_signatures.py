"""A signature holds for what was signed, by whoever signed it, and for nothing else."""

import json
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jose import jwk, jws
from sqlalchemy import select, update

from app.auth.keys.tokens import new_key_pair
from app.cards.issued import keys
from app.cards.models import CardKey, IssuedCard
from app.core.config import Settings
from app.core.sql import table
from app.duty import recount
from tests.factories.domains.cards import check, file_of, issue, page, verified

_i, _k = table(IssuedCard), table(CardKey)


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


def test_a_replaced_secret_still_opens_the_key_and_encrypts_it_again(world, people, config, database):
    a, b, staff = people
    first = issue(staff, a.seat_id)
    old = config.token_secret.get_secret_value()
    new = {"token_secret": "another-secret-" * 3}
    try:
        keys.configure(Settings.model_validate(config.model_dump() | new | {"token_secret_previous": old}))
        second = issue(staff, b.seat_id)
        with database.transaction() as db:
            assert keys.encrypt_again(db.connection()) == 1
            assert keys.encrypt_again(db.connection()) == 0
        keys.configure(Settings.model_validate(config.model_dump() | new))
        with database.transaction() as db:
            assert keys.sign(db.connection(), b"x").key_id == first["key_id"] == second["key_id"]
    finally:
        keys.configure(config)
