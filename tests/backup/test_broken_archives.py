"""Archives that are broken, and restores that were: the database stays empty, and a sound one can still come."""

import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from app.backup.archive import BackupError, backup
from app.backup.restore import restore
from app.core.schema import migrations
from app.library.models import INDEX
from tests.factories.processes.backups import content, in_file, in_manifest, in_table, manifest, rewritten
from tests.support.loaded import python


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
    words = python(script, place, str(archive), target, str(tmp_path / "new"))
    assert subprocess.run(words, capture_output=True, check=False).returncode == -signal.SIGKILL

    restore(archive, target, tmp_path / "new")

    assert content(target) == content(config.database_url)
    assert list(tmp_path.glob("*.restoring*")) == []
    engine = create_engine(target)
    assert not inspect(engine).has_table("restore_unfinished")
    engine.dispose()
