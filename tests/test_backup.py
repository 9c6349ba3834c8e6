import gzip
import io
import json
import sqlite3
import tarfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from app.backup import rows
from app.backup.archive import BackupError, backup, restore
from app.core import migrations
from app.core.db import Database
from app.duty import recount
from app.library.models import INDEX
from app.library.words import phrases
from app.main import create_app, load_routers
from tests.databases import postgres_database
from tests.factories.city import City
from tests.factories.library import paper, shelved
from tests.files import contents

NEW = {"body": "今天走访了𠮷林社区。", "kind": "visit", "place": "滨江"}


def content(url: str) -> dict[str, list[Any]]:
    """Every row of every table."""
    engine = create_engine(url)
    with engine.connect() as conn:
        found = {t.name: [row for part in rows.read(conn, t) for row in part] for t in rows.tables(conn)}
    engine.dispose()
    for name, held in found.items():
        found[name] = sorted(([_parsed(v) for v in row] for row in held), key=repr)
    return found


def _parsed(value: Any) -> Any:
    """JSON columns are compared by what they say: each database spaces it in its own way."""
    if isinstance(value, str) and value.startswith(("{", "[")):
        return json.loads(value)
    return value


def post(city: City, body: str = "走访") -> None:
    key = (
        city.member()
        .http.post("/api/v1/files", files={"file": ("a.jpg", contents.photo(90, 60))})
        .json()["key"]
    )
    member = city.member("周岚")
    assert member.post("/api/v1/updates", NEW | {"body": body}).status_code == 201
    assert key


@pytest.fixture
def filled(city: City) -> City:
    """A city in which something has happened."""
    post(city)
    city.staff()
    return city


@pytest.fixture
def new_sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'restored.sqlite3'}"


@pytest.fixture
def new_postgresql(postgres_server: str):
    """An empty PostgreSQL database without tables."""
    with postgres_database(postgres_server) as url:
        yield url


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_city_moves_to_postgresql_and_back_row_by_row(filled, config, new_postgresql, new_sqlite, tmp_path):
    first, second = tmp_path / "one.tar.gz", tmp_path / "two.tar.gz"

    told = backup(config.database_url, config.data_dir, first)
    assert (told.files, told.lost) == (1, 0)
    assert restore(first, new_postgresql, tmp_path / "there").rows == told.rows
    backup(new_postgresql, tmp_path / "there", second)
    restore(second, new_sqlite, tmp_path / "back")

    original = content(config.database_url)
    assert len(original["duty_record"]) == 1
    assert content(new_postgresql) == original
    assert content(new_sqlite) == original
    stored = bytes_in(config.data_dir)
    assert len(stored) == 2  # a picture and its thumbnail
    assert bytes_in(tmp_path / "there") == bytes_in(tmp_path / "back") == stored
    assert first.stat().st_mode & 0o077 == 0


def bytes_in(data_dir: Path) -> dict[str, bytes]:
    folder = data_dir / "files"
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request) -> str:
    """An empty database without tables, of each kind."""
    return request.getfixturevalue(f"new_{request.param}")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_restored_city_goes_on(filled, config, target, tmp_path):
    backup(config.database_url, config.data_dir, tmp_path / "a.tar.gz")
    restore(tmp_path / "a.tar.gz", target, tmp_path / "new")
    database = Database.connect(target, pool=6)
    moved = config.model_copy(update={"database_url": target, "data_dir": tmp_path / "new"})
    post(City(create_app(moved, database), database, name="政协远山市委员会"))  # new rows find free numbers
    database.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_restored_library_is_found_by_words(filled, config, target, tmp_path):
    shelved(filled, paper(filled, "关于修缮古桥的建议", "望江古桥年久失修。"))
    backup(config.database_url, config.data_dir, tmp_path / "a.tar.gz")
    restore(tmp_path / "a.tar.gz", target, tmp_path / "new")
    load_routers()
    database = Database.connect(target, pool=2)
    with database.transaction() as db:
        conn = db.connection()
        found = [list(conn.scalars(INDEX.matching(conn, phrases(q)))) for q in ("古桥", "新桥")]
        assert recount.run(conn) == []
    database.dispose()
    assert found == [[1], []]


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_a_backup_under_traffic_holds_one_moment(filled, config, new_sqlite, tmp_path):
    member, other, stop, posted = filled.member(), filled.member(), threading.Event(), []

    def traffic() -> None:
        while not stop.is_set():
            answer = member.post("/api/v1/updates", NEW)
            assert answer.status_code == 201, answer.text
            update_id = answer.json()["id"]
            posted.append(update_id)
            other.put(f"/api/v1/updates/{update_id}/support")

    thread = threading.Thread(target=traffic)
    thread.start()
    try:
        while len(posted) < 5:
            time.sleep(0.02)
        before = len(posted)
        seen = []

        def slow(_stage: str, done: int, _total: int) -> None:
            seen.append(done)
            while len(posted) < before + len(seen):  # others write between any two reads
                time.sleep(0.01)

        backup(config.database_url, config.data_dir, tmp_path / "a.tar.gz", slow)
        after = len(posted)
    finally:
        stop.set()
        thread.join()
    assert after > before + 10

    restore(tmp_path / "a.tar.gz", new_sqlite, tmp_path / "new")

    load_routers()
    database = Database.connect(new_sqlite, pool=2)
    with database.transaction() as db:
        assert recount.run(db.connection()) == []
        kept = db.connection().execute(text('SELECT count(*) FROM "update"')).scalar_one()
    database.dispose()
    assert before <= kept - 1 < after - 5  # the moment it began, not the one it ended


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_an_empty_database_is_restored_into(filled, config, tmp_path, new_sqlite):
    archive = tmp_path / "a.tar.gz"
    backup(config.database_url, config.data_dir, archive)
    before = content(config.database_url)
    with pytest.raises(BackupError, match="不是空的"):
        restore(archive, config.database_url, config.data_dir)
    assert content(config.database_url) == before
    with pytest.raises(BackupError, match="已经存在"):
        backup(config.database_url, config.data_dir, archive)
    with pytest.raises(BackupError, match="不存在"):
        backup(new_sqlite, config.data_dir, tmp_path / "b.tar.gz")
    with sqlite3.connect(tmp_path / "restored.sqlite3") as foreign:
        foreign.execute("CREATE TABLE somebody_elses (id INTEGER)")
    with pytest.raises(BackupError, match="其他版本的表"):
        restore(archive, new_sqlite, tmp_path / "new")


def in_table(table: str, change: Callable[[bytes], bytes]) -> Callable[[str, bytes], tuple[str, bytes]]:
    return lambda name, data: (name, change(data) if name.startswith(f"tables/{table}/") else data)


def in_file(change: Callable[[str, bytes], tuple[str, bytes]]) -> Callable[[str, bytes], tuple[str, bytes]]:
    return lambda name, data: change(name, data) if name.startswith("files/") else (name, data)


def in_manifest(**more: Any) -> Callable[[str, bytes], tuple[str, bytes]]:
    return lambda name, data: (
        name,
        json.dumps(json.loads(data) | more).encode() if name == "manifest.json" else data,
    )


BYTES_BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "half of it": lambda whole: whole[: len(whole) // 2],
    "a byte short": lambda whole: whole[:-1],
    "another checksum": lambda whole: whole[:-6] + bytes([whole[-6] ^ 1]) + whole[-5:],
    "no archive": lambda whole: b"PK" + whole,
}
MEMBERS_BROKEN: dict[str, Callable[[str, bytes], tuple[str, bytes]]] = {
    "a path that leads out": in_file(lambda _name, data: ("files/../../../../tmp/lvyi-escaped", data)),
    "an absolute path": in_file(lambda _name, data: ("/tmp/lvyi-escaped", data)),
    "a link": in_file(lambda name, _data: (f"link:{name}", b"")),
    "other bytes in a file": in_file(lambda name, data: (name, data[:-1] + b"!")),
    "no end": lambda name, data: ("", b"") if name == "end.json" else (name, data),
    "a row less": in_table("seat", lambda data: b"".join(data.splitlines(keepends=True)[:-1])),
    "rows of an unknown table": lambda name, data: (name.replace("tables/seat/", "tables/throne/"), data),
    "a row whose account is absent": in_table("account", lambda data: data.replace(b"[1,", b"[999,", 1)),
    "a newer format": in_manifest(format=2),
    "a newer release": in_manifest(revision="9999_future"),
}


def rewritten(archive: bytes, change: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    """The archive with each member changed; without those that lose their name."""
    out = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(gzip.decompress(archive))) as old,
        tarfile.open(fileobj=out, mode="w") as new,
    ):
        for member in old:
            data = old.extractfile(member)
            assert data is not None
            name, content = change(member.name, data.read())
            member.name, member.size = name, len(content)
            if name.startswith("link:"):
                member.name, member.type, member.linkname = name[5:], tarfile.SYMTYPE, "/etc/passwd"
            if name:
                new.addfile(member, io.BytesIO(content))
    return gzip.compress(out.getvalue())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_broken_archive_leaves_the_database_empty(filled, config, new_sqlite, tmp_path):
    archive = tmp_path / "a.tar.gz"
    backup(config.database_url, config.data_dir, archive)
    migrations.upgrade(new_sqlite)
    whole = archive.read_bytes()
    spoiled = {how: change(whole) for how, change in BYTES_BROKEN.items()}
    spoiled |= {how: rewritten(whole, change) for how, change in MEMBERS_BROKEN.items()}
    for how, bad in spoiled.items():
        (tmp_path / "bad.tar.gz").write_bytes(bad)
        with pytest.raises(BackupError):
            restore(tmp_path / "bad.tar.gz", new_sqlite, tmp_path / "new")
        assert not any(content(new_sqlite).values()), how
    restore(archive, new_sqlite, tmp_path / "new")  # a sound one can still come
    escaped = [f for f in (tmp_path / "new").rglob("*") if f.is_file() and f.parent.parent.name != "files"]
    assert escaped == []
    assert not Path("/tmp/lvyi-escaped").exists()


def test_bytes_that_are_gone_are_told_of(filled, config, tmp_path):
    for stored in (config.data_dir / "files").rglob("*"):
        if stored.is_file():
            stored.unlink()
    told = backup(config.database_url, config.data_dir, tmp_path / "a.tar.gz")
    assert (told.files, told.lost) == (0, 1)
