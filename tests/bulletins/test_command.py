"""`lvyi bulletin`, as the operator of a secretariat runs it."""

import pytest
from typer.testing import CliRunner

from app.cli import app as cli
from app.core.config import settings
from tests.factories.domains.bulletins import BULLETINS, whole
from tests.points.world import World, at


@pytest.fixture
def shell(database_url, monkeypatch):
    monkeypatch.setenv("LVYI_DATABASE_URL", database_url)
    settings.cache_clear()
    yield lambda *words: CliRunner().invoke(cli, ["bulletin", *words])
    settings.cache_clear()


def test_a_bulletin_is_drawn_up_counted_again_published_and_corrected(city, shell, tmp_path):
    world, preface = World(city), tmp_path / "前言.txt"
    preface.write_text("一年来。", encoding="gb18030")
    a, staff = city.member("甲"), city.staff()
    world.update(a, at("2025-03-02 09:00"))
    drawn = shell("2025", "--preface", str(preface))
    assert (drawn.exit_code, "发布动态：1 件（场），1 人次；上年 0 件（场），0 人次" in drawn.stdout) == (
        0,
        True,
    )
    world.update(a, at("2025-03-03 09:00"))
    again = shell("2025", "--publish")
    assert (again.exit_code, "发布动态：2 件（场）" in again.stdout) == (0, True)
    (made,) = whole(staff, BULLETINS)
    assert (made["state"], staff.get(made["path"]).json()["preface"]) == ("published", "一年来。")
    for words, said in (
        (("2025",), "请写明原因"),
        (("2999",), "还没有开始"),
        (("2025", "--organization", "没有这个政协"), "没有"),
    ):
        refused = shell(*words)
        assert (refused.exit_code, said in refused.output) == (1, True), refused.output
    picture = tmp_path / "图.png"
    picture.write_bytes(b"\x89PNG\xff\xfe\x00")
    for option, value, told in (
        ("--preface", str(picture), "不是文本文件"),
        ("--reason", "长" * 201, "最多 200 个字"),
    ):
        refused = shell("2025", option, value)
        assert (refused.exit_code > 0, told in refused.output) == (True, True), refused.output
    assert shell("2025", "--reason", "补录").exit_code == 0
    preface.write_text("再版。", encoding="utf-8")
    assert shell("2025", "--preface", str(preface)).exit_code == 0, "it has its reason already"
    assert shell("2025", "--publish").exit_code == 0
    newest, first = whole(staff, BULLETINS)
    assert [b["state"] for b in (newest, first)] == ["published", "superseded"]
    assert (newest["reason"], staff.get(newest["path"]).json()["preface"]) == ("补录", "再版。")
