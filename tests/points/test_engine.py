"""The engine: what the published rules say, clause by clause, and what holds for every ruleset and ledger."""

from datetime import date
from typing import Any

import pytest

from app.points.engine.score import Sitting, months_held
from tests.factories.points.engine import YEAR, given_of, reasons, record, score


def test_minhang_meetings_and_training():
    found = score(
        "minhang",
        record("activity.attended", "plenary", quantity=6, half_days=6),
        record("activity.attended", "research"),
        record("activity.attended", "inspection"),
        record("activity.attended", "training", quantity=4, half_days=4),
        record("activity.attended", "training", quantity=1, half_days=4),
    )
    assert given_of(found) == {"plenary": 30, "activity": 10, "training_whole": 10, "training_part": 5}
    assert found.points == 5500


def test_minhang_filed_proposals_count_once_a_year_and_the_higher_of_lead_and_part():
    lead = [record("proposal.filed", "individual"), record("proposal.filed", "joint")]
    part = [record("proposal.filed", "joint", role="participant")]
    found = score("minhang", *lead, *part)
    assert given_of(found) == {"proposal_lead": 15, "proposal_part": 0}
    assert reasons(found, "proposal_lead") == [None, "每年只计一次"]
    assert reasons(found, "proposal_part") == ["与“立案提案（个人或主笔）”就高计分"]
    assert score("minhang", *part).points == 300


def test_minhang_key_and_commended_proposals():
    found = score(
        "minhang",
        record("proposal.marked_key", "joint"),
        record("proposal.marked_key", "joint", role="participant"),
        record("proposal.commended", "joint"),
        record("proposal.commended", "joint", role="participant"),
    )
    assert given_of(found) == {"proposal_key": 18, "proposal_commended": 12}
    assert found.lines[0].says == "每件主要承担15分，参与3分"


def test_minhang_an_adopted_and_commented_report_counts_its_highest_credit():
    report: dict[str, Any] = {"subject": ("opinion_report", 7)}
    found = score(
        "minhang",
        record("opinion.adopted", "single", level="county", **report),
        record("opinion.commented", "single", **report),
    )
    assert found.points == 1000
    assert reasons(found, "opinion_adopted") == ["同一事项已就高计分"]


def test_minhang_minimums_not_yet_met_say_what_would_meet_them():
    found = score("minhang", record("activity.attended", "research"), record("opinion.submitted", "single"))
    assert [(d.id, d.done, d.due, d.met) for d in found.minimums] == [
        ("plenary", 0, 1, False),
        ("activities", 1, 3, False),
        ("proposal", 0, 1, False),
        ("opinion", 1, 1, True),
    ]
    assert all(duty.advice for duty in found.minimums)


def test_hongkou_caps_halves_and_deductions():
    found = score(
        "hongkou",
        *[record("proposal.filed", "individual") for _ in range(4)],
        *[record("proposal.filed", "joint", role="participant") for _ in range(5)],
        record("opinion.submitted", "single"),
        record("opinion.submitted", "single", role="participant"),
        record("activity.excused", "plenary", must_attend=True),
        record("activity.absent", "plenary", must_attend=True),
        record("activity.absent", "research"),
    )
    assert given_of(found) == {
        "proposal": 9,
        "proposal_joint": 3,
        "opinion": 1.5,
        "excused": -1,
        "absent": -2,
    }
    assert reasons(found, "proposal") == [None, None, None, "立案提案最多计9分"]
    assert [r.kind for r in found.unscored] == ["activity.absent"]


def test_part_year_members_are_measured_pro_rata():
    july = Sitting("member", date(2026, 7, 10), date(2026, 12, 31))
    found = score("minhang", sitting=july)
    assert found.months == 6
    assert {d.id: d.due for d in found.minimums} == {"activities": 2, "proposal": 1, "opinion": 1}
    rules = [{"id": "a", "label": "发言", "kinds": ["speech.delivered"], "points": 5}]
    whole = score(
        {"rules": rules, "part_year": "score", "pass_mark": 8}, record("speech.delivered"), sitting=july
    )
    assert whole.points == 1000
    assert given_of(whole) == {"a": 5, "part_year": 5}
    marked = score(
        {"rules": rules, "part_year": "standards", "pass_mark": 8}, record("speech.delivered"), sitting=july
    )
    assert (marked.points, marked.pass_mark) == (500, 400)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2026-01-01", "2026-12-31", 12),
        ("2025-06-01", "2027-06-01", 12),
        ("2026-03-31", "2026-04-01", 2),
        ("2026-12-31", "2027-01-01", 1),
        ("2027-01-01", "2027-02-01", 0),
        ("2022-01-01", "2026-06-30", 6),
    ],
)
def test_begun_months_count_whole(first, last, months):
    sitting = Sitting("member", date.fromisoformat(first), date.fromisoformat(last))
    assert months_held(sitting, *YEAR) == months


def one(**more: Any) -> dict[str, Any]:
    return {"rules": [{"id": "a", "label": "甲", "kinds": ["reading.logged"], "points": 2} | more]}


@pytest.mark.parametrize(
    ("rule", "points", "why"),
    [
        ({}, 8, None),
        ({"at_most_count": 3}, 6, "甲最多计3次"),
        ({"at_most": 5}, 5, "甲最多计5分"),
        ({"once": "day"}, 4, "每天只计一次"),
        ({"once": "month"}, 4, "每月只计一次"),
        ({"once": "quarter"}, 4, "每季度只计一次"),
        ({"once": "year"}, 2, "每年只计一次"),
        ({"every": 3}, 2, "每3次计一次分，此次未满"),
        ({"per": "quantity", "every": 60}, 4, "每60分钟计一次分，此次未满"),
        ({"further": 0.5}, 3.5, None),
        ({"first": 2, "further": 0}, 4, None),
        ({"posts": ["chair"]}, 0, None),
    ],
)
def test_what_a_rule_can_say(rule, points, why):
    days = ["2026-02-03", "2026-02-03", "2026-06-01", "2026-06-01"]
    found = score(one(**rule), *[record("reading.logged", on=on, quantity=40) for on in days])
    assert found.points == points * 100
    assert {r for r in reasons(found, "a") if r} == ({why} if why else set())


def test_base_points_lose_what_is_deducted_but_no_more():
    rules = [{"id": "late", "label": "缺席", "kinds": ["activity.absent"], "points": -15, "group": "duty"}]
    groups = [{"id": "duty", "label": "出勤", "base": 20, "at_least": 0}]
    one_absence, two = record("activity.absent"), record("activity.absent")
    assert score({"rules": rules, "groups": groups}).points == 2000
    assert score({"rules": rules, "groups": groups}, one_absence).points == 500
    found = score({"rules": rules, "groups": groups}, one_absence, two)
    assert given_of(found) == {"duty": 20, "late": -20}
    assert reasons(found, "late") == [None, "出勤最少计0分"]


def test_the_higher_of_deductions_is_of_those_that_were_made():
    rules = [
        {"id": "leave", "label": "请假", "kinds": ["activity.excused"], "points": -1, "group": "duty"},
        {"id": "away", "label": "缺席", "kinds": ["activity.absent"], "points": -2, "group": "duty"},
    ]
    groups = [{"id": "duty", "label": "出勤", "take": "highest"}]
    assert score({"rules": rules, "groups": groups}, record("activity.absent")).points == -200
    both = score({"rules": rules, "groups": groups}, record("activity.absent"), record("activity.excused"))
    assert given_of(both) == {"leave": -1, "away": 0}


def test_a_duty_of_which_nothing_falls_on_the_months_held_is_none():
    december = Sitting("member", date(2026, 12, 10), date(2026, 12, 31))
    assert score("minhang", sitting=december).minimums == []


def test_a_rate_gives_its_share():
    rule = {
        "points": 20,
        "kinds": ["activity.attended"],
        "out_of": {"kinds": ["activity.absent", "activity.excused"]},
    }
    records = [*[record("activity.attended") for _ in range(2)], record("activity.absent")]
    assert score(one(**rule), *records).points == 1333


def test_groups_in_groups_are_capped_from_within():
    rules = [
        {"id": "a", "label": "甲", "kinds": ["update.posted"], "points": 1, "group": "in", "at_most": 3},
        {"id": "b", "label": "乙", "kinds": ["reply.posted"], "points": 1, "group": "in"},
    ]
    groups = [
        {"id": "in", "label": "里", "group": "out", "at_most": 4},
        {"id": "out", "label": "外", "at_most_count": 3},
    ]
    records = [record(k) for k in ("update.posted",) * 5 + ("reply.posted",) * 5]
    found = score({"rules": rules, "groups": groups}, *records)
    assert found.points == 300
    assert {r for line in found.lines for r in reasons(found, line.id)} == {
        None,
        "甲最多计3分",
        "里最多计4分",
        "外最多计3次",
    }
