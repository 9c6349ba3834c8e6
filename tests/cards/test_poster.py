import io
from collections.abc import Sequence
from typing import Any, Literal

import pytest
import zxingcpp
from PIL import Image

from app.cards.format import FORMAT, CardDict, PeriodDict, SectionDict, SectionKind
from app.cards.posters import blocks, elder
from app.cards.posters import term as poster_term
from app.cards.posters import year as poster_year
from app.cards.posters.picture import counted_until
from app.cards.posters.poster import Design, render
from app.cards.posters.typeset import GlyphStyle, balance, glyph, width, wrap
from app.core.language.fonts import MISSING, Face, clean, missing

URL = "https://lvyi.example.cn/verify/7f3a9c2e51b84d60"
TEXT = GlyphStyle("sans", 30, "#000000")


def section(
    kind: SectionKind, text: str = "", value: int = 0, items: Sequence[str] = (), series: Sequence[int] = ()
) -> SectionDict:
    return {
        "kind": kind,
        "title": "标题",
        "text": text,
        "figures": [{"key": kind, "label": "提案", "value": value, "unit": "件", "records": None}]
        if value
        else [],
        "items": [{"title": title, "detail": "", "on": None} for title in items],
        "series": [{"label": f"{month}月", "value": count} for month, count in enumerate(series, start=1)],
    }


YEAR: PeriodDict = {
    "kind": "year",
    "label": "2026年度",
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
    "complete": True,
    "as_of": "2026-12-31",
}
TERM: PeriodDict = {**YEAR, "kind": "term", "label": "第十六届", "starts_on": "2022-01-01"}


def card(
    *sections: SectionDict,
    name: str = "沈知遥",
    organization: str = "政协云川市委员会",
    period: PeriodDict = YEAR,
) -> CardDict:
    return {
        "format": FORMAT,
        "period": period,
        "seat": {
            "id": 7,
            "name": name,
            "sector": "经济界",
            "committees": ["提案委员会"],
            "post": "委员",
            "organization": organization,
            "term": "第十六届",
        },
        "sections": list(sections),
    }


def keywords(*words: str) -> SectionDict:
    found = section("keywords", "说得最多的是这些。")
    found["figures"] = [
        {"key": "keyword", "label": word, "value": 2, "unit": "篇", "records": None} for word in words
    ]
    return found


def posters(*sections: SectionDict, **more: Any) -> list[bytes]:
    """A card in each design."""
    year, term = card(*sections, **more), card(*sections, **more, period=TERM)
    return [render(year, URL), render(term, URL), render(year, URL, "elder"), render(term, URL, "elder")]


FULL = (
    section("opening", "这一年，您把 259 次履职写进了云川的四季。", 259),
    section("days", "您在 143 天里履职。", 143, series=[14, 9, 31, 22, 18, 27, 12, 8, 25, 33, 41, 19]),
    section("proposals", "您提交提案 7 件，立案 6 件。", 6, items=["《关于完善城市地下管网的提案》"]),
    section("opinions", "您反映社情民意 9 篇。", 9),
    section("deliberation", "您留下 118 条意见。", 118),
    keywords("地下管网", "社区食堂"),
    section("closing", "来年再与云川同行。"),
)


def bitmap(char: str, face: Face) -> bytes:
    mask = glyph(char, face, 60).mask
    assert mask is not None
    return mask.tobytes()


def picture(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


@pytest.mark.parametrize(
    "made",
    [
        card(),
        card(section("updates", "您发布了 1 条动态。", 1, series=[0, 1, 0])),
        card(*FULL),
        card(*FULL, name="陆川"),
        card(*FULL, name="阿卜杜热合曼·买买提"),
        card(*FULL, name="买买提明江·阿卜杜热合曼·玉素甫·" * 3, organization="中国人民政治协商会议" * 8),
        card(*[section(kind, "很长的一句话，" * 60, 10**18, items=["长" * 500], series=[10**12] * 60) for kind in ("opening", "days", "proposals", "opinions", "updates", "keywords", "closing")], name=""),
    ],
    ids=["empty", "one record", "full", "two characters", "minority name", "endless name", "endless texts"],
)  # fmt: skip
def test_a_poster_is_a_png_of_a_fixed_size_whose_code_opens_the_check(made):
    term = made | {"period": TERM}
    for png, heights in (
        (render(made, URL), poster_year.HEIGHTS),
        (render(term, URL), poster_term.HEIGHTS),
        (render(made, URL, "elder"), elder.HEIGHTS),
    ):
        image = picture(png)
        assert image.format == "PNG"
        assert image.width == 1080
        assert image.height in heights
        assert [code.text for code in zxingcpp.read_barcodes(image.convert("L"))] == [URL]


def test_the_code_survives_a_long_address_and_the_size_of_a_phone():
    long = URL + "?" + "s=0123456789abcdef&" * 8
    assert zxingcpp.read_barcodes(picture(render(card(*FULL), long)).convert("L"))[0].text == long
    small = picture(render(card(*FULL), URL)).convert("L").reduce(2)
    assert zxingcpp.read_barcodes(small)[0].text == URL


def test_the_private_page_is_never_drawn():
    private = section("shortfall", "您还差 1 次调研。", 1, items=["调研"], series=[1, 2, 3])
    assert posters(private, *FULL, private) == posters(*FULL)
    assert posters(private) == posters()


def test_what_is_told_is_drawn_in_every_design():
    plain = posters(*FULL)
    assert len(set(plain)) == len(plain)
    for changed in (
        posters(*FULL, name="沈知遇"),
        posters(*FULL, organization="政协临江区委员会"),
        posters(section("opening", "这一年不一样。", 259), *FULL[1:]),
        posters(section("opening", "这一年，您把 259 次履职写进了云川的四季。", 258), *FULL[1:]),
        posters(*(keywords("湿地") if s["kind"] == "keywords" else s for s in FULL)),
        posters(*FULL[:-1], section("closing", "后会有期。")),
    ):
        assert not set(changed) & set(plain)


def test_a_running_period_says_until_when_it_counts():
    running: PeriodDict = {**YEAR, "complete": False, "as_of": "2026-11-27"}
    next_day: PeriodDict = {**running, "as_of": "2026-11-28"}
    designs: tuple[Design, ...] = ("standard", "elder")
    kinds: tuple[Literal["year", "term"], ...] = ("year", "term")
    for design in designs:
        for kind in kinds:
            drawn = [
                render(card(*FULL, period={**p, "kind": kind}), URL, design) for p in (running, next_day)
            ]
            assert drawn[0] != drawn[1]
    assert counted_until(running) == "截至2026年11月27日"
    assert counted_until(YEAR) == ""


def sizes(monkeypatch, module, made: CardDict, design) -> list[int]:
    """The sizes of all text that a design sets."""
    found: list[int] = []

    def spy(canvas, at, text, style, anchor="l"):
        found.extend([style.size] if text else [])

    monkeypatch.setattr(module, "draw", spy)
    render(made, URL, design)
    return found


def test_nothing_in_the_large_design_is_small(monkeypatch):
    usual = sizes(monkeypatch, poster_year, card(*FULL), "standard")
    large = sizes(monkeypatch, elder, card(*FULL), "elder")
    assert min(large) >= 1.6 * min(usual)
    assert min(large) >= 1.6 * TEXT.size


@pytest.mark.parametrize("design", ["standard", "elder"])
@pytest.mark.parametrize("period", [YEAR, TERM])
def test_no_text_leaves_the_sheet(monkeypatch, design, period):
    long = [section(kind, "很长的一句话，" * 60, 10**9, items=["长" * 500], series=[10**3] * 60) for kind in ("opening", "days", "proposals", "honors", "closing")]  # fmt: skip
    made = card(*long, keywords(*["长长的关键词" * 3] * 9), name="买买提明江·阿卜杜热合曼·玉素甫·" * 3, organization="中国人民政治协商会议" * 8, period=period)  # fmt: skip
    made["seat"]["sector"] = "特别邀请人士" * 9
    out: list[str] = []

    def spy(canvas, at, text, style, anchor="l"):
        wide = width(text, style)
        left = at[0] - wide * {"l": 0, "m": 0.5, "r": 1}[anchor]
        if left < 20 or left + wide > 1060:
            out.append(text)

    for module in (poster_year, poster_term, elder, blocks):
        monkeypatch.setattr(module, "draw", spy)
    render(made, URL, design)
    assert out == []


def test_markup_in_a_name_is_only_characters():
    name = "<b>沈</b>&amp;"
    assert "".join(wrap(clean(name), TEXT, 1000, 1)) == name
    assert render(card(name=name), URL) != render(card(name="沈&"), URL)


def test_the_same_card_gives_the_same_bytes():
    assert render(card(*FULL), URL) == render(card(*FULL), URL)


@pytest.mark.parametrize("face", ["serif", "sans"])
def test_rare_characters_of_names_have_glyphs_of_their_own(face):
    rare = "䶮㛃𬭎堃犇喆𠮷𰻞"
    assert missing(rare) == set()
    bitmaps = {bitmap(char, face) for char in rare + MISSING + "吉龙"}
    assert len(bitmaps) == len(rare) + 3


def test_traditional_characters_fall_back_to_the_second_font():
    assert missing("陳國榮 龔") == set()
    assert glyph("榮", "serif", 60) == glyph("榮", "sans", 60)


def test_a_character_of_no_font_is_a_printers_mark_and_is_logged(caplog):
    assert missing("王😀ཀ") == {"😀", "ཀ"}
    assert render(card(name="王😀"), URL) == render(card(name="王〓"), URL)
    assert "U+1F600" in caplog.text


def test_characters_without_a_picture_are_left_out():
    assert clean("沈\u202e知\x00遥\n\u200d 葛\U000e0100 e\u0301") == "沈知遥 葛 é"


def test_lines_keep_chinese_punctuation_and_whole_words():
    lines = wrap("全年提交提案，其中 2026 年的 lvyi 平台。" * 3, TEXT, 300, 9)
    assert all(width(line, TEXT) <= 300 + TEXT.size for line in lines)
    assert not any(line[0] in "，。" for line in lines)
    assert sum("2026" in line for line in lines) == 3
    assert wrap("提案" * 50, TEXT, 300, 2)[-1].endswith("…")


def test_a_balanced_sentence_breaks_at_its_comma():
    assert balance("每一次发声都算数，期待来年常见您的身影。", TEXT, 400, 3) == [
        "每一次发声都算数，",
        "期待来年常见您的身影。",
    ]
