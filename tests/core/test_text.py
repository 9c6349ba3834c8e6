"""What becomes of texts at the door."""

import time
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from app.core.language.text import MARKS, Input, Post, clean, of_file, printable

POST = TypeAdapter(Post)
FAMILY, FLAG, HEART, KEYCAP = "👨‍👩‍👧‍👦", "🏳️‍🌈", "❤️", "1️⃣"


@pytest.mark.parametrize(
    "text",
    [
        f"全家{FAMILY}到场{HEART}，{FLAG} {KEYCAP} 👩🏽‍🚀 ⛹🏿‍♂️ ☺︎",
        "ئۇيغۇر‌لار نى‌خواھم مى‌روم",  # Uyghur and Persian with U+200C between letters
        "བོད་ཡིག ཀྲུང་ཧྭ རྒྱལ་ཁབ",
        "ᠮᠣᠩᠭᠣᠯ ᠪᠠᠭ᠋ᠠ ᠠᠯᠲᠠ᠎ᠠ",  # with a variation selector and a vowel separator
        "क्‍ष র‍্যাব",
        "葛\U000e0100城 𠮷林路 〇",
        "Tiếng Việt ภาษาไทย ที่นี่ שָׁלוֹם",
        "第一行\n第二行\t制表",
    ],
)
def test_what_people_write_stays_as_it_is(text):
    assert clean(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("零\u200b宽\u200d连\u200c接\ufe0f", "零宽连接"),
        ("软\xad连\u2060字\ufeff符", "软连字符"),
        ("\u202a13800138000\u202c", "13800138000"),  # as a phone's address book copies it
        ("左\u202e右\u2066中\u2069", "左右中"),
        ("标\U000e0041\U000e007f签\u3164\uffa0\u115f", "标签"),
        ("a\u200db ❤\u200d c", "ab ❤ c"),
        ("一\u2028二\u2029三\x0b四\x85五\r六\r\n七\x0c八", "一\n二\n三\n四\n五\n六\n七\n八"),
        ("  \u3000\u00a0两边的空白\u3000 ", "两边的空白"),
        ("e\u0301", "é"),
        ("z" + "\u0336\u0489" * 900, "z" + "\u0336\u0489" * (MARKS // 2)),
    ],
)
def test_what_nobody_sees_is_removed_without_a_word(given, kept):
    assert clean(given) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "\u3000\u00a0",
        "\U000e0041\U000e0042",
        "\u3164",
        "\u2800 \u2800",
        "\ufe0f",
        "\xad\xad",
        "\u200d\u200c\u200b",
        "\U0001d173",
    ],
)
def test_a_post_in_which_nothing_can_be_seen_is_refused_warmly(text):
    with pytest.raises(ValidationError, match="还没有内容，请写几个字再提交"):
        POST.validate_python(text)


@pytest.mark.parametrize(
    "bad",
    [
        "\x00",
        "\x07",
        "\x1b",
        "\x7f",
        "\x80",
        chr(0xD800),
        "\ue000",
        "\U000f0000",
        "\U0001ffff",
        "\ufdd0",
        "\ufffe",
        "\ufffd",
    ],
)
def test_what_would_be_lost_is_refused_in_words(bad):
    with pytest.raises(ValueError, match="删去这一处重新输入") as refused:
        clean(f"字{bad}字")
    assert "U+" not in str(refused.value)
    assert printable(f"字{bad}字") == "字字"


def test_files_of_windows_are_read():
    assert of_file("\ufeff一\r\n二".encode()) == of_file("一\n二".encode("gb18030")) == "一\n二"


_ANY = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(
            "a1#字❤👨👩\u200d\u200c\ufe0f\ufe0e\u180b\u180e\u0301\u0e49\u0f74ᠮئक\U000e0100\u2800 \n\r\u3164"
        ),
    ),
    max_size=40,
)


_MIXED = st.text(
    st.sampled_from("क्\u094d\u0f71ᠠ\u180b\u180e\u200d\u200c\ufe0f❤葛\U000e0100e\u0301\u0336\xad "),
    max_size=60,
)


@given(_ANY | _MIXED)
def test_cleaning_once_is_enough(text):
    try:
        once = clean(text)
    except ValueError:
        return
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert len(once) <= len(text)
    marks = "".join("m" if unicodedata.category(c)[0] == "M" else " " for c in once)
    assert max(map(len, marks.split()), default=0) <= MARKS


def test_joiners_between_marks_begin_no_new_letter():
    assert len(clean("क" + ("\u094d" * MARKS + "\u200d") * 50)) <= 2 + MARKS


@given(_ANY)
def test_nothing_that_is_seen_gets_lost(text):
    try:
        once = clean(text)
    except ValueError:
        return

    def seen(of: str) -> list[str]:
        normal = unicodedata.normalize("NFC", of)
        return [
            c for c in normal if unicodedata.category(c)[0] in "LNPS" and c not in "\u115f\u1160\u3164\uffa0"
        ]

    assert seen(once) == seen(text)


@given(
    st.text(
        st.sampled_from("\u200d\u200c\ufe0f\ufe00\u180b\u180e\xad\u3164\u2800\U000e0041 \n\u034f"),
        max_size=20,
    )
)
def test_no_pile_of_unseen_characters_makes_a_post(text):
    with pytest.raises(ValidationError):
        POST.validate_python(text)


def test_a_pile_of_marks_is_cut_before_it_is_put_in_order():
    """Canonical ordering takes time by the square of the marks: twenty thousand of them took a second."""
    started = time.process_time()
    assert len(clean("a" + "\u0301" * 10_000 + "\u0328" * 10_000)) < 20
    plain = time.process_time()
    clean("建" * 20_001)
    assert plain - started < 20 * (time.process_time() - plain) + 0.1


class Dated(Input):
    """What has a day."""

    on: date | None = None


@pytest.mark.parametrize(
    ("day", "is_taken"), [("0001-01-01", False), ("9999-12-31", False), ("1949-10-01", True), (None, True)]
)
def test_days_of_another_age_are_refused_wherever_a_day_is_sent(day, is_taken):
    if is_taken:
        Dated(on=day)
    else:
        with pytest.raises(ValidationError, match="应在 1900 年至 2999 年之间"):
            Dated(on=day)


class _Counted(Input):
    count: int | None = None
    shares: list[float] = Field(default_factory=list)
    agreed: bool = False


def test_true_is_no_number():
    assert _Counted(count=1, shares=[1, 0.5], agreed=True).agreed
    for sent, kind in (({"count": True}, "int_type"), ({"shares": [0.5, False]}, "float_type")):
        with pytest.raises(ValidationError, match="应当是数字") as refused:
            _Counted.model_validate(sent)
        assert [error["type"] for error in refused.value.errors()] == [kind]
