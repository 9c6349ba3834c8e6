"""What the published rules of further cities say, each as a scenario of the engine."""

from typing import Any

import pytest

from app.points.engine import explanations
from app.points.engine.ruleset import Ruleset
from app.points.engine.yaml_text import UnreadableRulesetError, read
from tests.factories.points.city_rules import RATE, says, since
from tests.factories.points.engine import BOARDS, given_of, reasons, record, score

PROPOSAL: dict[str, Any] = {
    "id": "proposal",
    "label": "提交提案",
    "kinds": ["proposal.submitted"],
    "count": 1,
    "advice": "提交或联名一件提案",
}
MEETINGS: dict[str, Any] = {
    "id": "meetings",
    "label": "参加会议和活动",
    "kinds": ["activity.attended"],
    "count": 2,
    "advice": "报名参加会议",
}


def test_base_points_wait_until_every_minimum_duty_is_met():
    """完成全部基本要求的，计基础分60分；加分另计；缺席每次扣2分，扣完为止。"""
    rules = {
        "groups": [
            {"id": "basic", "label": "基本履职", "base": 60, "needs_minimums": True, "at_least": 0},
            {"id": "extra", "label": "加分", "at_most": 40},
        ],
        "rules": [
            {"id": "away", "label": "缺席", "kinds": ["activity.absent"], "points": -2, "group": "basic"},
            {"id": "speech", "label": "发言", "kinds": ["speech.delivered"], "points": 5, "group": "extra"},
        ],
        "minimums": [PROPOSAL, MEETINGS],
    }
    done = [record("activity.attended"), record("activity.attended"), record("speech.delivered")]
    absence = record("activity.absent")
    short = score(rules, *done, absence)
    assert given_of(short) == {"basic": 0, "speech": 5, "away": 0}, "nothing is deducted from nothing"
    assert reasons(short, "basic") == ["完成全部基本要求后才计分，还差：提交提案"]
    assert says(short)["basic"] == "基础分60分，完成全部基本要求后才计分"
    whole = score(rules, *done, absence, record("proposal.submitted", "joint", role="participant"))
    assert given_of(whole) == {"basic": 60, "speech": 5, "away": -2}
    assert reasons(whole, "basic") == [None]
    newcomer = score(rules, record("proposal.submitted"), sitting=since(7))
    assert [duty.lacks for duty in newcomer.minimums] == [0, 1], "of half a year half is due"


def test_rules_may_wait_for_minimum_duties_but_deductions_do_not():
    """完成基本任务后，方可计加分项目。"""
    rules = {
        "rules": [
            {
                "id": "honour",
                "label": "荣誉",
                "kinds": ["honor.received", "activity.absent"],
                "points_by": {"national": 10, "city": -1},
                "needs_minimums": True,
            }
        ],
        "minimums": [PROPOSAL],
    }
    honour, absence = record("honor.received", level="national"), record("activity.absent")
    assert score(rules, honour, absence).points == -100
    assert score(rules, honour, absence, record("proposal.submitted")).points == 900


def test_a_proposal_that_became_a_report_counts_as_the_city_says():
    """未立案转为社情民意信息的，提案人计3分，联名人计1分，不再按信息计分；不予立案的不计分。"""
    rules = {
        "rules": [
            {"id": "filed", "label": "立案", "kinds": ["proposal.filed"], "points": 10},
            {
                "id": "converted",
                "label": "提案转社情民意信息",
                "kinds": ["proposal.submitted"],
                "became": ["converted"],
                "points_by": {"lead": 3, "participant": 1},
            },
            {
                "id": "opinion",
                "label": "社情民意信息",
                "kinds": ["opinion.submitted"],
                "forms": ["single", "combined", "lead"],
                "points": 5,
            },
        ]
    }
    author = score(
        rules,
        record("proposal.submitted", "joint", became="converted"),
        record("opinion.submitted", "conversion"),
        record("proposal.submitted", "individual", became="declined"),
        record("proposal.submitted", "individual", became="filed"),
        record("proposal.filed", "individual", became="filed"),
    )
    assert given_of(author) == {"filed": 10, "converted": 3}
    assert [r.form for r in author.unscored] == ["conversion", "individual", "individual"]
    cosigner = score(rules, record("proposal.submitted", "joint", role="participant", became="converted"))
    assert cosigner.points == 100
    by_outcome = {"points_by": {"filed": 5, "converted": 2, "merged": 1}}
    one = {"id": "submitted", "label": "提案", "kinds": ["proposal.submitted"]} | by_outcome
    found = score(
        {"rules": [one]},
        *[record("proposal.submitted", "individual", became=b) for b in ("merged", "declined", None)],
    )
    assert found.points == 100
    assert reasons(found, "submitted") == [None, "没有列出“不予立案”的分值", "没有列出“其他”的分值"]
    assert found.lines[0].says == "每件立案5分，转为社情民意信息2分，并案1分"


def test_services_and_speeches_count_by_what_they_were():
    """走访联系每次1分，捐资捐物每次3分，两项合计不超过5分；口头发言8分，书面发言4分。"""
    rules = {
        "groups": [{"id": "service", "label": "服务群众", "at_most": 5}],
        "rules": [
            {
                "id": "service_by_form",
                "label": "服务",
                "kinds": ["service.rendered"],
                "points_by": {"visit": 1, "donation": 3},
                "group": "service",
            },
            {
                "id": "speech",
                "label": "发言",
                "kinds": ["speech.delivered"],
                "points_by": {"oral": 8, "written": 4},
            },
        ],
    }
    served = [
        record("service.rendered", form) for form in ("visit", "donation", "donation", "mediation", None)
    ]
    found = score(rules, *served, record("speech.delivered", "oral"), record("speech.delivered", "written"))
    assert given_of(found) == {"service_by_form": 5, "speech": 12}
    assert reasons(found, "service_by_form")[3:] == ["没有列出“矛盾化解”的分值", "没有列出“其他”的分值"]


def test_a_rate_is_full_where_nothing_was_due():
    """出勤率满分20分；全年没有通知参加会议的，按满分计。"""
    none = score({"rules": [RATE], "part_year": "none"})
    assert given_of(none) == {"rate": 20}
    assert reasons(none, "rate") == ["没有应计入比例的记录，按满分计"]
    assert says(none)["rate"] == "满分20分，按比例计，没有应计的按满分计"
    assert score({"rules": [RATE]}, record("activity.absent")).points == 0, "who was called and did not come"
    assert score({"rules": [RATE | {"full_if_none": False}]}).points == 0
    half = score({"rules": [RATE]}, record("activity.absent"), record("activity.attended"))
    assert half.points == 1000
    leaders = RATE | {"posts": ["chair"]}
    assert score({"rules": [leaders]}).points == 0, "a rule for others gives no full mark"


TEXT = """\
name: 某市政协办法
rules:
  - id: rate
    label: 出勤率
    kinds: [activity.attended]
    forms: [plenary, donation]
    points: 20
    full_if_none: true
  - id: served
    label: 服务
    kinds: [service.rendered]
    became: [converted]
    points_by: {visit: 1, donation: 2}
    needs_minimums: true
  - id: turned
    label: 转信息
    kinds: [proposal.submitted]
    became: [转信息]
    points: 1
scales:
  - id: year
    label: 等次
    bands:
      - label: 优秀
        top_count: 0
      - label: 其他
boards:
  - id: all
    label: 全部
    by: body
    posts: [chair, vice_chair, secretary_general, standing_member, member]
"""


def faults(text: str) -> list[tuple[int, str | None, str]]:
    with pytest.raises(UnreadableRulesetError) as unreadable:
        read(text)
    return [(fault.line, fault.rule, fault.detail) for fault in unreadable.value.faults]


def test_faults_name_line_and_rule():
    values = faults(TEXT)
    assert [(line, rule) for line, rule, _ in values] == [(18, "turned"), (25, "year"), (30, "all")]
    assert values[0][2] == "“turned”的 became：没有提案结果“转信息”，可填：filed、declined、converted、merged"
    parts = (
        TEXT.replace("转信息]", "converted]")
        .replace("top_count: 0", "top_count: 3")
        .replace("body", "sector")
    )
    assert faults(parts) == [
        (6, "rate", "“rate”的 forms：“出席会议活动”没有形式“donation”"),
        (8, "rate", "“rate”的 full_if_none：full_if_none 只与 out_of 一起使用"),
        (12, "served", "“served”的 became：became 只用于提案的履职类别"),
        (14, "served", "“served”的 needs_minimums：本办法没有基本要求（minimums）"),
    ]


def test_the_published_rules_say_all_of_it_in_sentences():
    bands = [
        {"label": "优秀", "top_count": 3, "needs_minimums": True},
        {"label": "合格", "points": 60},
        {"label": "其他"},
    ]
    whole = {
        "name": "办法",
        "base": 70,
        "rules": [RATE],
        "minimums": [PROPOSAL],
        "scales": [{"id": "year", "label": "年度等次", "bands": bands}],
        "boards": [board | {"by": "committee"} for board in BOARDS],
    }
    text = explanations.formula(Ruleset.model_validate(whole))
    assert "年度等次：优秀（前3名，完成全部基本要求）；合格（不低于60分）；其他。" in text
    assert "“全部”榜按专委会分别排名；参加几个专委会的，等次按名次最好的一个定。" in text
    assert "基本要求：提交提案，全年至少1件。" in text
    assert text[-2] == (
        "任职不满一年的，基础分、按比例计的满分、合格线、分数等次和基本要求按任职月数折算，不足一个月按一个月计。"
    )
    text = explanations.formula(Ruleset.model_validate(whole | {"part_year": "score"}))
    assert text[-2].endswith("不足一个月按一个月计；基础分、按比例计的满分、扣分不折算。")
