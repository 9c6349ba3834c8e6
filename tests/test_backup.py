import gzip
import io
import json
import signal
import sqlite3
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, text

from app.audit import anchors
from app.audit.proof import prove
from app.audit.service import anchor, log
from app.backup import rows
from app.backup.archive import BackupError, backup
from app.backup.restore import heal, restore
from app.core import migrations
from app.core.db import Database
from app.duty import recount
from app.library.models import INDEX
from app.library.words import phrases
from app.main import create_app, load_routers
from app.threads.pace import Pace
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
    assert (told.files, told.lost) == (1, ())
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
def test_a_backup_under_traffic_holds_one_moment(filled, config, new_sqlite, tmp_path, monkeypatch):
    monkeypatch.setattr(Pace, "check", lambda *_: None)  # one member stands for a whole city
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


def manifest(content: bytes) -> Callable[[str, bytes], tuple[str, bytes]]:
    return lambda name, data: (name, content if name == "manifest.json" else data)


def _odd(line: bytes) -> bytes:
    """The row with a list for each of its values."""
    return json.dumps([[value] for value in json.loads(line)]).encode() + b"\n"


BYTES_BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "half of it": lambda whole: whole[: len(whole) // 2],
    "a byte short": lambda whole: whole[:-1],
    "another checksum": lambda whole: whole[:-6] + bytes([whole[-6] ^ 1]) + whole[-5:],
    "no archive": lambda whole: b"PK" + whole,
}
ODD_MANIFESTS: dict[str, Callable[[str, bytes], tuple[str, bytes]]] = {
    "a manifest that is a list": manifest(b"[1]"),
    "a manifest without end": manifest(b"[" * 100_000),
    "a deep manifest": manifest(b'{"format": 1, "revision": ' + b"[" * 50_000 + b"]" * 50_000 + b"}"),
    "a manifest of other types": in_manifest(tables={"seat": [1]}),
    "a revision that is a number": in_manifest(revision=12),
    "a huge manifest": manifest(b" " * (2**22 + 1) + b"{}"),
    "a newer format": in_manifest(format=3),
}
MEMBERS_BROKEN: dict[str, Callable[[str, bytes], tuple[str, bytes]]] = {
    "a path that leads out": in_file(lambda _name, data: ("files/../../../../tmp/lvyi-escaped", data)),
    "an absolute path": in_file(lambda _name, data: ("/tmp/lvyi-escaped", data)),
    "a link": in_file(lambda name, _data: (f"link:{name}", b"")),
    "no end": lambda name, data: ("", b"") if name == "end.json" else (name, data),
    "a row less": in_table("seat", lambda data: b"".join(data.splitlines(keepends=True)[:-1])),
    "rows of an unknown table": lambda name, data: (name.replace("tables/seat/", "tables/throne/"), data),
    "a row whose account is absent": in_table("account", lambda data: data.replace(b"[1,", b"[999,", 1)),
    "a deep row": in_table("seat", lambda _data: b"[" * 50_000 + b"]" * 50_000),
    "a row that is no list": in_table("seat", lambda _data: b'{"id": 1}\n'),
    "a row of other types": in_table("seat", lambda data: b"".join(_odd(line) for line in data.splitlines())),
    "an end that is a list": lambda name, data: (name, b"[]" if name == "end.json" else data),
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
def test_an_odd_manifest_is_refused_in_a_sentence_before_anything_is_made(filled, config, tmp_path):
    backup(config.database_url, config.data_dir, tmp_path / "a.tar.gz")
    whole, place = (tmp_path / "a.tar.gz").read_bytes(), tmp_path / "new" / "lvyi.sqlite3"
    for change in ODD_MANIFESTS.values():
        (tmp_path / "bad.tar.gz").write_bytes(rewritten(whole, change))
        with pytest.raises(BackupError, match="这不是履易的备份文件"):
            restore(tmp_path / "bad.tar.gz", f"sqlite:///{place}", tmp_path / "new")
    assert not place.parent.exists()


def has_rows(url: str) -> bool:
    engine = create_engine(url)
    with engine.connect() as conn:
        names = {n for n in inspect(conn).get_table_names() if n != "alembic_version" and not INDEX.owns(n)}
        found = [n for n in names if conn.execute(text(f'SELECT 1 FROM "{n}" LIMIT 1')).first()]
    engine.dispose()
    return bool(found)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_broken_archive_leaves_the_database_empty(filled, config, target, tmp_path):
    archive = tmp_path / "a.tar.gz"
    backup(config.database_url, config.data_dir, archive)
    migrations.upgrade(target)
    whole = archive.read_bytes()
    spoiled = {how: change(whole) for how, change in BYTES_BROKEN.items()}
    spoiled |= {how: rewritten(whole, change) for how, change in MEMBERS_BROKEN.items()}
    if "sqlite" in target:  # where each try makes a new database
        spoiled = {
            how: spoiled[how] for how in ("half of it", "a row less", "a row of other types", "no end")
        }
    for how, bad in spoiled.items():
        (tmp_path / "bad.tar.gz").write_bytes(bad)
        with pytest.raises(BackupError):
            restore(tmp_path / "bad.tar.gz", target, tmp_path / "new")
        assert not has_rows(target), how
    restore(archive, target, tmp_path / "new")  # a sound one can still come
    escaped = [f for f in (tmp_path / "new").rglob("*") if f.is_file() and f.parent.parent.name != "files"]
    assert escaped == []
    assert not Path("/tmp/lvyi-escaped").exists()


def stored_file(data_dir: Path) -> Path:
    """The bytes of the one picture."""
    (found,) = [f for f in (data_dir / "files").rglob("*") if f.is_file() and f.suffix != ".thumb"]
    return found


def rot(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


@pytest.mark.parametrize(
    ("damage", "said"), [(Path.unlink, "已丢失"), (rot, "内容已损坏")], ids=["gone", "rotten"]
)
def test_a_damaged_file_is_named_and_the_rest_is_saved(filled, config, new_sqlite, tmp_path, damage, said):
    archive, file = tmp_path / "a.tar.gz", stored_file(config.data_dir)
    damage(file)

    made = backup(config.database_url, config.data_dir, archive)

    assert made.files == 0
    (line,) = made.lost
    assert line.startswith("“a.jpg”（尚未使用的上传，上传账号 ")
    assert line.endswith(said)
    sha256 = file.parent.name + file.name
    assert list(json.loads(member(archive, "end.json"))["lost"]) == [sha256]
    restored = restore(archive, new_sqlite, tmp_path / "new")
    assert (restored.files, [line.partition("：")[2] for line in restored.lost]) == (0, ["已丢失"])
    again = content(new_sqlite)
    assert [row[0] for row in again.pop("file_damage")] == [sha256]
    original = content(config.database_url)
    original.pop("file_damage")
    assert again == original
    assert list(bytes_in(tmp_path / "new")) == [f"{file.parent.name}/{file.name}.thumb"]


def member(archive: Path, name: str) -> bytes:
    with tarfile.open(archive) as tar:
        found = tar.extractfile(name)
        assert found is not None
        return found.read()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_is_broken_in_the_archive_spoils_nothing_else(filled, config, target, tmp_path):
    archive = tmp_path / "a.tar.gz"
    whole = backup(config.database_url, config.data_dir, archive)
    bad = rewritten(archive.read_bytes(), in_file(lambda name, data: (name, data[:-1] + b"!")))
    (tmp_path / "bad.tar.gz").write_bytes(bad)

    restored = restore(tmp_path / "bad.tar.gz", target, tmp_path / "new")

    assert (restored.rows, restored.files) == (whole.rows, 0)
    assert [line.partition("：")[2] for line in restored.lost] == ["内容已损坏"]
    assert len(content(target)["duty_record"]) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_sound_file_of_the_archive_heals_the_store(filled, config, new_sqlite, tmp_path):
    archive, file = tmp_path / "a.tar.gz", stored_file(config.data_dir)
    backup(config.database_url, config.data_dir, archive)
    sound, sha256 = file.read_bytes(), file.parent.name + file.name

    rot(file)
    assert restore(archive, new_sqlite, config.data_dir).lost == ()
    assert file.read_bytes() == sound

    rot(file)
    assert heal(archive, config.data_dir / "files", {"0" * 64}) == set()
    assert heal(archive, config.data_dir / "files", {sha256}) == {sha256}
    assert file.read_bytes() == sound


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_archive_that_is_torn_among_its_files_is_salvaged_on_demand(filled, config, target, tmp_path):
    archive = tmp_path / "a.tar.gz"
    whole = backup(config.database_url, config.data_dir, archive)
    plain = gzip.decompress(archive.read_bytes())
    at = plain.index(b"files/")
    (tmp_path / "torn.tar.gz").write_bytes(gzip.compress(plain[: at + 700]))
    (tmp_path / "half.tar.gz").write_bytes(gzip.compress(plain[: at // 2]))

    with pytest.raises(BackupError, match="--salvage"):
        restore(tmp_path / "torn.tar.gz", target, tmp_path / "new")
    with pytest.raises(BackupError):
        restore(tmp_path / "half.tar.gz", target, tmp_path / "new", salvage=True)
    restored = restore(tmp_path / "torn.tar.gz", target, tmp_path / "new", salvage=True)

    assert (restored.rows, restored.files, len(restored.lost)) == (whole.rows, 0, 1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_archive_of_the_first_format_is_restored(filled, config, new_sqlite, tmp_path):
    archive = tmp_path / "a.tar.gz"
    backup(config.database_url, config.data_dir, archive)

    def first(name: str, data: bytes) -> tuple[str, bytes]:
        if name == "manifest.json":
            return name, json.dumps(json.loads(data) | {"format": 1}).encode()
        if name == "end.json":
            return name, json.dumps({k: v for k, v in json.loads(data).items() if k != "lost"}).encode()
        return ("", b"") if name.startswith("audit-anchors/") else (name, data)

    (tmp_path / "old.tar.gz").write_bytes(rewritten(archive.read_bytes(), first))
    assert restore(tmp_path / "old.tar.gz", new_sqlite, tmp_path / "new").files == 1
    assert content(new_sqlite) == content(config.database_url)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_anchors_come_with_the_backup_as_far_as_its_log_goes(filled, config, new_sqlite, tmp_path):
    def grow() -> None:
        with filled.database.transaction() as db:
            log(db, None, "a.done")
        anchor(filled.database)

    grow()
    (first,) = anchors.load(config.data_dir)
    made: list[bool] = []

    def meanwhile(_stage: str, _done: int, _total: int) -> None:
        if not made:
            made.append(True)
            grow()

    archive = tmp_path / "a.tar.gz"
    backup(config.database_url, config.data_dir, archive, meanwhile)
    assert len(anchors.load(config.data_dir)) == 2
    (tmp_path / "new" / anchors.FOLDER).mkdir(parents=True)
    (tmp_path / "new" / anchors.FOLDER / "2020-01-01.jsonl").write_text("of another log\n")

    restore(archive, new_sqlite, tmp_path / "new")

    assert anchors.load(tmp_path / "new") == [first]
    assert len(list((tmp_path / "new").glob(f"{anchors.FOLDER}.*/2020-01-01.jsonl"))) == 1
    database = Database.connect(new_sqlite, pool=2)
    with database.read.connect() as conn:
        assert prove(conn, kept=[first])["fault"] is None
        assert prove(conn, kept=anchors.load(config.data_dir))["fault"] == "cut_off"
    database.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("target", "step"),
    [("sqlite", "migrations"), ("sqlite", "rename"), ("postgresql", "index")],
    indirect=["target"],
)
def test_a_restore_that_was_killed_may_be_run_again(filled, config, target, tmp_path, step):
    archive = tmp_path / "a.tar.gz"
    backup(config.database_url, config.data_dir, archive)
    place = {
        "migrations": "app.backup.restore._finish",
        "index": "app.backup.restore.verify.in_words",
        "rename": "app.backup.restore.store.replace",
    }[step]
    script = (
        "import os, signal, sys; from pathlib import Path; from unittest.mock import patch;"
        "from app.backup.restore import restore;"
        "patch(sys.argv[1], lambda *_a, **_k: os.kill(os.getpid(), signal.SIGKILL)).start();"
        "restore(Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))"
    )
    words = [sys.executable, "-c", script, place, archive, target, tmp_path / "new"]
    assert subprocess.run(words, capture_output=True, check=False).returncode == -signal.SIGKILL

    restore(archive, target, tmp_path / "new")

    assert content(target) == content(config.database_url)
    assert list(tmp_path.glob("*.restoring*")) == []
    engine = create_engine(target)
    assert not inspect(engine).has_table("restore_unfinished")
    engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_large_file_is_never_held_in_memory(filled, config, new_sqlite, tmp_path):
    archive, large = tmp_path / "a.tar.gz", 200 * 2**20
    backup(config.database_url, config.data_dir, archive)

    def grown(name: str, data: bytes) -> tuple[str, bytes]:
        return (
            (name, b"\0" * large)
            if name.startswith("files/") and not name.endswith(".thumb")
            else (name, data)
        )

    (tmp_path / "large.tar.gz").write_bytes(rewritten(archive.read_bytes(), grown))
    script = (
        "import sys, resource; from pathlib import Path; from app.backup.restore import restore;"
        "from app.files import verify; before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "lost = restore(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])).lost;"
        "print(len(lost), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    words = [sys.executable, "-c", script, tmp_path / "large.tar.gz", new_sqlite, tmp_path / "new"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    lost, mib = map(int, done.stdout.split())
    assert lost == 1
    assert mib < 150
