"""The routes of the application with the permission that each asks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from app.auth.actor import permission_of
from app.auth.permissions import Permission
from app.main import load_routers


@dataclass(frozen=True)
class Asked:
    """A method of a path, and the permissions asked for; none for a public one."""

    method: str
    path: str
    permissions: frozenset[Permission]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def _calls(dependant: Dependant) -> Iterator[Any]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from _calls(inner)


def all_routes(app: FastAPI) -> list[Asked]:
    """Every method of every route, in order."""
    routed = [r for router in load_routers() for r in router.routes]
    found: dict[Asked, None] = {}
    for route in [*(r for r in app.routes if isinstance(r, APIRoute)), *routed]:
        assert isinstance(route, APIRoute), f"{route} is no API route"
        asked = frozenset(p for call in _calls(route.dependant) if (p := permission_of(call)))
        found |= dict.fromkeys(Asked(method, route.path, asked) for method in sorted(route.methods or ()))
    return list(found)


_document: dict[str, Any] = {}


def document_of(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, which is the same for every app: it takes a second of CPU."""
    if not _document:
        _document.update(app.openapi())
    return _document


def body_of(app: FastAPI, route: Asked) -> Any:
    """A small JSON body that the route takes; None where it takes none."""
    described = document_of(app)
    operation = described["paths"].get(route.path, {}).get(route.method.lower(), {})
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return schema and smallest(described, schema)


def smallest(described: dict[str, Any], schema: dict[str, Any], place: int = 1) -> Any:
    """A small value that fits a schema of the OpenAPI document: the first example, else what is required."""
    return value_of(described, schema, {}, place=place)


def value_of(
    described: dict[str, Any],
    schema: dict[str, Any],
    named: dict[str, Any],
    *,
    whole: bool = False,
    place: int = 1,
) -> Any:
    """A value that fits a schema, with what is required or the `whole`; properties that are `named` have that value.

    Of two days in an object, the one that comes later in its `place` is later.
    """

    def inner(of: dict[str, Any], at: int = 1) -> Any:
        return value_of(described, of, named, whole=whole, place=at)

    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if given := schema.get("examples", schema.get("enum")):
        return given[0]
    if "const" in schema:
        return schema["const"]
    if "anyOf" in schema:
        return inner(schema["anyOf"][0], place)
    if schema["type"] == "object":
        properties = schema.get("properties", {})
        body = {}
        for i, name in enumerate(properties if whole else schema.get("required", []), 1):
            one = name.removesuffix("s") if properties[name].get("type") == "array" else name
            value = named.get(one)
            body[name] = inner(properties[name], i) if value is None else value if one == name else [value]
        return body
    if schema["type"] == "array":
        return [inner(schema["items"])] * schema.get("minItems", 0)
    day = f"2026-01-{place:02}"
    simple = {"integer": schema.get("minimum", 1), "number": schema.get("minimum", 1), "boolean": True}
    dates = {"date": day, "date-time": f"{day}T00:00:00Z"}
    return simple.get(schema["type"], dates.get(schema.get("format", ""), "x" * schema.get("minLength", 1)))
