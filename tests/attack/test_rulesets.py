"""What an attacker wrote as a ruleset; each text gets an answer in Chinese."""

from threading import Thread

import pytest
from sqlalchemy import update

from app.core import outbox
from app.core.outbox import Job
from app.core.sql import table
from app.points import queries
from tests.factories.points.points import done, draft
from tests.factories.points.small import SMALL

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


def state(staff, ruleset):
    return staff.get(f"/api/v1/rulesets/{ruleset}").json()["state"]


def test_who_publishes_while_the_trial_ends_is_not_forgotten(city, monkeypatch):
    city.member()
    staff = city.staff()
    ruleset = draft(staff)
    path = f"/api/v1/rulesets/{ruleset}"
    assert staff.put(f"{path}/trial").status_code == 204
    found, others = queries.stale, [Thread(target=staff.put, args=(f"{path}/publication",))]

    def meanwhile(*args, **more):
        if others and not others[0].ident:
            others[0].start()
            others[0].join(1)
        return found(*args, **more)

    monkeypatch.setattr(queries, "stale", meanwhile)
    assert outbox.run_due(city.database, limit=1) == 1
    others[0].join()
    done(city)
    assert state(staff, ruleset) == "published"


def test_a_publication_whose_job_was_given_up_begins_anew(city):
    city.member()
    staff = city.staff()
    ruleset = draft(staff)
    path = f"/api/v1/rulesets/{ruleset}/publication"
    assert staff.put(path).status_code == 204
    with city.database.transaction() as db:
        db.execute(update(table(Job)).values(attempts=outbox.MAX_ATTEMPTS))
    done(city)
    assert state(staff, ruleset) == "publishing"
    assert staff.put(path).status_code == 204
    done(city)
    assert state(staff, ruleset) == "published"
    assert staff.put(path).status_code == 409
