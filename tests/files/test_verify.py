"""Stored bytes that a disk has lost or changed: noticed, named, never given out for what they were."""

from datetime import timedelta

import pytest

from app import worker
from app.auth.permissions import Role
from app.core import clock
from app.files import store, verify
from tests.factories.city import City
from tests.factories.files import Stored, key_of
from tests.files import contents

NEW = {"body": "今天走访了滨江社区。", "kind": "visit", "place": "滨江"}


def silent(_stage, _done, _total) -> None:
    pass


@pytest.fixture
def who(city):
    return city.member()


@pytest.fixture
def key(who):
    return key_of(who, contents.photo(90, 60), "桥头.jpg")


@pytest.fixture
def stored(city, key):
    return Stored(city, key)


DAMAGES = {
    "a rotten byte": (Stored.rot, "内容已损坏"),
    "cut short": (lambda s: s.content.write_bytes(s.content.read_bytes()[:-1]), "内容已损坏"),
    "gone": (lambda s: s.content.unlink(), "已丢失"),
    "a folder in its place": (lambda s: (s.content.unlink(), s.content.mkdir()), "磁盘无法读取"),
}
damages = pytest.mark.parametrize(("damage", "said"), DAMAGES.values(), ids=list(DAMAGES))


@damages
def test_a_damaged_file_is_gone_with_a_sentence(who, key, stored, damage, said):
    damage(stored)

    answer = who.get(f"/api/v1/files/{key}")

    assert (answer.status_code, answer.json()["code"]) == (410, "file_lost")
    assert said in answer.json()["detail"]
    assert who.get(f"/api/v1/files/{key}/thumbnail").status_code == 200


def test_a_thumbnail_is_made_once_more_from_a_sound_picture_only(who, key, stored):
    stored.thumbnail.unlink()
    assert who.get(f"/api/v1/files/{key}/thumbnail").headers["content-type"] == "image/jpeg"
    assert stored.thumbnail.is_file()

    stored.thumbnail.unlink()
    stored.rot()
    assert who.get(f"/api/v1/files/{key}/thumbnail").status_code == 410


@damages
def test_the_same_upload_heals_what_is_damaged(city, who, key, stored, damage, said):
    if stored.content.is_dir() or said == "磁盘无法读取":
        return  # nothing may replace a folder
    damage(stored)

    assert key_of(who, contents.photo(90, 60), "桥头.jpg") != key

    assert store.damage(stored.folder, stored.sha256) is None
    assert who.get(f"/api/v1/files/{key}").status_code == 200


@damages
def test_a_round_finds_it_and_says_what_it_belongs_to(city, who, key, stored, damage, said):
    sound = Stored(city, key_of(who, contents.photo(50, 50)))
    posted = who.post("/api/v1/updates", NEW | {"pictures": [key]})
    assert posted.status_code == 201, posted.text
    damage(stored)

    assert verify.verify(city.database, stored.folder, silent) == 2

    with city.database.read.connect() as conn:
        found = verify.damaged(conn)
        assert list(found) == [stored.sha256]
        lines = verify.in_words(conn, found)
    at = f"动态 {posted.json()['id']} 的附件，上传账号 {who.account_id}"
    assert lines == [f"“桥头.jpg”（{at}）：{said}"]
    assert store.damage(sound.folder, sound.sha256) is None
    ready = city.anonymous().get("/readyz")
    assert (ready.status_code, ready.json()["files"]) == (200, "1 damaged")


def test_what_was_found_is_forgotten_once_it_is_sound(city, key, stored):
    before = stored.content.read_bytes()
    assert city.anonymous().get("/readyz").json()["files"] == "unchecked"
    stored.rot()
    verify.verify(city.database, stored.folder, silent)
    stored.content.write_bytes(before)

    verify.verify(city.database, stored.folder, silent)

    said = city.anonymous().get("/readyz").json()
    assert said["files"] == "ok"
    assert said["files_verified_at"].startswith(str(clock.now().year))


@pytest.mark.parametrize("broken", [b"", b"no picture", None])
def test_a_round_makes_broken_thumbnails_once_more(city, key, stored, broken):
    sound = stored.thumbnail.read_bytes()
    stored.thumbnail.write_bytes(sound[: len(sound) // 2] if broken is None else broken)

    verify.verify(city.database, stored.folder, silent)

    assert stored.thumbnail.read_bytes() != broken
    assert len(stored.thumbnail.read_bytes()) > len(sound) // 2
    with city.database.read.connect() as conn:
        assert verify.damaged(conn) == {}


def test_the_worker_goes_on_where_it_stopped_and_begins_again_the_next_day(city, who, config, monkeypatch):
    monkeypatch.setattr(verify, "_NAMES", 1)
    files = [Stored(city, key_of(who, contents.photo(40 + n, 40))) for n in range(3)]
    compared = []
    monkeypatch.setattr(store, "damage", lambda _folder, sha256: compared.append(sha256))
    names, now = sorted(f.sha256 for f in files), clock.now()

    for _ in range(2):
        verify.step(city.database, files[0].folder, seconds=0)
    assert compared == names[:2]
    worker.clean(city.database, config)
    worker.clean(city.database, config)  # the round is over
    assert compared == names
    with clock.frozen_at(now + timedelta(days=2)):
        verify.step(city.database, files[0].folder)
    assert compared == names * 2


def test_the_system_administrator_sees_the_damage_of_the_own_organization(city, who, key, stored):
    elsewhere = City(city.app, city.database, name="政协石泉市委员会")
    theirs = Stored(city, key_of(elsewhere.member(), contents.photo(33, 33)))
    stored.rot()
    theirs.rot()
    verify.verify(city.database, stored.folder, silent)

    said = city.staff(Role.SYSTEM_ADMIN).get("/api/v1/files/verification").json()

    assert said["checked"] == 2
    assert [(f["key"], f["damage"], f["damage_label"], f["subject_type"]) for f in said["damaged"]] == [
        (key, "changed", "内容已损坏", None)
    ]
    assert who.get("/api/v1/files/verification").status_code == 403
