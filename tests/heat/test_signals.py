"""What staff are shown of pairs, rings and bursts, with the acts that make them."""

from datetime import timedelta

import pytest

from app.core import clock
from app.heat.signals import rules
from tests.factories.city import City
from tests.points.world import World, at

MORNING = at("2026-03-04 09:00")
NOW = at("2026-03-20 20:00")


def signals(city: City, staff, **query) -> list[dict]:
    with clock.frozen_at(NOW):
        city.log_in(staff)
        answer = staff.get("/api/v1/heat-signals", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def acts(city: City, staff, path: str) -> list[dict]:
    with clock.frozen_at(NOW):
        city.log_in(staff)
        answer = staff.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_pairs_rings_and_bursts_are_shown_with_their_acts(city: City, app, database):
    with clock.frozen_at(at("2026-03-01 09:00")):
        staff = city.staff()
        a, b, c, *silent = (city.member(f"{n}号") for n in range(9))
        elsewhere = City(app, database, name="政协别市委员会")
        other_staff = elsewhere.staff()
    w = World(city)
    post = {who.seat_id: w.update(who, MORNING) for who in (a, b, c)}
    assert signals(city, staff) == []
    thread = w.thread(("update", post[a.seat_id]))
    last = None
    for n in range(rules.PAIR):  # “好” and “好”
        moment = MORNING + timedelta(minutes=1, seconds=20 * n)
        last = w.reply(b, thread, moment, last, body="好")
        last = w.reply(a, thread, moment + timedelta(seconds=9), last, body="好")
    for n, (one, other) in enumerate(
        (one, other) for one in (a, b, c) for other in (a, b, c) if one is not other
    ):
        moment = MORNING + timedelta(hours=2, minutes=n)
        mine = w.reply(other, w.thread(("update", post[other.seat_id])), moment)
        w.support(one, ("reply", mine), moment + timedelta(seconds=1))
        w.support(
            one, ("reply", w.reply(other, thread, moment + timedelta(hours=1))), moment + timedelta(hours=2)
        )
    for n, who in enumerate(silent):
        w.support(who, ("update", post[c.seat_id]), MORNING + timedelta(days=2, minutes=n))

    found = {one["key"]: one for one in signals(city, staff)}
    assert set(found) == {
        f"pair:{a.seat_id}-{b.seat_id}",
        f"ring:{a.seat_id}-{b.seat_id}-{c.seat_id}",
        f"burst:{a.seat_id}",
        f"burst:{b.seat_id}",
        f"silent:{c.seat_id}",
    }
    pair = found[f"pair:{a.seat_id}-{b.seat_id}"]
    assert (pair["kind_label"], [seat["name"] for seat in pair["seats"]]) == (
        "两人频繁互相回应",
        ["0号", "1号"],
    )
    shown = acts(city, staff, pair["acts"] + "&limit=100")
    assert len(shown) == pair["count"] >= 2 * rules.PAIR
    assert (shown[0]["verb"], shown[0]["is_junk"], shown[0]["title"]) == ("reply", True, "好")
    assert {(one["by"]["name"], one["to"]["name"]) for one in shown} == {("0号", "1号"), ("1号", "0号")}
    assert len(acts(city, staff, found[f"silent:{c.seat_id}"]["acts"])) == len(silent)
    first = acts(city, staff, pair["acts"] + "&limit=1")
    assert first == shown[:1]

    # who has nothing to hide: no punishment, no trace; others see nothing of it
    assert signals(city, staff, month="2026-02") == []
    with clock.frozen_at(NOW):
        city.log_in(a), elsewhere.log_in(other_staff)
        assert a.get("/api/v1/heat-signals").status_code == 403
        assert other_staff.get("/api/v1/heat-signals").json()["items"] == []
        assert other_staff.get(pair["acts"]).status_code == 404
        city.log_in(staff)
        for query in ("month=2026-13", "month=2027-01", "cursor=x", "limit=0"):
            assert staff.get(f"/api/v1/heat-signals?{query}").status_code == 422, query
        assert staff.get("/api/v1/heat-signals/acts?key=pair:1").status_code == 404


@pytest.mark.parametrize("least", [rules.JUNK - 1, rules.JUNK])
def test_many_texts_without_substance_are_one_signal(least):
    deeds = [
        rules.Deed(MORNING + timedelta(hours=n), 1, None, rules.Verb.UPDATE, ("update", n), is_junk=True)
        for n in range(least)
    ]
    found = rules.find(deeds, set())
    assert [one.key for one in found] == (["junk:1"] if least == rules.JUNK else [])


@pytest.mark.parametrize("partners", [rules.TRADE - 1, rules.TRADE])
def test_whoever_exchanges_with_most_of_those_who_respond_is_shown(partners):
    deeds = []
    for n in range(2, partners + 2):
        for at_, by, to in ((n, n, 1), (n + 60, 1, n)):
            moment = MORNING + timedelta(hours=at_)
            deeds.append(rules.Deed(moment, by, to, rules.Verb.SUPPORT, ("update", by)))
    found = rules.find(deeds, set())
    assert [(one.key, len(one.deeds)) for one in found] == (
        [("trade:1", 16)] if partners == rules.TRADE else []
    )
