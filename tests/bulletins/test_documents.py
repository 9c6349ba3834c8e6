"""A bulletin as Word, PDF and Excel: what others read in it, and what is for staff only."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from app.core import clock
from tests.exports.reading import name_of, paragraphs, tables, text_of
from tests.factories.domains.bulletins import BULLETINS, published
from tests.factories.points.points import publish
from tests.points.world import World, at


def sheets(xlsx: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(BytesIO(xlsx))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


@pytest.fixture
def made(city):
    world = World(city)
    with clock.frozen_at(at("2026-03-01 09:00")):
        a, b, staff = city.member("甲", committees=(0, 1)), city.member("=乙", sector=1), city.staff()
        publish(city, staff)
    for day in (2, 3, 4):
        world.update(a, at(f"2026-03-0{day} 09:00"))
    world.reply(b, world.topic(staff, at("2026-03-01 10:00")), at("2026-03-05 09:00"))
    with clock.frozen_at(at("2027-01-05 09:00")):
        for who in (a, b, staff):
            city.log_in(who)
        yield a, staff, published(city, staff, preface="一年来，\n委员履职有为。")


def test_the_document_says_it_all_and_names_nobody_to_members(made):
    member, staff, bulletin = made
    word = staff.get(f"{BULLETINS}/{bulletin['id']}/document.docx")
    assert name_of(word) == "2026年度委员履职情况通报.docx"
    lines = paragraphs(word.content)
    assert lines[:5] == [
        "政协云川市委员会",
        "2026年度 第1版",
        "2026年度委员履职情况通报",
        "一年来，",
        "委员履职有为。",
    ]
    assert "本年度在任委员2人，折合2.0人（上年2人，折合2.0人）；有履职记录的2人。" in lines
    whole, sectors, committees, left = tables(word.content)
    assert whole[1] == ["发布动态", "3/0", "3/0", "1/0", "1.50/0.00", "—"]
    assert [row[0] for row in sectors[1:]] == ["经济界", "教育界"]
    assert [row[0] for row in committees[1:]] == ["提案委员会", "文化文史和学习委员会"]
    assert left[1] == ["=乙", "委员", "教育界", "发布动态（完成0，应为3）"]
    pdf = text_of(staff.get(f"{BULLETINS}/{bulletin['id']}/document.pdf").content)
    assert "未达到最低履职要求的委员" in pdf
    assert "内部掌握" in pdf
    seen = text_of(member.get(f"{BULLETINS}/{bulletin['id']}/document.pdf").content)
    assert "统计口径" in seen
    assert "内部掌握" not in seen
    assert "=乙" not in seen


def test_the_workbook_has_every_figure_as_a_number(made):
    member, staff, bulletin = made
    found = sheets(staff.get(f"{BULLETINS}/{bulletin['id']}/figures.xlsx").content)
    assert list(found) == [
        "总体情况",
        "界别",
        "界别分类",
        "专委会",
        "专委会分类",
        "未达最低要求（内部）",
        "说明",
    ]
    assert found["总体情况"][1] == ("发布动态", "条", None, 3, 3, 1, None, 1.5, 0, 0, 0, None, 0, None)
    assert found["界别"][1] == ("经济界", 1, 1, 4, 1, 1, None)
    assert ("经济界", "发布动态", "条", None, 3, 3, 1, None, 3, 0, 0, 0, None, 0, None) in found["界别分类"]
    assert found["未达最低要求（内部）"][1][0] == "=乙", "as it is written, and a text"
    seen = sheets(member.get(f"{BULLETINS}/{bulletin['id']}/figures.xlsx").content)
    assert list(seen) == ["总体情况", "界别", "界别分类", "专委会", "专委会分类", "说明"]
