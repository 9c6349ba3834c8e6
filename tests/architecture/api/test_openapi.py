"""The committed OpenAPI document is fresh, and good enough that a stranger writes a client from it."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from app.openapi import TAGS
from tests.architecture.routes import document_of

COMMITTED = Path(__file__).parents[3] / "openapi" / "openapi.json"


@pytest.fixture
def database_url(sqlite_url):
    """The description does not depend on the kind of database."""
    return sqlite_url


@pytest.fixture
def document(app) -> dict:
    return document_of(app)


@pytest.fixture
def operations(document) -> list[tuple[str, dict]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def test_the_committed_document_is_fresh(document):
    fresh = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    assert COMMITTED.read_text() == fresh, "stale: run `uv run lvyi openapi`"


def test_every_operation_has_a_name_a_sentence_and_a_known_tag(operations):
    for name, operation in operations:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", operation["operationId"]), name
        assert operation["summary"].endswith("."), f"{name}: {operation['summary']}"
        assert operation["description"], name
        assert set(operation["tags"]) <= set(TAGS), name
    names = Counter(operation["operationId"] for _, operation in operations)
    assert names.most_common(1)[0][1] == 1, names.most_common(3)
    assert {tag for _, operation in operations for tag in operation["tags"]} == set(TAGS)


def test_every_operation_says_how_it_fails(operations):
    for name, operation in operations:
        failures = {status for status in operation["responses"] if status >= "400"}
        if operation["security"]:
            assert {"401", "403"} <= failures, name
        for status in failures:
            content = operation["responses"][status]["content"]
            assert list(content) == ["application/problem+json"], f"{name} {status}"


def test_every_creating_post_takes_an_idempotency_key(operations):
    """Accounts and second factors are left out: the stored answer would hold a password or a secret."""
    for name, operation in operations:
        if name.startswith("POST") and "201" in operation["responses"]:
            taken = {p["name"].lower() for p in operation.get("parameters", [])}
            assert "idempotency-key" in taken or "/accounts" in name or "/second-factor" in name, name


def _inputs(schemas: dict, part: object) -> set[str]:
    """The names of the schemas that a part of the document sends in, those inside them too."""
    found: set[str] = set()
    waiting = [part]
    while waiting:
        at = waiting.pop()
        if isinstance(at, dict):
            name = at.get("$ref", "").rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                waiting.append(schemas[name])
            waiting += at.values()
        elif isinstance(at, list):
            waiting += at
    return found


def test_everything_that_comes_in_is_described(document, operations):
    schemas = document["components"]["schemas"]
    bodies = [operation["requestBody"] for _, operation in operations if "requestBody" in operation]
    silent = [
        f"{name}.{field}"
        for name in _inputs(schemas, bodies)
        for field, schema in schemas[name].get("properties", {}).items()
        if not schema.get("description")
    ]
    silent += [
        f"{name} {parameter['name']}"
        for name, operation in operations
        for parameter in operation.get("parameters", [])
        if not parameter.get("description")
    ]
    assert silent == []


#: Codes that go out without a label, each for its reason.
UNLABELLED = {
    "Problem.state": "for programs; `detail` says it in words",
    "PeriodDict.kind": "a card's period has its own label",
    "SectionDict.kind": "a card's section has its own title",
    "SeatDict.post": "a card holds the words that stand on it",
    "NotificationOut.kind": "its title says it in words",
    "FoundRow.source": "words: where an imported document comes from",
    "DocumentOut.source": "the same",
    "SimilarRow.source": "the same",
    "DraftRow.kind": "the client knows its own editors, and calls the draft by its title",
    "DraftOut.kind": "the same",
    "AuditOut.action": "auditors read the names of actions",
    "OrganizationSetting.value_type": "the client draws an input of this type",
}
_CODES = {"post", "author_post", "role", "kind", "state", "level", "tier", "action", "part", "source"}


def test_every_code_that_goes_out_has_a_label_beside_it(document, operations):
    schemas = document["components"]["schemas"]
    bodies = [operation["requestBody"] for _, operation in operations if "requestBody" in operation]

    def is_code(field: str, schema: dict) -> bool:
        kinds = [schema, *schema.get("anyOf", [])]
        named = [schemas[kind["$ref"].rpartition("/")[2]] for kind in kinds if "$ref" in kind]
        return field in _CODES or any("enum" in kind for kind in kinds + named)

    bare = {
        f"{name}.{field}"
        for name in schemas.keys() - _inputs(schemas, bodies)
        for field, schema in schemas[name].get("properties", {}).items()
        if is_code(field, schema) and f"{field}_label" not in schemas[name]["properties"]
    }
    assert bare == UNLABELLED.keys()


def test_every_number_and_text_that_comes_in_is_bounded(document, operations):
    def unbounded(schema: dict) -> bool:
        if "anyOf" in schema:
            return any(unbounded(s) for s in schema["anyOf"])
        if "$ref" in schema:
            return False
        kind = schema.get("type")
        if kind == "integer":
            return not {"maximum", "exclusiveMaximum"} & set(schema)
        if kind == "string":
            return not {"maxLength", "format", "enum", "const", "pattern"} & set(schema)
        if kind == "array":
            return "maxItems" not in schema or unbounded(schema["items"])
        return False

    inputs = {
        ref.rpartition("/")[2]
        for _, operation in operations
        for content in operation.get("requestBody", {}).get("content", {}).values()
        if (ref := content["schema"].get("$ref"))
    }
    loose = [
        f"{name}.{field}"
        for name in inputs
        for field, schema in document["components"]["schemas"][name].get("properties", {}).items()
        if unbounded(schema) and not schema.get("contentMediaType")
    ]
    loose += [
        f"{name} {parameter['name']}"
        for name, operation in operations
        for parameter in operation.get("parameters", [])
        if unbounded(parameter["schema"])
    ]
    assert loose == []


def test_what_the_server_asks_for_is_said_so(document, operations):
    versions = [
        parameter
        for _, operation in operations
        for parameter in operation.get("parameters", ())
        if parameter["name"].lower() == "if-match"
    ]
    assert len(versions) >= 7
    assert all(v["required"] and re.fullmatch(v["schema"]["pattern"], '"3"') for v in versions)
    contact = document["components"]["schemas"]["PublicLeadIn"]["properties"]["contact"]
    assert [one.get("maxLength") for one in contact["anyOf"]] == [50, None]
    kinds = {}
    for path in ("/api/v1/files/{key}", "/api/v1/files/{key}/thumbnail"):
        kinds[path] = set(document["paths"][path]["get"]["responses"]["200"]["content"])
    assert kinds["/api/v1/files/{key}/thumbnail"] == {"image/jpeg"}
    assert {"image/png", "application/pdf", "text/plain"} <= kinds["/api/v1/files/{key}"]
    assert "application/octet-stream" not in kinds["/api/v1/files/{key}"]
