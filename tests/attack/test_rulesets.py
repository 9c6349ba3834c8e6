"""What an attacker wrote as a ruleset; each text gets an answer in Chinese."""

import pytest

from tests.points.test_rulesets import SMALL

TEXTS = {
    "all on one line": "{name: 1, rules: [{id: a}, {id: b, label: 2}], boards: [{id: c}], groups: [{id: d}]}",
    "empty number": 'name: !!int ""',
    "empty fraction": 'name: !!float ""',
    "no truth": "name: !!bool gestern",
    "no time": "name: !!timestamp gestern",
    "no number": "rules: !!int abc",
    "no bytes": "name: !!binary ä",
    "python": "name: !!python/object/apply:os.system [ls]",
    "no number at all": "base: .nan",
    "band without end": SMALL + "scales: [{id: s, label: 等次, bands: [{label: 好, top: .nan}]}]\n",
    "deep": "a: " + "[" * 20_000,
    "deep keys": "? " * 20_000,
    "many digits": "base: " + "9" * 50_000,
    "sixties": "base: 1" + ":1" * 25_000,
    "mapping as key": "? {a: 1}\n: 2",
    "tagged key": '? !!int ""\n: 2',
    "merge": "<<: {name: a}\nname: b",
    "nothing": "# nichts",
    "list": "- a\n- b",
    "two documents": SMALL + "---\n" + SMALL,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_whatever_is_written_gets_an_answer(city, text):
    staff = city.staff()
    checked = staff.post("/api/v1/rulesets/validation", {"text": text})
    assert checked.status_code == 200, checked.text
    assert checked.json()["faults"]
    made = staff.post("/api/v1/rulesets", {"text": text, "duty_year": 2026, "reason": "试"})
    assert made.status_code == 422, made.text
