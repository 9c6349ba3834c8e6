"""Who came or left within a year: what is converted, and what stays whole."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.points.engine.ruleset import MONTHS
from app.points.engine.score import Sitting
from tests.factories.points.city_rules import RATE, says, since
from tests.factories.points.engine import given_of, reasons, record, score

SPEECH = {"id": "speech", "label": "发言", "kinds": ["speech.delivered"], "points": 5}
AWAY = {"id": "away", "label": "缺席", "kinds": ["activity.absent"], "points": -2}


@pytest.mark.parametrize(
    ("how", "points", "converted"),
    [
        ("none", 70 + 20 + 5 - 2, None),
        ("score", 70 + 20 + 60 - 2, 55),
        ("standards", 5.83 + 1.67 + 5 - 2, None),
    ],
)
def test_a_base_of_seventy_stays_one_for_who_came_in_december(how, points, converted):
    """基础分70分；年中增补的委员按任职月数折算：十二月增补的，基础分不能变成840分。"""
    rules = {"base": 70, "rules": [RATE, SPEECH, AWAY | {"kinds": ["activity.excused"]}], "part_year": how}
    called = record("activity.excused"), record("speech.delivered")
    december = since(12)
    found = score(rules | {"rules": [RATE | {"out_of": {"kinds": ["update.posted"]}}, *rules["rules"][1:]]},
                  *called, sitting=december)  # fmt: skip
    assert found.points == round(points * 100)
    assert given_of(found).get("part_year") == converted
    if converted:
        assert says(found)["part_year"] == (
            "任职1个月，按全年12个月折算：只折算履职所得的5分，基础分、按比例计的分和扣分不折算"
        )
    if how == "standards":
        assert reasons(found, "base") == ["任职1个月，按全年的1/12计"]


def test_what_is_converted_stays_below_the_most_of_all():
    rules = {"base": 70, "at_most": 100, "rules": [SPEECH], "part_year": "score"}
    assert score(rules, record("speech.delivered"), sitting=since(12)).points == 10_000
    assert score(rules, record("speech.delivered"), sitting=since(7)).points == 8_000


def seat(months: int) -> Sitting:
    return Sitting("member", date(2026, MONTHS + 1 - months, 1), date(2026, 12, 31))


amounts = st.integers(0, 20_000).map(lambda n: n / 100)


@given(
    amounts,
    amounts,
    st.sampled_from(["none", "score", "standards"]),
    st.lists(st.integers(1, 12), min_size=2),
)
def test_base_points_grow_with_the_months_and_never_past_the_base(base, inner, how, months):
    rules = {
        "base": base,
        "groups": [{"id": "basic", "label": "基本", "base": inner}],
        "rules": [RATE, SPEECH],
        "part_year": how,
    }
    points = [score(rules, sitting=seat(n)).points for n in sorted(months)]
    assert points == sorted(points)
    whole = round(base * 100) + round(inner * 100) + 2000
    assert all(0 <= p <= whole for p in points)
    assert how == "standards" or set(points) == {whole}
    assert score(rules, sitting=seat(12)).points == whole


@given(
    st.integers(0, 6), st.integers(0, 6), st.sampled_from(["none", "score", "standards"]), st.integers(1, 12)
)
def test_fewer_months_never_cost_what_acts_earned_and_no_absence_is_multiplied(
    speeches, absences, how, months
):
    rules = {"rules": [SPEECH, AWAY], "part_year": how}
    ledger = [record("speech.delivered")] * speeches + [record("activity.absent")] * absences
    found, whole = score(rules, *ledger, sitting=seat(months)), score(rules, *ledger)
    assert whole.points <= found.points <= (500 * speeches * 12) / months - 200 * absences + 1
    assert found.points == sum(line.points for line in found.lines)
