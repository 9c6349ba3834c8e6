"""Search by words, alike on both databases."""

from collections import Counter
from datetime import date

import pytest

from app.core.sql import table
from app.library import service, tokenizer
from app.library.models import LibraryDocument
from tests.factories.domains.library import paper, shelved

TEXTS = {
    "关于修缮古桥的建议": "望江古桥年久失修，桥面开裂。5G网络已覆盖两岸。",
    "关于老旧小区加装电梯的建议": "三个街道的老旧小区，加装电梯进度不一。",
    "关于保护方言的建议": "𠮷林社区有位老人名叫𰻞䶮，会说方言。老人住在旧小街。",
    "关于建桥的提案": "建议在城东建桥。",
}


@pytest.fixture
def member(city):
    shelved(city, *(paper(city, title, body) for title, body in TEXTS.items()))
    return city.member()


def found(who, q: str) -> set[str]:
    answer = who.get("/api/v1/library/documents", params={"q": q, "limit": 100})
    assert answer.status_code == 200, answer.text
    return {
        row["title"].removeprefix("关于").removesuffix("的建议").removesuffix("的提案")
        for row in answer.json()["items"]
    }


@pytest.mark.parametrize(
    ("q", "titles"),
    [
        ("古桥", {"修缮古桥"}),
        ("建桥", {"建桥"}),
        ("桥面", {"修缮古桥"}),
        ("桥", {"修缮古桥", "建桥"}),  # one character, wherever it stands
        ("裂", {"修缮古桥"}),
        ("老旧小区", {"老旧小区加装电梯"}),
        ("旧小区", {"老旧小区加装电梯"}),
        ("旧小", {"老旧小区加装电梯", "保护方言"}),
        ("老人 方言", {"保护方言"}),
        ("老人 电梯", set()),
        ("𠮷林", {"保护方言"}),
        ("𰻞䶮", {"保护方言"}),
        ("䶮", {"保护方言"}),
        ("𰻞", {"保护方言"}),
        ("𠮷", {"保护方言"}),
        ("5g", {"修缮古桥"}),
        ("５Ｇ网络", {"修缮古桥"}),
        ("5G网", {"修缮古桥"}),
        ("网5G", set()),
        ("“老旧小区，加装电梯”", {"老旧小区加装电梯"}),
        ('"电梯 加装"', set()),
        ("电梯 加装", {"老旧小区加装电梯"}),
        ("不存在的词", set()),
    ],
)
def test_words_are_found_as_they_stand(member, q, titles):
    assert found(member, q) == titles


def test_what_is_found_shows_where_the_words_stand(member):
    def excerpts(q: str) -> list[str | None]:
        answer = member.get("/api/v1/library/documents", params={"q": q} if q else None)
        return [row["excerpt"] for row in answer.json()["items"]]

    assert excerpts("桥面") == ["望江古桥年久失修，桥面开裂。5G网络已覆盖两岸。"]
    assert excerpts("5g") == ["望江古桥年久失修，桥面开裂。5G网络已覆盖两岸。"]
    assert excerpts("方言 老人") == ["𠮷林社区有位老人名叫𰻞䶮，会说方言。老人住在旧小街。"]
    assert excerpts("修缮") == [None], "in the title alone"
    assert excerpts("") == [None] * len(TEXTS)


def test_an_excerpt_is_cut_on_both_sides():
    text = "前" * 100 + "\n古桥\n" + "后" * 100
    assert tokenizer.excerpt("古桥", text) == f"…{'前' * 15} 古桥 {'后' * 43}…"
    assert tokenizer.excerpt('"（"', "a（b") == "a（b"
    assert tokenizer.excerpt('""', "a") is None


HOSTILE = [
    '"', '""', "'", "''", "*", "桥*", "^桥", "桥 OR 电梯", "桥 NOT 古", "NEAR(桥 古)", "tokens:桥", "-桥", "(桥", "桥)",
    "桥 & 古", "桥 | 古", "!桥", "'桥':A", "桥:*", "<->", "桥 <-> 古", "\\", "桥\\", "%", "_", "《古桥", "{}", "[]", ";--",
    "' OR 1=1 --", "a" * 100, "桥" * 100, "“" * 100, "ﷺ" * 50,
]  # fmt: skip


@pytest.mark.parametrize("q", HOSTILE)
def test_operators_are_words_like_others(member, q):
    assert found(member, q) <= {title[2:-3] for title in TEXTS}


def test_what_cannot_be_a_query_is_refused(member):
    for bad in ("桥\0", "桥" * 101, "桥" * 5_000, "桥\ue000", "\U0010fffd"):
        assert member.get("/api/v1/library/documents", params={"q": bad}).status_code == 422
    assert member.post("/api/v1/library/similar", {"title": "桥\0"}).status_code == 422
    assert member.post("/api/v1/library/similar", {"title": "桥", "text": "桥" * 20_001}).status_code == 422
    assert member.post("/api/v1/library/similar", {"title": "桥", "kinds": []}).status_code == 422
    for q in HOSTILE:
        assert member.post("/api/v1/library/similar", {"title": q, "text": q * 20}).status_code == 200, q


def test_composed_and_decomposed_are_the_same(city):
    shelved(city, paper(city, "关于Café街区的建议", "Ångström与㎏。"))
    member = city.member()
    for q in ("café", "cafe\u0301街区", "CAFÉ", "a\u030angstro\u0308m", "kg"):
        assert len(found(member, q)) == 1, q


def test_pages_are_sorted_by_day_and_stable(city):
    member = city.member()
    days = [date(2001, 1, 1), date(2020, 5, 1), date(2010, 1, 1), date(2010, 1, 1), date(1999, 1, 1)]
    shelved(city, *(paper(city, f"桥{n}", "古桥", dated_on=day) for n, day in enumerate(days)))
    path = "/api/v1/library/documents?q=古桥&limit=2"
    first = member.get(path).json()
    shelved(city, paper(city, "桥新", "古桥", dated_on=date(2021, 1, 1)))
    second = member.get(f"{path}&cursor={first['next']}").json()
    third = member.get(f"{path}&cursor={second['next']}").json()
    titles = [row["title"] for page in (first, second, third) for row in page["items"]]
    assert titles == ["桥1", "桥3", "桥2", "桥0", "桥4"]
    assert third["next"] is None
    assert member.get(f"{path}&cursor=abc").json()["code"] == "bad_cursor"


def test_a_corrected_text_is_found_by_its_new_words_only(city):
    member = city.member()
    shelved(city, paper(city, "关于古桥的建议", "石拱"), paper(city, "关于新桥的建议", "钢梁"))
    shelved(city, paper(city, "关于古桥的建议", "木廊"))
    assert (found(member, "石拱"), found(member, "木廊"), found(member, "钢梁")) == (
        set(),
        {"古桥"},
        {"新桥"},
    )
    with city.database.transaction() as db:
        conn = db.connection()
        assert service.put(conn, city.organization_id, [paper(city, "关于古桥的建议", "木廊")]) == Counter(
            same=1
        )
        assert conn.execute(table(LibraryDocument).select()).all()
    assert found(member, "木廊") == {"古桥"}
