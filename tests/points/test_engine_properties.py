"""What holds of the engine for any ledger."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.duty.forms import FORM_LABELS
from app.duty.kinds import KINDS
from app.points.engine.gains import PointsRecord
from app.points.engine.score import Sitting
from tests.factories.points.engine import engine
from tests.points.world import SHANGHAI

moments = st.integers(0, 365 * 24 * 60 - 1).map(
    lambda minute: datetime(2026, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=minute)
)


@st.composite
def ledgers(draw: Any) -> list[PointsRecord]:
    found = []
    for number in range(draw(st.integers(0, 25))):
        at = draw(moments)
        kind = draw(st.sampled_from(sorted(KINDS)))
        found.append(
            PointsRecord(
                number, kind, draw(st.sampled_from(["lead", "participant"])),
                draw(st.sampled_from(["county", "city", "province", "national"])), at, at.date(),
                (kind.split(".")[0], draw(st.integers(1, 4))), draw(st.integers(1, 90)),
                draw(st.sampled_from([None, *FORM_LABELS])), draw(st.booleans()), draw(st.sampled_from([None, 1, 2, 60])),
            )
        )  # fmt: skip
    return found


names = st.sampled_from(["minhang", "hongkou"])
sittings = st.tuples(
    st.sampled_from(["member", "standing_member"]),
    st.dates(date(2025, 6, 1), date(2027, 1, 31)),
    st.integers(0, 900),
).map(lambda t: Sitting(t[0], t[1], t[1] + timedelta(days=t[2])))


@settings(max_examples=60, deadline=None)
@given(names, sittings, ledgers(), st.randoms())
def test_the_order_of_records_does_not_matter(name, sitting, ledger, chance):
    shuffled = list(ledger)
    chance.shuffle(shuffled)
    assert engine(name).score(sitting, ledger) == engine(name).score(sitting, shuffled)


@settings(max_examples=60, deadline=None)
@given(names, sittings, ledgers(), ledgers())
def test_to_void_a_record_restores_the_score_before(name, sitting, ledger, added):
    before = engine(name).score(sitting, ledger)
    more = [r._replace(id=r.id + 1000) for r in added]
    live = [r for r in [*ledger, *more] if r.id < 1000]
    assert engine(name).score(sitting, live) == before


@settings(max_examples=60, deadline=None)
@given(names, sittings, ledgers())
def test_lines_add_up_and_every_record_is_accounted_for(name, sitting, ledger):
    found = engine(name).score(sitting, ledger)
    assert found.points == sum(line.points for line in found.lines)
    for line in found.lines:
        if line.gains:
            assert line.points == sum(gain.points for gain in line.gains)
    held = [g.record.id for line in found.lines for g in line.gains if g.record] + [
        r.id for r in found.unscored
    ]
    assert sorted(held) == sorted(r.id for r in ledger)
    for line in found.lines:
        assert all(g.points or g.reason for g in line.gains), "what gives nothing says why"


@settings(max_examples=60, deadline=None)
@given(sittings, ledgers())
def test_one_more_act_never_costs_points(sitting, ledger):
    """Minhang deducts nothing."""
    some = engine("minhang").score(sitting, ledger[1:]).points
    assert engine("minhang").score(sitting, ledger).points >= some
