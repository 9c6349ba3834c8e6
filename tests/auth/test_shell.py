import re
import shutil

import pytest
import typer
from sqlalchemy import select
from typer.testing import CliRunner

from app.audit import anchors
from app.audit.service import anchor, log
from app.auth.keys.tokens import Tokens
from app.auth.permissions import Role
from app.cli import app as commands
from app.core.config import settings
from app.core.sql import table
from app.people.models import Unit
from tests.audit import attacker
from tests.audit.attacker import owning
from tests.auth.conftest import Door
from tests.factories.second_factor import code, enrolled

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
        done = run("create-account", role, f"1390000002{i}", "管理员")
        assert done.exit_code == 0, done.output

        me = door.log_in_as(f"1390000002{i}", password_in(done.output))["me"]

        assert ([r["role"] for r in me["roles"]], me["due"]) == ([role], "password_change_required")
    done = run("verify-audit")
    assert done.exit_code == 0
    assert "12 条审计记录完整无误。\n" in done.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("auditor", "123", "管理员"), "手机号格式不正确"),
        (("king", "13900000020", "管理员"), "system_admin"),
        (("member", "13900000020", "某某"), "委员须用 --sector 写明界别"),
        (("member", "13900000020", "某某", "--sector", "不存在界"), "没有界别“不存在界”"),
        (("secretariat", "13900000020", "某某", "--sector", "教育界"), "其他角色不用"),
        (("unit_officer", "13900000020", "某某"), "须用 --unit 写明承办单位"),
        (("unit_officer", "13900000020", "某某", "--unit", "不存在局"), "lvyi import units"),
        (("leader", "13900000020", "某某", "--organization", "不存在政协"), "没有名为“不存在政协”的政协组织"),
    ],
)
def test_what_is_no_account_is_refused_in_one_line_and_leaves_nothing(city, run, words, says):
    done = run("create-account", *words)

    assert done.exit_code != 0
    assert says in done.output
    assert "Traceback" not in done.output
    assert run("reset-password", "13900000020").exit_code == 1, "no account was left behind"


def test_every_role_gets_its_account_at_the_shell(city, door: Door, run):
    with city.database.read.connect() as conn:
        unit = conn.execute(select(table(Unit).c.name)).scalars().first()
    made = {
        "secretariat": (),
        "leader": (),
        "information_officer": (),
        "unit_officer": ("--unit", unit),
        "member": ("--sector", "教育界"),
    }
    for i, (role, options) in enumerate(made.items()):
        done = run("create-account", role, f"1390000003{i}", "新来的", *options)
        assert done.exit_code == 0, done.output
        me = door.log_in_as(f"1390000003{i}", password_in(done.output))["me"]
        assert ([r["role"] for r in me["roles"]], me["due"]) == ([role], "password_change_required")


def test_a_further_role_leaves_the_password_as_it_is(city, door: Door, run):
    first = run("create-account", "secretariat", "13900000040", "两职")
    done = run("create-account", "leader", "13900000040", "两职")
    assert done.output == "这个手机号已有账号，已增加角色，密码不变。\n"
    me = door.log_in_as("13900000040", password_in(first.output))["me"]
    assert {r["role"] for r in me["roles"]} == {"secretariat", "leader"}
    assert "另一人名下" in run("create-account", "leader", "13900000040", "别人").output
    assert "只填“王丽”" in run("create-account", "leader", "13900000041", "王丽（女）").output


def test_an_administrator_who_lost_everything_is_let_in_at_the_shell(door: Door, run):
    who, _, _ = enrolled(door, Role.SYSTEM_ADMIN)

    done = run("reset-password", who.phone, "--second-factor")

    assert done.exit_code == 0, done.output
    me = door.log_in_as(who.phone, password_in(done.output))["me"]
    assert (me["due"], me["second_factor"]) == ("password_change_required", False)
    assert run("reset-password", "13900000099").exit_code == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("import", "rostr"), "没有命令 'rostr'。是不是 'roster'？"),
        (("import", "roster", "/nowhere.xlsx"), "'/nowhere.xlsx' 不存在。"),
        (("serve", "--port", "99999"), "应不大于 65535。"),
        (("serve", "--port", "甲"), "应是数字。"),
        (("serve", "--foo"), "没有选项 --foo。"),
        (("create-organization", "某政协"), "缺少 '--"),
    ],
)
def test_what_was_typed_wrongly_is_answered_in_chinese(run, words, says):
    done = run(*words)
    assert done.exit_code == 2
    assert says in done.output
    assert not re.search(r"\b(Usage|Error|Invalid|Missing|Try|valid|should)\b", done.output)


def commands_of(group, path=()):
    for name, command in group.commands.items():
        yield (*path, name), command
        if hasattr(command, "commands"):
            yield from commands_of(command, (*path, name))


ALL = [path for path, _ in commands_of(typer.main.get_command(commands))]


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_help_is_chinese(path):
    done = SHELL.invoke(commands, [*path, "--help"])
    described = done.output.partition("\n\n")[2]
    assert done.exit_code == 0
    assert re.search(r"[\u4e00-\u9fff]", described.partition("\n\n")[0]), "what it does"
    assert not re.search(r"\b(Usage|Options|Commands|Arguments|Show this|default:|required)\b", done.output)


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("TOKEN_SECRET", "short-secret", "设置有误：LVYI_TOKEN_SECRET 太短了，至少 32 个字。"),
        ("THREADS", "1", "设置有误：LVYI_THREADS 不能小于 2。"),
        (
            "DATABASE_URL",
            "postgresql://x:hidden@127.0.0.1:1/lvyi",
            "连不上数据库，请检查 LVYI_DATABASE_URL 和数据库服务。",
        ),
    ],
)
@pytest.mark.parametrize("command", ["recount", "verify-audit"])
def test_wrong_settings_end_in_one_line_without_the_secret(monkeypatch, setting, value, says, command):
    monkeypatch.setenv(f"LVYI_{setting}", value)
    settings.cache_clear()
    done = SHELL.invoke(commands, [command])
    settings.cache_clear()
    assert (done.exit_code, done.output.strip()) == (1, says)


def test_an_empty_database_says_what_to_run(monkeypatch, tmp_path):
    monkeypatch.setenv("LVYI_DATABASE_URL", f"sqlite:///{tmp_path}/new.sqlite3")
    settings.cache_clear()
    done = SHELL.invoke(commands, ["verify-audit"])
    settings.cache_clear()
    assert (done.exit_code, done.output) == (1, "数据库还没有建立或没有升级，请先运行 lvyi migrate。\n")


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


def test_a_replaced_secret_is_taken_over_by_one_command(door: Door, run, monkeypatch):
    who, secret, _ = enrolled(door)
    old, new = "test-secret-test-secret-test-secret!", "the secret of this year, long enough to sign"
    monkeypatch.setenv("LVYI_TOKEN_SECRET", new)
    settings.cache_clear()
    lost = run("rotate-secret")
    assert (lost.exit_code, "解不开" in lost.output) == (1, True)
    monkeypatch.setenv("LVYI_TOKEN_SECRET_PREVIOUS", old)
    settings.cache_clear()

    done = run("rotate-secret")

    assert done.exit_code == 0, done.output
    assert "已重新加密 1 个账号的动态验证码、0 把纪念卡签名密钥。" in done.output
    door.city.app.state.tokens = Tokens(new)
    assert door.try_login(who.phone, code=code(secret, 1)).status_code == 200
