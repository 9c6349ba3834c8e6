"""What holds of the formula whatever is done: properties of the pure functions."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.heat import explanation, formula
from tests.heat.city_of_acts import Did, heat_of, lines_of

SEATS = st.integers(1, 5)
START = datetime(2026, 3, 20, tzinfo=UTC)


@st.composite
def acts(draw, most=30):
    """Acts at distinct moments of some weeks over the end of a month."""
    minutes = draw(st.lists(st.integers(0, 20 * 1440), unique=True, max_size=most))
    return [_act(draw, START + timedelta(minutes=minute)) for minute in minutes]


def _act(draw, at):
    what = draw(st.sampled_from(["opinion", "reply", "update", "support", "support"]))
    by, to = draw(SEATS), draw(st.one_of(st.none(), SEATS))
    if what == "support" and to == by:
        to = None  # nobody can support what is their own
    flaw = draw(st.sampled_from([None, None, formula.SHORT, formula.COPY])) if what != "support" else None
    return Did(what, at, at.date(), by, None if what == "update" else to, 1, flaw)


@given(acts(), st.data())
@settings(max_examples=150, deadline=None)
def test_a_further_act_of_ones_own_or_a_further_response_never_lowers(did, data):
    latest = max((one.at for one in did), default=START)
    further = _act(data.draw, latest + timedelta(minutes=data.draw(st.integers(1, 3000))))
    before, after = heat_of(did), heat_of([*did, further])
    assert after[further.by] >= before[further.by]
    if further.to is not None:
        assert after[further.to] >= before[further.to]


@given(acts(), SEATS, st.data())
@settings(max_examples=60, deadline=None)
def test_what_one_does_to_oneself_gives_nothing(did, seat, data):
    at = START + timedelta(days=25)
    own = [
        Did("reply", at + timedelta(minutes=n), at.date(), seat, seat)
        for n in range(data.draw(st.integers(1, 5)))
    ]
    assert heat_of([*did, *own]) == heat_of(did) or heat_of([*did, *own]) - heat_of(did) == {}


@given(acts(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_changes_nothing(did, chance):
    numbered = [one._replace(n=n) for n, one in enumerate(did, start=1)]
    shuffled = list(numbered)
    chance.shuffle(shuffled)
    assert lines_of(numbered) == lines_of(shuffled)


@given(acts(), SEATS, SEATS, st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_two_who_answer_each_other_gain_one_response_and_their_days_of_speaking(did, one, other, times):
    if one == other:
        return
    at = START + timedelta(days=25)  # all in one month
    chat = []
    for n in range(times):
        chat += [
            Did("reply", at + timedelta(minutes=2 * n), at.date(), one, other),
            Did("reply", at + timedelta(minutes=2 * n + 1), at.date(), other, one),
        ]
    gain = heat_of([*did, *chat])
    gain.subtract(heat_of(did))
    assert gain[one] + gain[other] <= 1 + 2
    assert max(gain[one], gain[other]) <= 2


@pytest.mark.parametrize("size", [3, 5, 12])
def test_a_ring_is_one_voice_to_each_however_often_it_supports_itself(size):
    did = [
        Did(
            "support",
            START + timedelta(hours=hour, minutes=n),
            (START + timedelta(hours=hour)).date(),
            by,
            to,
        )
        for hour in range(0, 200, 5)
        for n, (by, to) in enumerate((a, b) for a in range(1, size + 1) for b in range(1, size + 1) if a != b)
    ]
    assert max(heat_of(did).values()) <= 1


def test_the_examples_say_what_the_formula_gives():
    shown = explanation.examples()
    assert [(one["title"], one["heat"]) for one in shown] == [
        ("一条有内容的动态，三位委员回应", 4),
        ("一天连发十二条“好”", 0),
        ("把一篇长文拆开，两天发四条", 2),
        ("您先回复乙委员，乙委员再回复您", 1),
        ("三位互相点赞的委员都来赞同您", 1),
    ]
    for one in shown:
        assert one["heat"] == sum(line["points"] for line in one["lines"])
        assert all(line["points"] or line["reason"] for line in one["lines"])
    assert sum(map(len, explanation.FORMULA["text"])) < 420, "one screen of a phone"
