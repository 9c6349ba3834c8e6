"""Whatever the people of one organization write, nothing of another one is changed, nor anything of nobody's."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from sqlmodel import SQLModel

from app.auth.permissions import GRANTS, Role
from tests.architecture.api.open_routes import PUBLIC
from tests.architecture.routes import Asked, all_routes, document_of, value_of
from tests.factories.city import City
from tests.factories.everything import Everything, make_everything

#: What belongs to no organization, and may gain or change rows, each for its reason.
SHARED = {
    "audit_head": "the chain of the audit log is one for the installation",
    "login_attempt": "wrong passwords are counted by phone and address, known or not",
    "job": "work that waits is done for whoever asked for it",
}

Rows = dict[tuple[str, Any], tuple[Any, ...]]


@pytest.fixture
def database_url(sqlite_url):
    """What belongs to whom does not depend on the kind of database."""
    return sqlite_url


def rows_not_of(city: City) -> Rows:
    """Every row that is not of this organization alone: what belongs to others, to several or to nobody."""
    owners: dict[tuple[str, Any], set[int]] = defaultdict(set)
    found: Rows = {}
    roots: dict[int, int] = {}  # what an organization has founded below it is its own
    with city.database.read.connect() as conn:
        for of in SQLModel.metadata.sorted_tables:
            for row in conn.execute(of.select()).mappings():
                key = (of.name, tuple(row[c.name] for c in of.primary_key))
                found[key] = tuple(row.values())
                if of.name == "organization":
                    roots[row["id"]] = roots.get(row["parent_id"], row["id"])
                    owners[key] = {roots[row["id"]]}
                elif "organization_id" in row:
                    owners[key] = {roots.get(row["organization_id"], row["organization_id"])}
                for column in of.c:
                    parents = [k.column.table.name for k in column.foreign_keys]
                    if column.name == "account_id":
                        parents = ["account"]
                    for parent in parents:
                        if row[column.name] is not None and (parent, (row[column.name],)) in owners:
                            owners[key] |= owners[parent, (row[column.name],)]
    return {
        key: row
        for key, row in found.items()
        if owners[key] != {city.organization_id} and key[0] not in SHARED
    }


def bodies(app, route: Asked, theirs: Everything) -> Iterator[Any]:
    """Bodies that name what is theirs: what is required, everything, and each of the actions."""
    described = document_of(app)
    operation = described["paths"].get(route.path, {}).get(route.method.lower(), {})
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        yield None
        return
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for whole in (False, True):
        body = value_of(described, schema, theirs.ids, whole=whole)
        yield body
        for action in schema.get("properties", {}).get("action", {}).get("enum", ()):
            yield body | {"action": action}


def test_no_role_changes_anything_of_another_organization(city, app):
    theirs = make_everything(city)
    named = {"phone": theirs.member.phone, "name": theirs.member.name}
    theirs.ids |= named
    county = City(app, city.database, name="政协柳溪县委员会")
    ours = make_everything(county)
    people = {role: county.member() if role == Role.MEMBER else county.staff(role) for role in Role}
    before, changed, done = rows_not_of(county), {}, 0
    for route in all_routes(app):
        if route.method == "GET" or str(route) in PUBLIC:
            continue
        for role, who in people.items():
            if not route.permissions <= GRANTS[role]:
                continue
            for by_path, body in product(
                {theirs.fill(route.path), ours.fill(route.path)}, bodies(app, route, theirs)
            ):
                county.log_in(who)
                answer = who.http.request(route.method, by_path, json=body, headers={"If-Match": '"1"'})
                assert answer.status_code < 500, (route, body, answer.text)
                done += answer.status_code < 300
        after = rows_not_of(county)
        if after != before:
            changed[str(route)] = [k for k in before.keys() | after.keys() if before.get(k) != after.get(k)][
                :5
            ]
            before = after

    assert changed == {}
    assert done > 100  # many of the writes are real ones


def test_the_walk_would_notice(city, app):
    member = city.member()
    county = City(app, city.database, name="政协柳溪县委员会")
    before = rows_not_of(county)

    member.post("/api/v1/updates", {"body": "走访", "kind": "visit"})

    assert {key[0] for key in rows_not_of(county).keys() - before.keys()} >= {
        "update",
        "duty_record",
        "thread",
    }
