"""`lvyi organizations` and `lvyi settings`: what the operator of the machine does for an organization."""

import pytest
from typer.testing import CliRunner

from app.cli import app as commands
from app.core.config import settings

SHELL = CliRunner()
TERM = ("--term", "16", "--starts-on", "2022-01-01", "--ends-on", "2026-12-31")
CITY, COUNTY = "政协云川市委员会", "政协柳溪县委员会"


@pytest.fixture
def run(sqlite_url, monkeypatch):
    monkeypatch.setenv("LVYI_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("LVYI_PASSWORD_MIN_LENGTH", "10")
    settings.cache_clear()
    yield lambda *words: SHELL.invoke(commands, words)
    settings.cache_clear()


def said(done) -> str:
    assert done.exit_code == 0, done.output
    return done.output


def test_a_tree_is_founded_listed_and_moved(run):
    assert said(run("organizations", "list")) == "还没有建立政协组织。\n"
    for words in ((CITY,), (COUNTY, "--level", "county", "--parent", CITY, "--duty-year-starts", "12-01")):
        said(run("create-organization", *words, *TERM))
    assert said(run("organizations", "list")) == f"{CITY}\t市级\n  {COUNTY}\t区县\n"
    refused = run("organizations", "move", CITY, "--parent", COUNTY)
    assert (refused.exit_code, "上级的层级须更高" in refused.output) == (1, True)
    assert said(run("organizations", "move", COUNTY)) == f"{COUNTY}现在没有上级。\n"
    assert said(run("organizations", "list")) == f"{CITY}\t市级\n{COUNTY}\t区县\n"


def test_settings_are_listed_set_and_remembered(run):
    said(run("create-organization", CITY, *TERM))
    listed = said(run("settings", "list"))
    assert "passwords.min_length\t10个字符（默认）\t密码最短长度\n" in listed, "the machine's default"
    values = ("passwords.min_length=12", "privacy.contact=88880000", "cards.sharing=closed")
    assert said(run("settings", "set", *values, "--reason", "主席会议决定")) == "已修改3项设置。\n"
    assert "passwords.min_length\t12个字符\t密码最短长度\n" in said(run("settings", "list"))
    said(run("settings", "set", "passwords.min_length="))
    for wrong, says in (
        ("passwords.min_length=3", "密码最短长度：不能小于 8"),
        ("nothing=3", "没有名为“nothing”的设置。"),
        ("passwords.min_length", "应写成 代号=值。"),
    ):
        refused = run("settings", "set", wrong)
        assert (refused.exit_code, says in refused.output) == (1, True), refused.output
    assert "本年度为" in said(run("settings", "duty-years", "12-01", "--year", "2027"))
    history = said(run("settings", "history")).splitlines()
    assert [line.split("\t")[1:3] for line in history[:2]] == [
        [
            "履职年度",
            "一向从1月1日起 → 一向从1月1日起，2027年度起从12月1日起",
        ],
        ["密码最短长度", "12 → 默认"],
    ]
    assert len(history) == 5
