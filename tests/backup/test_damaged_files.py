"""Files that are damaged, in the city or in the archive: they are named, and the rest is saved."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.backup.archive import BackupError, backup
from app.backup.restore import heal, restore
from tests.factories.processes.backups import bytes_in, content, in_file, member, rewritten, rot, stored_file


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
