"""A city is backed up and restored, into databases of each kind and while it is in use."""

import json
import sqlite3
import threading
import time

import pytest
from sqlalchemy import text

from app.audit import anchors
from app.audit.proof import prove
from app.audit.service import anchor, log
from app.backup.archive import BackupError, backup
from app.backup.restore import restore
from app.core.db import Database
from app.duty import recount
from app.library.models import INDEX
from app.library.tokenizer import phrases
from app.main import create_app, load_routers
from app.threads.posting.pace import Pace
from tests.factories.city import City
from tests.factories.domains.library import paper, shelved
from tests.factories.processes.backups import NEW, bytes_in, content, post, rewritten


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
