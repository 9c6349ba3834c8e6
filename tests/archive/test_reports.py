"""The duty report of a year: figures that count what it lists, words of the standing committee, nobody else's eyes."""

import pytest

from app.auth.permissions import Role
from app.core import clock
from app.people.models import Post
from tests.exports.reading import exported, name_of, paragraphs, tables, text_of
from tests.factories.city import City
from tests.factories.domains.archive import claimed, done, records, speech

WORDS = {"study": "参加理论学习十二次。\n读书四本。", "plans": "多走访。"}


def this_year() -> int:
    return clock.local_day(clock.now()).year


def path(who, year: int | None = None) -> str:
    return f"/api/v1/seats/{who.seat_id}/reports/{year or this_year()}"


def saved(who, version: int, **words):
    return who.put(path(who), words, headers={"If-Match": f'"{version}"'})


@pytest.fixture
def busy(city):
    """A standing member with a year of duty of several kinds."""
    member, staff = city.member("沈𬭎", post=Post.STANDING_MEMBER), city.staff()
    held_on = clock.local_day(clock.now()).isoformat()
    for number in range(3):
        member.post("/api/v1/updates", {"body": f"走访第{number}户", "kind": "visit"})
    member.post("/api/v1/reading/logs", {"book": "乡土中国", "minutes": 40})
    member.post("/api/v1/reading/logs", {"book": "江村经济", "minutes": 20})
    done(staff, claimed(member, act=speech(held_on=held_on)), "confirm")
    return member, staff


def test_every_figure_counts_what_is_listed(busy):
    member, _ = busy
    assert saved(member, 0, **WORDS).status_code == 200
    figures = {f["kind"]: f["records"] for f in member.get(path(member)).json()["figures"]}
    assert figures == {"update.posted": 3, "reading.logged": 2, "speech.delivered": 1}
    for kind, count in figures.items():
        listed = member.get(
            f"/api/v1/seats/{member.seat_id}/records", params={"kind": kind, "year": this_year()}
        )
        assert len(listed.json()["items"]) == count

    in_word, in_pdf = (member.get(f"{path(member)}/document.{ending}") for ending in ("docx", "pdf"))

    _, counted, *lists = tables(in_word.content)
    assert counted == [
        ["事项", "记录数", "数量"],
        ["发布动态", "3", "3 条"],
        ["大会发言", "1", "1 次"],
        ["读书打卡", "2", "60 分钟"],
    ]
    assert [len(rows) - 1 for rows in lists] == [int(row[1]) for row in counted[1:]]
    said = [text for text in paragraphs(in_word.content) if text]
    assert said[:3] == ["政协云川市委员会", "第十六届", f"{this_year()}年度履职报告"]
    assert said[said.index("二、学习情况") :][:3] == ["二、学习情况", "参加理论学习十二次。", "读书四本。"]
    assert "本年度共有履职记录6条。" in said
    assert "八、履职记录" in said
    assert name_of(in_pdf) == f"沈𬭎{this_year()}年度履职报告.pdf"
    assert "发布动态（3条）" in text_of(in_pdf.content)
    assert "大会发言（1条）" in text_of(in_pdf.content)


def test_others_report_by_figures_alone(city):
    member = city.member()
    found = member.get(path(member)).json()
    assert (found["passages"], found["may_edit"], found["figures"]) == ([], False, [])
    refused = saved(member, 0, **WORDS)
    assert (refused.status_code, refused.json()["code"]) == (403, "standing_only")
    said = paragraphs(member.get(f"{path(member)}/document.docx").content)
    assert "本年度没有履职记录。" in said
    assert not any("学习情况" in text for text in said)


def test_words_are_kept_in_versions_and_a_stale_edit_loses_nothing(busy):
    member, staff = busy
    first = saved(member, 0, **WORDS).json()
    assert (first["version"], first["passages"][0]["text"]) == (1, WORDS["study"])
    assert saved(member, 0, **WORDS).json()["version"] == 1, "a lost answer"
    second = saved(member, 1, study="改过。").json()
    assert second["version"] == 2
    stale = saved(member, 1, study="别处改的。")
    assert (stale.status_code, stale.json()["current"]["version"]) == (412, 2)
    assert stale.json()["current"]["passages"][0]["text"] == "改过。"
    assert saved(member, 7, study="没有的版本。").status_code == 412
    versions = staff.get(f"{path(member)}/versions").json()["items"]
    assert [row["version"] for row in versions] == [2, 1]
    old = member.get(f"{path(member)}/versions/1").json()
    assert old["passages"][0]["text"] == WORDS["study"]
    assert member.get(f"{path(member)}/versions/9").status_code == 404
    assert saved(member, 2, study="长" * 5_001).status_code == 422
    assert member.put(path(member), WORDS).json()["code"] == "if_match_required"


def test_a_report_is_for_its_member_and_the_secretariat(city, busy, app):
    member, staff = busy
    saved(member, 0, **WORDS)
    county = City(app, city.database, name="政协柳溪县委员会")
    ways = ("", "/versions", "/versions/1", "/document.docx", "/document.pdf")
    for who in (city.member(), city.staff(Role.LEADER), county.member(), county.staff()):
        assert {who.get(path(member) + way).status_code for way in ways} == {404}
    assert {staff.get(path(member) + way).status_code for way in ways} == {200}
    assert city.member().put(path(member), WORDS, headers={"If-Match": '"1"'}).status_code == 404
    assert [(account, action) for account, action, *_ in exported(city)] == [
        (staff.account_id, "duty_report.exported")
    ] * 2


def test_a_year_without_the_seat_has_no_report(city):
    member = city.member(post=Post.CHAIR)
    for year in (this_year() - 9, this_year() + 1):
        assert member.get(path(member, year)).json()["code"] == "year_outside_seat"
        assert member.get(f"{path(member, year)}/document.pdf").status_code == 404
    assert member.get(path(member, 99_999)).status_code == 422


def test_the_archive_as_excel_takes_the_filters_of_the_list(busy):
    member, _ = busy
    only = {"kind": "speech.delivered", "year": this_year()}
    answer = member.get(f"/api/v1/exports/seats/{member.seat_id}/records.xlsx", params=only)
    assert answer.status_code == 200
    assert len(records(member)) == 6
