from datetime import UTC, date, datetime, timedelta
from inspect import getfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from app.cards.facts import CardRecord, CardStep, Companion, FactsSpan, TopPost
from app.cards.sections.compose import SECTIONS, compose, shareable
from app.cards.service import SOURCES, version_of
from app.duty.kinds import KINDS
from app.heat.formula import HeatAct, ScorePart
from tests.factories.processes.cards import (
    HELD,
    MET,
    PLENARY,
    PROPOSAL,
    TERM,
    YEAR,
    facts,
    record,
    sections,
    values,
)


def test_a_year_without_duty_has_an_opening_what_is_missing_and_a_closing():
    assert list(sections(facts())) == ["opening", "closing"], (
        "nothing is required where no rules are in force"
    )
    found = sections(facts(minimums=[PROPOSAL, PLENARY, MET]))
    assert list(found) == ["opening", "shortfall", "closing"]
    assert found["shortfall"]["text"] == "距离年度基本要求还差：提交提案1件、参加全体会议2个半天。"
    assert found["opening"]["figures"] == []
    assert found["opening"]["text"] == "这一年的履职台账上没有留下记录。"
    assert (
        sections(facts(today=date(2026, 5, 1)))["opening"]["text"] == "这一年的履职之路，正等待写下第一笔。"
    )
    assert [(i["title"], i["detail"]) for i in found["shortfall"]["items"]] == [
        ("提交或联名一件提案", "提交提案还差1件"),
        ("参加全体会议并签到", "参加全体会议还差2个半天"),
    ]


def test_days_are_distinct_and_the_longest_run_is_found_across_months():
    days = [date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 5), date(2026, 3, 6)]
    acts = [record("update.posted", day, subject_id=i) for i, day in enumerate(days)]
    acts.append(record("reply.posted", days[0], subject_id=9))
    acts.append(
        record("proposal.filed", date(2026, 2, 2))
    )  # done by the secretariat, on no day of the member's
    found = sections(facts(*acts))["days"]
    assert values(found) == {"days": 5, "acts": 6, "streak": 3}
    assert (
        found["figures"][1]["records"] == "/api/v1/seats/7/days?since=2026-01-30&until=2026-02-01&year=2026"
    )
    assert [point["value"] for point in found["series"]] == [3, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    assert found["text"] == "在 5 天里留下了履职的足迹，最长连续 3 天，1月最为忙碌。"


def test_a_duty_year_from_december_has_its_own_twelve_months():
    period = FactsSpan("2026", "2026年度", date(2025, 12, 1), date(2026, 11, 30), 2026)
    act = CardRecord("update.posted", date(2025, 12, 1), 2026, 1, ("update", 1), "")
    series = sections(facts(act, period=period))["days"]["series"]
    assert [p["label"] for p in series] == [f"{m}月" for m in (12, *range(1, 12))]
    assert series[0]["value"] == 1


def test_a_term_counts_all_years_and_expects_nothing():
    acts = [record("update.posted", date(year, 5, 1), subject_id=year) for year in (2024, 2026)]
    found = sections(facts(*acts, period=TERM))
    assert "shortfall" not in found
    assert found["updates"]["figures"][0]["records"] == "/api/v1/seats/7/records?kind=update.posted"
    assert found["days"]["series"] == [
        {"label": "2024年", "value": 1},
        {"label": "2025年", "value": 0},
        {"label": "2026年", "value": 1},
    ]


def test_another_year_is_not_on_the_card_of_this_one():
    found = sections(facts(record("update.posted", date(2025, 12, 31))))
    assert "updates" not in found
    assert "days" not in found


def test_proposals_tell_the_journey_of_one_that_is_on_file():
    acts = [
        record("proposal.submitted", date(2026, 1, 10), subject_id=3, title="关于完善管网的建议"),
        record("proposal.filed", date(2026, 2, 1), subject_id=3, title="关于完善管网的建议"),
        record("proposal.submitted", date(2026, 1, 11), subject_id=4, title="未立案的建议"),
    ]
    journey = (CardStep("submit", date(2026, 1, 10)), CardStep("file", date(2026, 2, 1)))
    found = sections(facts(*acts, journey_of=3, journey=journey))["proposals"]
    assert values(found) == {"filed": 1, "submitted": 2}
    assert found["text"] == "提交提案 2 件，立案 1 件。"
    assert [(i["title"], i["on"]) for i in found["items"]] == [
        ("《关于完善管网的建议》", "2026-02-01"),
        ("提交", "2026-01-10"),
        ("立案", "2026-02-01"),
    ]
    only = sections(facts(acts[2], journey_of=4, journey=journey[:1]))["proposals"]
    assert only["items"] == []


def test_activities_count_half_days_and_keep_what_was_missed_private():
    acts = [
        record("activity.attended", date(2026, 1, 10), 4, 1, "全体会议"),
        record("activity.attended", date(2026, 3, 10), 1, 2, "视察"),
        record("activity.absent", date(2026, 4, 10), 1, 3, "培训"),
    ]
    found = sections(facts(*acts))
    assert values(found["activities"]) == {"attended": 2, "half_days": 5}
    assert found["activities"]["text"] == "出席会议活动 2 次。"
    assert sections(facts(*acts[:2]))["activities"]["text"] == "出席会议活动 2 次，全勤。"
    assert found["shortfall"]["text"] == "有 1 次会议活动缺席。"
    assert values(found["shortfall"]) == {"called": 3, "absent": 1}


def test_marks_within_marks_are_single():
    acts = [
        record("activity.attended", date(2026, 1, 10), title="“两会”座谈"),
        record("reading.noted", date(2026, 1, 11), title="读《乡土中国》"),
    ]
    found = sections(facts(*acts))
    assert [found[kind]["items"][0]["title"] for kind in ("activities", "reading")] == [
        "“‘两会’座谈”",
        "《读〈乡土中国〉》",
    ]


def test_reading_counts_distinct_books():
    acts = [
        record("reading.logged", date(2026, 1, day), 40, day, title)
        for day, title in ((1, "论语"), (2, "论语"), (3, "孟子"))
    ]
    found = sections(facts(*acts))["reading"]
    assert values(found) == {"minutes": 120, "books": 2}
    assert [i["title"] for i in found["items"]] == ["《孟子》", "《论语》"]


def test_echo_and_opinions_are_counted_from_acts():
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    opinion = HeatAct(ScorePart.OPINION, moment, date(2026, 5, 1), ("reply", 1), topic_id=2)
    reply = HeatAct(ScorePart.REPLY, moment, date(2026, 5, 1), ("reply", 2), other=8)
    echo = HeatAct(ScorePart.ECHO, moment, date(2026, 5, 1), ("reply", 1), other=8)
    given = facts(
        record("reply.posted", date(2026, 5, 1)),
        replies=(opinion, reply),
        supports=(echo, echo),
        answers=(echo,),
        best_opinion=TopPost("reply", 1, "把社区食堂开在老人走得到的地方", 3, date(2026, 5, 1)),
    )
    found = sections(given)
    assert values(found["deliberation"]) == {"opinions": 1, "replies": 1}
    assert found["deliberation"]["items"][0]["title"] == "“把社区食堂开在老人走得到的地方”"
    assert found["updates"]["text"] == "动态和发言共收到 2 次赞同、1 条回复。"


def test_companions_and_milestones_and_honours():
    replies = [record("reply.posted", date(2025, 6, 1) + timedelta(days=i), subject_id=i) for i in range(250)]
    given = facts(
        *replies,
        record("honor.received", date(2026, 3, 1), title="先进个人"),
        cosigners=(Companion(8, "陆川", 2),),
        partners=(Companion(8, "陆川", 5), Companion(9, "周岚", 4)),
    )
    found = sections(given)
    assert [(i["title"], i["detail"]) for i in found["companions"]["items"]] == [
        ("陆川", "联名提案 2 件"),
        ("周岚", "往来互动 4 次"),
    ]
    # the first reply and the hundredth fell into 2025
    assert "milestones" not in found
    before = sections(
        facts(*replies, period=FactsSpan("2025", "2025年度", date(2025, 1, 1), date(2025, 12, 31), 2025))
    )
    assert [i["title"] for i in before["milestones"]["items"]] == ["第一次参与讨论", "第 100 条：参与讨论"]
    assert before["milestones"]["text"] == "迎来了第 100 条参与讨论。"
    assert found["honors"]["items"][0] == {"title": "“先进个人”", "detail": "获得荣誉", "on": "2026-03-01"}


def test_the_shareable_card_has_nothing_private_and_no_ranks():
    acts = [record("opinion.submitted", date(2026, 2, 1), title="社区民警反映的问题")]
    whole = compose(facts(*acts, minimums=[PROPOSAL]))
    shared = shareable(whole)
    assert "shortfall" in {s["kind"] for s in whole["sections"]}
    assert "shortfall" not in {s["kind"] for s in shared["sections"]}
    assert "社区民警" in str(whole)
    assert "社区民警" not in str(shared)
    assert all(f["records"] is None for s in shared["sections"] for f in s["figures"])
    assert all(f["records"] for s in whole["sections"] for f in s["figures"])
    for word in ("排名", "名次", "第一名", "%的委员", "超过了"):
        assert word not in str(whole)


def test_sections_keep_their_order():
    kinds = [
        section["kind"]
        for section in compose(
            facts(*(record(kind, date(2026, 1, 1), title="某事") for kind in KINDS), journey_of=1)
        )["sections"]
    ]
    order = [section.__name__ for section in SECTIONS]
    assert kinds == [kind for kind in order if kind in kinds]
    assert len(kinds) == 14


#: What others made of one's acts, which a card tells by the act itself.
NO_FIGURE = {"opinion.issued", "output.adopted", "seed.taken_up", "seed.bore_fruit"}


def test_each_kind_of_the_ledger_has_its_figure():
    card = compose(
        facts(*(record(kind, date(2026, 1, 1), title="某事") for kind in KINDS), minimums=[PLENARY])
    )
    paths = [figure["records"] for section in card["sections"] for figure in section["figures"]]
    told = {kind for path in paths for kind in parse_qs(urlsplit(path or "").query).get("kind", [])}
    assert set(KINDS) - told == NO_FIGURE


def test_what_is_done_among_the_people_has_its_pages():
    kinds = ("visit.made", "service.rendered", "matter.brought", "matter.prepared", "finding.adopted")
    found = sections(facts(*(record(kind, date(2026, 3, 1), title="某事") for kind in kinds)))
    assert found["service"]["text"] == "走访联系 1 次，服务群众 1 次。"
    said = "提出协商议题 1 件，为议题走访调研 1 次，有 1 条意见建议被采纳。"
    assert found["consultation"]["text"] == said
    assert not found["consultation"]["items"], "titles of matters are not for everybody"
    assert "activities" not in found


def test_an_unfinished_year_says_so():
    card = compose(facts(today=date(2026, 12, 31)))
    assert card["period"]["complete"] is False
    assert card["sections"][-1]["text"] == "履职仍在路上，每一次发声都算数。"
    assert compose(facts(today=date(2027, 1, 1)))["period"]["complete"] is True


@pytest.mark.parametrize(
    ("last", "end", "today", "period", "says"),
    [
        (date(2028, 12, 31), None, date(2027, 1, 1), YEAR, "来年继续同行"),
        (date(2028, 12, 31), None, date(2026, 5, 1), YEAR, "履职仍在路上"),
        (date(2026, 12, 31), "term_over", date(2027, 1, 1), YEAR, "这一届的履职到这里圆满"),
        (date(2026, 6, 30), "resigned", date(2026, 7, 1), YEAR, "履职的路走到这里"),
        (date(2026, 6, 30), "transferred", date(2027, 7, 1), TERM, "换了岗位"),
        (date(2026, 6, 30), "removed", date(2027, 7, 1), YEAR, "到此为止"),
        (date(2026, 6, 30), None, date(2027, 7, 1), TERM, "履职的路走到这里"),
        (date(2026, 6, 30), "died", date(2026, 7, 1), YEAR, "斯人已去"),
        (date(2027, 6, 30), "died", date(2028, 7, 1), YEAR, "斯人已去"),
        (date(2027, 6, 30), "resigned", date(2027, 7, 1), YEAR, "这一年的每一步都算数"),
        (date(2028, 12, 31), "term_over", date(2029, 1, 1), TERM, "感谢这一届的陪伴"),
    ],
)
def test_the_last_words_follow_how_the_seat_ended(last, end, today, period, says):
    given = facts(period=period, today=today, held=(HELD[0], last), end=end)
    found = sections(given)
    assert says in found["closing"]["text"]
    assert ("来年" in found["closing"]["text"]) == (says == "来年继续同行")
    assert ("正等待" in found["opening"]["text"]) == (today <= min(last, period.last))
    assert "shortfall" not in found or (last > period.last and end != "died") or today <= last


def test_a_change_of_any_source_makes_cards_anew(tmp_path):
    known = {Path(file).name for file in SOURCES}
    assert {Path(getfile(section)).name for section in SECTIONS} | {"kinds.py", "stop.txt"} <= known
    copies = [tmp_path / f"{number}{file.suffix}" for number, file in enumerate(SOURCES)]
    for file, copy in zip(SOURCES, copies, strict=True):
        copy.write_bytes(file.read_bytes())
    same = version_of(copies)
    assert version_of(reversed(copies)) == same
    copies[3].write_text(copies[3].read_text() + "#")
    assert version_of(copies) != same
    assert 0 < version_of(SOURCES) < 2**31
