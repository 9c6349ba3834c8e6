"""Rulesets as text: what is wrong is said with rule and line; the schema is fresh; the shipped ones are read."""

import json
from pathlib import Path

import pytest

from app.points.engine import yaml_text
from app.points.engine.ruleset import Ruleset
from app.points.engine.yaml_text import UnreadableRulesetError, read, schema, shipped
from tests.factories.points.small import SMALL


def faults(text: str) -> list[tuple[int, str | None, str]]:
    with pytest.raises(UnreadableRulesetError) as raised:
        read(text)
    return [(fault.line, fault.rule, fault.detail) for fault in raised.value.faults]


def test_a_small_ruleset_is_read_and_survives_the_database():
    ruleset = read(SMALL)
    kept = json.loads(json.dumps(ruleset.model_dump(mode="json", exclude_defaults=True)))
    assert Ruleset.model_validate(kept) == ruleset


@pytest.mark.parametrize("name", ["hongkou", "minhang"])
def test_the_shipped_ones_are_read(name):
    assert read(shipped()[name]).rules


@pytest.mark.parametrize(
    ("before", "after", "line", "rule", "says"),
    [
        ("points: 1", "points: 十五", 6, "update", "points：应当是阿拉伯数字"),
        ("points: 1", "points: [1]", 6, "update", "points：应当是阿拉伯数字"),
        ("points: 1", "points: 0.125", 6, "update", "最多两位小数"),
        ("points: 1", "points: .inf", 6, "update", "points"),
        ("points: 1", "points_by: {lead: 1, city: 2}", 6, "update", "同一种代号"),
        ("points: 1", "once: year", 3, "update", "points_by 要填一项"),
        ("points: 1", "points: 1\n    gruop: a", 7, "update", "不认识的字段"),
        ("points: 1", "points: 1\n    group: a", 7, "update", "没有分组“a”"),
        ("points: 1", "points: 1\n    at_most: 1\n    at_least: 2", 7, "update", "少于"),
        ("id: update", "id: base", 3, "base", "另有用途"),
        ("[update.posted]", "[update.gone]", 5, "update", "没有履职类别"),
        ("[chair, ", "[", 8, None, "chair"),
        ("boards:", "boards:\n  - {id: all, label: 主席, posts: [chair]}", 9, "all", "重复"),
        ("name: 试行办法", "name: 试行办法\nname: 又", 2, None, "两次"),
        ("name: 试行办法", "name: &a 试行办法\nsource: *a", 2, None, "别名"),
        ("rules:", "rules", 3, None, "YAML"),
        (
            "boards:",
            "groups:\n- {id: a, label: 甲, group: b}\n- {id: b, label: 乙, group: a}\nboards:",
            8,
            "a",
            "包含",
        ),
    ],
)
def test_a_fault_names_rule_and_line(before, after, line, rule, says):
    found = faults(SMALL.replace(before, after, 1))
    assert found[0][:2] == (line, rule), found
    assert says in found[0][2], found


@pytest.mark.parametrize(
    "text", ["", "[]", "1", "{{}}", "a: " + "[" * 5000, "名" * 60_001, "\x00", "? [1]\n: 2"]
)
def test_what_is_no_ruleset_is_refused_with_a_line(text):
    assert faults(text)[0][0] >= 1


def test_the_json_schema_is_fresh():
    kept = Path("openapi/ruleset.schema.json").read_text("utf-8")
    assert kept == yaml_text.schema_text(), "stale: run `uv run lvyi openapi`"
    assert {"name", "rules", "boards"} <= set(schema()["required"])


def test_a_fault_says_its_place_and_the_codes_have_labels(city):
    clerk = city.staff()
    text = SMALL.replace("points: 1", "points: many")
    faults = clerk.post("/api/v1/rulesets/validation", {"text": text}).json()["faults"]
    assert [fault["place"] for fault in faults] == [["rules", 0, "points"]]
    broken = clerk.post("/api/v1/rulesets/validation", {"text": "name: [一"}).json()["faults"]
    assert [fault["place"] for fault in broken] == [[]]

    codes = clerk.get("/api/v1/ruleset-codes").json()
    kinds = {kind["code"]: kind for kind in codes["kinds"]}
    assert kinds["activity.attended"]["forms"][0] == "plenary"
    assert {"code": "plenary", "label": "全体会议", "forms": []} in codes["forms"]
    assert [len(codes[name]) for name in ("roles", "levels", "posts")] == [2, 4, 5]
    assert city.member().get("/api/v1/ruleset-codes").status_code == 403
