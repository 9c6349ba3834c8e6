import errno
import os
import time
from datetime import timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
from PIL import Image
from sqlalchemy import func, select

from app.auth import subjects
from app.auth.actor import actor_of as find_actor
from app.auth.permissions import Role
from app.core import clock
from app.core.errors import Invalid
from app.core.sql import table
from app.files import service
from app.files.models import File
from app.main import create_app
from tests.factories.city import City, Who
from tests.factories.files import key_of, upload
from tests.files import contents


def rows(city: City) -> int:
    with city.database.read.connect() as conn:
        return conn.scalar(select(func.count()).select_from(table(File))) or 0


def stored(city: City) -> list[str]:
    folder = service.folder(city.app.state.settings)
    return sorted(str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file())


def actor_of(city: City, who: Who):
    with city.database.read.connect() as conn:
        return find_actor(conn, who.session_id)


def attach(city: City, who: Who, keys: list[str], subject: tuple[str, int], **kw):
    with city.database.transaction() as db:
        return service.attach(db, actor_of(city, who), keys, subject, **kw)


@pytest.fixture
def seen() -> set[int]:
    """The accounts that may see the subjects of type `test_box`."""
    accounts: set[int] = set()
    subjects.register(
        subjects.Subject(
            "test_box",
            "盒子",
            lambda _c, actor, ids: set(ids) if actor.account_id in accounts else set(),
            "/{id}",
        )
    )
    return accounts


def test_a_photo_is_given_back_without_its_place(city):
    member = city.member()
    told = upload(member, contents.photo(1000, 750, exif=contents.exif(1)), "IMG_2041.JPG").json()
    assert (told["name"], told["media_type"], told["width"], told["height"]) == (
        "IMG_2041.jpg",
        "image/jpeg",
        1000,
        750,
    )
    got = member.get(f"/api/v1/files/{told['key']}")
    assert len(got.content) == told["size"]
    assert not Image.open(BytesIO(got.content)).getexif()


def test_a_thumbnail_is_small(city):
    member = city.member()
    large, document = key_of(member, contents.photo(3000, 2000)), key_of(member, contents.PDF, "a.pdf")
    got = member.get(f"/api/v1/files/{large}/thumbnail")
    assert got.headers["content-type"] == "image/jpeg"
    assert Image.open(BytesIO(got.content)).size == (480, 320)
    assert member.get(f"/api/v1/files/{document}/thumbnail").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "media_type", "way"),
    [
        (contents.photo(), "调研.jpg", "image/jpeg", "inline"),
        (contents.PDF, "调研报告.pdf", "application/pdf", "attachment"),
        ("关于𠮷林路的说明\n".encode(), "说明.txt", "text/plain; charset=utf-8", "attachment"),
    ],
)
def test_a_file_is_given_with_a_fixed_type(city, content, name, media_type, way):
    member = city.member()
    got = member.get(f"/api/v1/files/{key_of(member, content, name)}")
    assert got.headers["content-type"] == media_type
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["cache-control"].startswith("private")
    assert got.headers["content-disposition"].startswith(way)
    assert f"filename*=UTF-8''{quote(name, safe='')}" in got.headers["content-disposition"]


def test_what_is_not_what_it_says_is_refused_with_a_problem(city):
    member = city.member()
    answers = [
        upload(member, c, n)
        for c, n in ((b"", "空.jpg"), (contents.PDF, "照片.jpg"), (contents.png_bomb(30_000), "a.png"))
    ]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [
        (422, "file_empty"),
        (415, "type_mismatch"),
        (413, "picture_too_large"),
    ]
    assert all(a.headers["content-type"] == "application/problem+json" for a in answers)
    assert rows(city) == 0
    assert stored(city) == []


def test_a_body_over_the_limit_is_too_large(city):
    answer = upload(city.member(), bytes(17 * 2**20), "大.pdf")
    assert answer.status_code == 413


def test_the_quota_of_an_account_is_held(config, database):
    content = contents.PDF + b" " * 900
    room_for_two = config.model_copy(update={"file_quota_bytes": 2 * len(content) + 10})
    city = City(create_app(room_for_two, database), database)
    member, other = city.member(), city.member()
    assert [upload(member, content, f"{i}.pdf").status_code for i in range(3)] == [201, 201, 413]
    assert upload(member, content, "4.pdf").json()["code"] == "quota_exceeded"
    assert upload(other, content, "1.pdf").status_code == 201


def test_the_same_bytes_are_stored_once(city):
    one, two = city.member(), city.member()
    assert key_of(one) != key_of(two)
    assert rows(city) == 2
    assert len([f for f in stored(city) if not f.endswith(".thumb")]) == 1


def test_a_retried_upload_is_answered_with_the_first_answer(city):
    member = city.member()
    retry = {"Idempotency-Key": "5c1a7be2-0001"}
    first, again = (
        upload(member, contents.photo(), headers=retry),
        upload(member, contents.photo(), headers=retry),
    )
    assert first.json() == again.json()
    assert rows(city) == 1
    other = upload(member, contents.photo(colour="navy"), headers=retry)
    assert other.json()["code"] == "idempotency_key_reused"


@pytest.mark.parametrize("fails_at", ["fsync", "replace"])
def test_a_full_disk_leaves_nothing_behind(city, monkeypatch, fails_at):
    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    member = city.member()
    monkeypatch.setattr("pathlib.Path.replace" if fails_at == "replace" else "app.files.store.os.fsync", full)
    answer = upload(member, contents.photo())
    assert (answer.status_code, answer.json()["code"]) == (503, "storage")
    assert answer.headers["retry-after"]
    assert rows(city) == 0
    assert stored(city) == []
    monkeypatch.undo()
    assert upload(member, contents.photo()).status_code == 201


def test_bytes_are_never_stored_by_the_name_that_was_sent(city):
    assert upload(city.member(), contents.photo(), "../../etc/passwd.jpg").json()["name"] == "passwd.jpg"
    assert all(len(part.removesuffix(".thumb")) == 65 for part in stored(city))


def test_an_unattached_file_is_its_owners_alone(city):
    owner, other, staff = city.member(), city.member(), city.staff()
    path = f"/api/v1/files/{key_of(owner)}"
    assert owner.get(path).status_code == 200
    assert other.get(path).status_code == staff.get(path).status_code == 404
    assert other.get(path + "/thumbnail").status_code == 404
    assert city.anonymous().get(path).status_code == 401
    assert city.staff(Role.SYSTEM_ADMIN).get(path).status_code == 403


def test_the_right_on_the_parent_is_asked_at_each_read(city, seen):
    owner, other = city.member(), city.member()
    key = key_of(owner)
    path = f"/api/v1/files/{key}"
    seen.update({owner.account_id, other.account_id})
    attach(city, owner, [key], ("test_box", 1))
    got = other.get(path)
    assert got.status_code == 200
    cached = {"If-None-Match": got.headers["etag"]}
    assert other.get(path, headers=cached).status_code == 304

    seen.discard(other.account_id)

    assert other.get(path).status_code == 404
    assert other.get(path, headers=cached).status_code == 404
    assert other.get(path + "/thumbnail").status_code == 404
    assert owner.get(path).status_code == 200


def test_attached_files_come_in_the_order_of_their_keys(city, seen):
    member = city.member()
    seen.add(member.account_id)
    keys = [key_of(member, contents.photo(100 + i, 80)) for i in range(3)]
    asked = [keys[2], keys[0], keys[1]]
    told = attach(city, member, asked, ("test_box", 1), pictures_only=True)
    assert [one["key"] for one in told] == asked
    assert [one["width"] for one in told] == [102, 100, 101]
    assert set(told[0]) == {"key", "name", "media_type", "size", "width", "height"}
    assert [one["key"] for one in attach(city, member, asked[:2], ("test_box", 1))] == asked[:2]  # an edit


def test_only_own_unused_files_can_be_attached(city, seen):
    member, other = city.member(), city.member()
    mine, document, theirs = key_of(member), key_of(member, contents.PDF, "a.pdf"), key_of(other)
    used = key_of(member)
    attach(city, member, [used], ("test_box", 1))
    for keys in ([theirs], [mine, "no-such-key-no-such-key"], [mine, mine], [used], [mine, document]):
        with pytest.raises(Invalid) as refused:
            attach(city, member, keys, ("test_box", 2), pictures_only=True)
        assert refused.value.code == "file_not_usable"
    assert attach(city, member, [mine], ("test_box", 2))  # none of the refusals took it


def test_unused_files_go_after_a_day_with_their_bytes(city, seen):
    member, other = city.member(), city.member()
    kept, dropped = key_of(member), key_of(member, contents.photo(colour="navy"))
    shared = key_of(other)  # the same bytes as `kept`
    attach(city, member, [kept], ("test_box", 1))
    folder = service.folder(city.app.state.settings)
    leftover = folder / "ab" / ".broken"
    leftover.parent.mkdir(exist_ok=True)
    leftover.write_bytes(b"x")
    yesterday = time.time() - 25 * 3600
    for file in folder.rglob("*"):
        os.utime(file, (yesterday, yesterday))
    before = stored(city)

    seen.add(member.account_id)

    with clock.frozen_at(clock.now() + timedelta(hours=25)):
        city.log_in(member)
        city.log_in(other)
        fresh = key_of(member, contents.photo(colour="gold"))
        with city.database.transaction() as db:
            assert service.forget_unattached(db) == 2
        assert service.sweep(city.database, folder) == 1

        assert [member.get(f"/api/v1/files/{k}").status_code for k in (kept, dropped, fresh)] == [
            200,
            404,
            200,
        ]
        assert other.get(f"/api/v1/files/{shared}").status_code == 404
    assert not leftover.exists()
    assert len(stored(city)) == len(before) - 1 - 2 + 2  # leftover and `dropped` went, `fresh` came


def test_swept_bytes_come_back_with_the_next_upload(city):
    member = city.member()
    key_of(member)
    folder = service.folder(city.app.state.settings)
    with clock.frozen_at(clock.now() + timedelta(hours=25)):
        with city.database.transaction() as db:
            service.forget_unattached(db)
        assert service.sweep(city.database, folder, older_than=timedelta(seconds=-1)) == 1
    assert stored(city) == []
    assert member.get(f"/api/v1/files/{key_of(member)}").status_code == 200
