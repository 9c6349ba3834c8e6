"""`lvyi backup`, `restore` and `verify-files`: what they say, and with what they exit."""

import pytest
from typer.testing import CliRunner

from app.cli import app as commands
from app.core.config import settings
from tests.factories.circle.posts import NEW
from tests.factories.files import Stored, key_of
from tests.files import contents

SHELL = CliRunner()


@pytest.fixture
def run(config, monkeypatch):
    """`lvyi` in this process, on the database of the test or another one."""

    def invoke(*words, **env):
        for name, value in {"DATABASE_URL": config.database_url, "DATA_DIR": config.data_dir, **env}.items():
            monkeypatch.setenv(f"LVYI_{name}", str(value))
        settings.cache_clear()
        return SHELL.invoke(commands, [str(word) for word in words])

    yield invoke
    settings.cache_clear()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_rotten_byte_is_named_at_each_step_and_healed(city, config, run, tmp_path):
    who = city.member()
    key = key_of(who, contents.photo(90, 60), "桥头.jpg")
    update_id = who.post("/api/v1/updates", NEW | {"pictures": [key]}).json()["id"]
    stored, sound, bad = Stored(city, key), tmp_path / "sound.tar.gz", tmp_path / "bad.tar.gz"
    done = run("backup", sound)
    assert (done.exit_code, "、1 个文件。" in done.output) == (0, True)
    assert run("verify-files").output.strip() == "1 个文件完整无误。"
    stored.rot()

    line = f"“桥头.jpg”（动态 {update_id} 的附件，上传账号 {who.account_id}）："
    done = run("backup", bad)
    assert (done.exit_code, f"{line}内容已损坏" in done.output) == (1, True)
    assert bad.is_file()
    done = run("verify-files")
    assert (done.exit_code, f"{line}内容已损坏\n共核对 1 个文件" in done.output) == (1, True)
    new = {"DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite3'}", "DATA_DIR": tmp_path / "new"}
    done = run("restore", bad, **new)
    assert (done.exit_code, f"{line}已丢失" in done.output) == (1, True)
    assert run("recount", **new).exit_code == 0

    done = run("verify-files", "--from", bad)
    assert (done.exit_code, "已从备份修复 0 个文件" in done.output) == (1, True)
    done = run("verify-files", "--from", sound)
    assert (done.exit_code, done.output.strip()) == (0, "已从备份修复 1 个文件。\n1 个文件完整无误。")
    assert who.get(f"/api/v1/files/{key}").status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_no_archive_is_refused_in_one_line(city, run, tmp_path):
    (tmp_path / "a.tar.gz").write_bytes(b"PK")
    new = {"DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite3'}", "DATA_DIR": tmp_path / "new"}
    done = run("restore", tmp_path / "a.tar.gz", **new)
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert done.output.strip().startswith("备份文件不完整或已损坏")
