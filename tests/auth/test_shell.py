import shutil

import pytest
from typer.testing import CliRunner

from app.audit import anchors
from app.audit.service import anchor, log
from app.auth.permissions import Role
from app.cli import app as commands
from app.core.config import settings
from tests.audit import attacker
from tests.audit.attacker import owning
from tests.auth.conftest import Door
from tests.auth.test_second_factor import enrolled

SHELL = CliRunner()


@pytest.fixture
def run(database_url, monkeypatch):
    monkeypatch.setenv("LVYI_DATABASE_URL", database_url)
    settings.cache_clear()
    yield lambda *words: SHELL.invoke(commands, words)
    settings.cache_clear()


def password_in(output: str) -> str:
    return output.partition("：")[2].split()[0]


def test_three_administrators_are_made_and_log_in(door: Door, run):
    for i, role in enumerate(("system_admin", "security_admin", "auditor")):
        done = run("create-admin", role, f"1390000002{i}", "管理员")
        assert done.exit_code == 0, done.output

        me = door.log_in_as(f"1390000002{i}", password_in(done.output))["me"]

        assert ([r["role"] for r in me["roles"]], me["due"]) == ([role], "password_change_required")
    done = run("verify-audit")
    assert done.exit_code == 0
    assert "9 条审计记录完整无误。\n" in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("member", "13900000020", "管理员"), "不是管理员角色"),
        (("auditor", "123", "管理员"), "手机号格式不正确"),
        (("king", "13900000020", "管理员"), "system_admin"),
    ],
)
def test_what_is_no_administrator_is_refused_in_one_line(city, run, words, said):
    done = run("create-admin", *words)

    assert done.exit_code != 0
    assert said in done.output
    assert "Traceback" not in done.output


def test_an_administrator_who_lost_everything_is_let_in_at_the_shell(door: Door, run):
    who, _, _ = enrolled(door, Role.SYSTEM_ADMIN)

    done = run("reset-password", who.phone, "--second-factor")

    assert done.exit_code == 0, done.output
    me = door.log_in_as(who.phone, password_in(done.output))["me"]
    assert (me["due"], me["second_factor"]) == ("password_change_required", False)
    assert run("reset-password", "13900000099").exit_code == 1


def test_the_log_is_proven_against_anchors_kept_elsewhere_and_sealed_again(city, run, config, tmp_path):
    for _ in range(3):
        with city.database.transaction() as db:
            log(db, None, "a.done")
    anchor(city.database)
    shutil.copytree(config.data_dir / anchors.FOLDER, tmp_path / "kept")
    done = run("verify-audit", "--anchors", str(tmp_path / "kept"))
    assert done.exit_code == 0, done.output
    assert "与 1 个锚点相符，最近一个锚定第 3 条" in done.output

    owning(city, attacker.empty)
    shutil.rmtree(config.data_dir / anchors.FOLDER)
    assert run("verify-audit").exit_code == 0  # nothing here knows of it any more
    done = run("verify-audit", "--anchors", str(tmp_path / "kept"))
    assert (done.exit_code, "自第 1 条起不可信：末尾的记录被删除" in done.output) == (1, True)
    (tmp_path / "nothing").mkdir()
    assert "没有锚点" in run("verify-audit", "--anchors", str(tmp_path / "nothing")).output

    done = run("seal-audit", "--yes")
    assert (done.exit_code, "已重新加封" in done.output) == (0, True)
    assert run("verify-audit").exit_code == 0


def test_accounts_with_roles_that_are_kept_apart_are_named(city, run):
    assert run("check-roles").exit_code == 0
    who = city.staff(Role.SYSTEM_ADMIN, "系统甲")
    with city.database.transaction() as db:
        city._grant(db, who.account_id, Role.LEADER)

    done = run("check-roles")

    assert done.exit_code == 1
    assert f"系统甲（账号 {who.account_id}）兼任：主席会议成员、系统管理员" in done.output
