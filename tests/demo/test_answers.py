"""Every list, and the first thing of it, answers with exactly the fields that the OpenAPI document declares."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.auth.permissions import Role
from tests.architecture.routes import document_of

JSON = "application/json"
#: Fewer answers than these were compared: the test has passed something by.
ENOUGH = {Role.SECRETARIAT: 60, Role.MEMBER: 40, Role.UNIT_OFFICER: 12, Role.LEADER: 30}


def wrong(document: dict[str, Any], schema: dict[str, Any], value: Any, at: str) -> Iterator[str]:
    """Where an answer has a field that is not declared, or lacks one that is required."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in schema or "oneOf" in schema:
        choices = schema.get("anyOf") or schema["oneOf"]
        found = [list(wrong(document, one, value, at)) for one in choices]
        yield from min(found, key=len)
    elif isinstance(value, list) and "items" in schema:
        for n, one in enumerate(value):
            yield from wrong(document, schema["items"], one, f"{at}[{n}]")
    elif isinstance(value, dict) and "properties" in schema:
        if not schema.get("additionalProperties"):
            yield from (f"{at}.{name} is not declared" for name in value.keys() - schema["properties"].keys())
        yield from (f"{at}.{name} is missing" for name in set(schema.get("required", ())) - value.keys())
        for name, one in schema["properties"].items():
            if name in value:
                yield from wrong(document, one, value[name], f"{at}.{name}")
    elif "type" in schema and (value is None) != (schema["type"] == "null"):
        yield f"{at} is {value!r}, which is not declared"


def answered(operation: dict[str, Any]) -> dict[str, Any]:
    """The schema of its answer in JSON; empty where it is a file or a stream."""
    content = operation["responses"].get("200", {}).get("content", {})
    return dict(content.get(JSON, {}).get("schema", {}))


@pytest.mark.parametrize("role", ENOUGH)
def test_answers_have_the_fields_that_are_declared(demo, role):
    who = demo.acting_as(role)
    document = document_of(demo.app)
    reads = {
        path: schema
        for path, ways in document["paths"].items()
        if "get" in ways and (schema := answered(ways["get"]))
    }
    compared, faults = 0, list[str]()

    def compare(path: str, schema: dict[str, Any]) -> Any:
        nonlocal compared
        answer = who.get(path)
        assert answer.status_code in {200, 403, 404, 409, 422}, f"{path}: {answer.text}"
        if answer.status_code != 200:
            return None
        compared += 1
        found = answer.json()
        faults.extend(wrong(document, schema, found, path))
        return found

    for path, schema in reads.items():
        if "{" in path:
            continue
        found = compare(path, schema)
        items = found.get("items") if isinstance(found, dict) else found
        inner = [one for one in reads if one.startswith(f"{path}/{{") and one.count("{") == 1]
        if not items or "id" not in items[0]:
            continue
        for one in inner:
            compare(f"{path}/{items[0]['id']}{one[one.index('}') + 1 :]}", reads[one])
    assert sorted({re.sub(r"\d+", "0", one) for one in faults}) == []
    assert compared >= ENOUGH[role], compared


def test_days_at_both_ends_of_the_calendar_are_no_fault(demo):
    who = demo.acting_as(Role.SECRETARIAT)
    asked = 0
    for path, ways in document_of(demo.app)["paths"].items():
        parameters = ways.get("get", {}).get("parameters", ())
        days = [one["name"] for one in parameters if '"date"' in json.dumps(one["schema"])]
        for day in ("0001-01-01", "9999-12-31") if days else ():
            answer = who.get(path.replace("{", "").replace("}", ""), params=dict.fromkeys(days, day))
            assert answer.status_code < 500, f"{path} {days}: {answer.text}"
            asked += 1
    assert asked >= 10


def codes(document: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """The codes that a parameter takes; none where it is no choice of a few."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in schema:
        return [code for one in schema["anyOf"] for code in codes(document, one)]
    return list(schema.get("enum", ()))


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.MEMBER])
def test_every_choice_of_every_list_is_answered(demo, role):
    who, document = demo.acting_as(role), document_of(demo.app)
    asked, faults = 0, list[str]()
    for path, ways in document["paths"].items():
        asks = ways.get("get", {}).get("parameters", ()) if "{" not in path else ()
        short = {"limit": 1} if any(one["name"] == "limit" for one in asks) else {}
        for one in asks:
            for code in codes(document, one["schema"]):
                answer = who.get(path, params={one["name"]: code} | short)
                asked += 1
                if answer.status_code >= 500:
                    faults.append(f"{path}?{one['name']}={code}")
    assert faults == []
    assert asked >= 100
