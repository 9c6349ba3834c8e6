"""Every command with two organizations, with none, and with a database that is out of reach: one Chinese line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from openpyxl import Workbook
from typer.testing import CliRunner

from app.cli import app as commands
from app.core.config import settings
from app.core.jobs import short_transactions
from app.people.roster.imports import template

SHELL = CliRunner()
FOUND = ("--term", "16", "--starts-on", "2022-01-01", "--ends-on", "2026-12-31")
#: What each command is called with; those of `OF_ORGANIZATION` have the option `--organization`.
OF_ORGANIZATION: dict[str, tuple[str, ...]] = {
    "bulletin": ("2025",),
    "cards issue": ("--period", "2025"),
    "cards posters": ("--out", "posters"),
    "create-account": ("secretariat", "13900000001", "张某"),
    "create-office": ("提案科", "--area", "proposals"),
    "import attendance": ("sheet.xlsx",),
    "import duty": ("duty.xlsx",),
    "import library": ("library.txt",),
    "import roster": ("roster.xlsx",),
    "import staff": ("staff.xlsx",),
    "import units": ("units.xlsx",),
    "import bodies": ("bodies.xlsx",),
    "privacy contact": ("市政协办公室 0571-88880000",),
    "privacy requests": (),
    "settings duty-years": ("12-01", "--year", "2027"),
    "settings history": (),
    "settings list": (),
    "settings set": ("passwords.min_length=12",),
}
OTHERS: dict[str, tuple[str, ...]] = {
    "backup": ("new.tar.gz",),
    "cards rotate-key": (),
    "check-roles": (),
    "create-organization": ("政协丙县委员会", *FOUND),
    "demo": (),
    "doctor": (),
    "jobs list": (),
    "jobs retry": ("--all",),
    "privacy decide": ("1", "accept", "--by", "13900000099"),
    "privacy erased": (),
    "migrate": (),
    "organizations list": (),
    "organizations move": ("政协丙县委员会",),
    "prune-backups": (),
    "recount": (),
    "reindex": (),
    "reset-password": ("13900000099",),
    "restore": ("archive.tar.gz",),
    "seal-audit": ("--yes",),
    "rotate-secret": (),
    "seed": ("--demo",),
    "serve": (),
    "verify-audit": (),
    "verify-files": (),
    "workdays restore": ("2027-10-01",),
    "workdays set": ("2027-10-01", "--off", "--name", "国庆节"),
    "worker": (),
}
#: It asks which one is meant only where a phone has accounts in several.
ASKS_AT_TIMES = {"reset-password"}
#: Commands without a database.
TEMPLATES = ("attendance", "bodies", "duty", "library", "roster", "staff", "units")
WITHOUT = {"openapi", *(f"import template {kind}" for kind in TEMPLATES)}


def named(group: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Every command by its whole name."""
    for name, command in group.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            yield from named(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


COMMANDS = dict(named(typer.main.get_command(commands)))


@pytest.fixture
def lvyi(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`lvyi` on an empty database, in a folder with a readable file for every import."""
    monkeypatch.setenv("LVYI_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("LVYI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LVYI_PASSWORD_HASHING", "fast")
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    Path("library.txt").write_text("2019-03-05 关于托育的提案\n正文。\n", encoding="utf-8")
    Path("archive.tar.gz").write_bytes(b"PK")
    template(Path("roster.xlsx"))
    heads = {
        "sheet": ["姓名", "2025年1月10日 全会"],
        "duty": ["姓名", "类别", "事项名称", "日期"],
        "staff": ["姓名", "手机号码", "角色"],
        "units": ["单位名称"],
        "bodies": ["单位名称"],
    }
    for name, head in heads.items():
        book = Workbook()
        assert book.active is not None
        book.active.append(head)
        book.save(f"{name}.xlsx")

    def run(command: str, *words: str):
        done = SHELL.invoke(commands, [*command.split(), *words])
        assert "Traceback" not in done.output
        assert done.exception is None or isinstance(done.exception, SystemExit), (command, done.exception)
        return done

    yield run
    settings.cache_clear()


def test_every_command_is_in_this_test():
    assert set(COMMANDS) == {*OF_ORGANIZATION, *OTHERS, *WITHOUT}
    options = {name: {p.name for p in command.params} for name, command in COMMANDS.items()}
    assert {name for name, params in options.items() if "organization" in params} == {
        *OF_ORGANIZATION,
        *ASKS_AT_TIMES,
    }


def test_commands_ask_which_of_two_organizations_is_meant(lvyi):
    for command, words in OF_ORGANIZATION.items():
        done = lvyi(command, *words)
        assert (done.exit_code, done.output.splitlines()[-1]) == (1, "还没有建立政协组织。"), command
    for name in ("政协甲县委员会", "政协乙县委员会"):
        assert lvyi("create-organization", name, *FOUND).exit_code == 0
    for command, words in OF_ORGANIZATION.items():
        done = lvyi(command, *words)
        assert done.exit_code == 1, (command, done.output)
        assert [line for line in done.output.splitlines() if line] == [
            "有多个政协组织，请指明：政协甲县委员会、政协乙县委员会。"
        ], command
        done = lvyi(command, *words, "--organization", "政协丁县委员会")
        assert (done.exit_code, [line for line in done.output.splitlines() if line]) == (
            1,
            ["没有名为“政协丁县委员会”的政协组织。"],
        ), command
    done = lvyi("create-account", *OF_ORGANIZATION["create-account"], "--organization", "政协乙县委员会")
    assert done.exit_code == 0, done.output
    assert lvyi("reset-password", "13900000099").output == "没有这个手机号的账号。\n"


def test_an_organization_below_another_with_a_duty_year_of_its_own(lvyi):
    assert lvyi("create-organization", "政协甲市委员会", *FOUND).exit_code == 0
    below = ("create-organization", "政协乙县委员会", *FOUND, "--level", "county")
    done = lvyi(*below, "--parent", "政协丁市委员会")
    assert (done.exit_code, done.output) == (1, "没有名为“政协丁市委员会”的政协组织。\n")
    for day in ("02-29", "13-01", "1-1", "0101"):
        done = lvyi(*below, "--duty-year-starts", day)
        assert (done.exit_code, done.output) == (
            1,
            f"“{day}”不是每年都有的日子，请写成 01-01 这样。\n",
        )
    assert lvyi(*below, "--parent", "政协甲市委员会", "--duty-year-starts", "12-01").exit_code == 0


#: They go on trying, have a database of their own, or look at the archive first.
LEFT_OUT = {"demo", "serve", "worker", "restore"}


@pytest.mark.parametrize("command", sorted({*OF_ORGANIZATION, *OTHERS} - LEFT_OUT))
def test_a_database_that_is_out_of_reach_is_one_chinese_line(lvyi, monkeypatch, command):
    monkeypatch.setenv("LVYI_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    settings.cache_clear()
    monkeypatch.setattr(short_transactions, "PATIENCE_SECONDS", 0.1)
    done = lvyi(command, *(OF_ORGANIZATION | OTHERS)[command])
    assert done.exit_code == 1
    assert done.output.splitlines()[-1] == "连不上数据库，请检查 LVYI_DATABASE_URL 和数据库服务。"


def test_a_folder_that_is_not_there_yet_is_no_full_disk(lvyi, monkeypatch, tmp_path):
    monkeypatch.setenv("LVYI_DATABASE_URL", f"sqlite:///{tmp_path / 'var' / 'lvyi.sqlite3'}")
    settings.cache_clear()
    assert lvyi("jobs").output == "数据库还没有建立或没有升级，请先运行 lvyi migrate。\n"
