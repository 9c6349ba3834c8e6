"""Import contracts cover every module of a role, however deep it lies."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Modules of these names, or whose names have them for a part (`queries_lists`), are under the contract.
CONTRACTS = {
    "routes": "Routes speak HTTP only",
    "queries": "Queries only read: they know no verbs",
    "rules": "Rules and life cycles are pure",
    "lifecycle": "Rules and life cycles are pure",
}
#: Tables of life cycles for all domains: the machine, not a life cycle.
NO_ROLE = {"app.core.lifecycle"}


def modules() -> set[str]:
    files = (file.relative_to(ROOT).with_suffix("") for file in (ROOT / "app").rglob("*.py"))
    return {".".join(file.parts) for file in files if file.name != "__init__" and "_web" not in file.parts}


def covered(module: str, expressions: Iterable[str]) -> bool:
    """Whether an expression of a contract names a module or a package above it."""
    for expression in expressions:
        parts = re.escape(expression).replace(r"\*\*", r"[\w.]+").replace(r"\*", r"\w+")
        if re.fullmatch(rf"{parts}(\.[\w.]+)?", module):
            return True
    return False


def uncovered(role: str, names: Iterable[str], expressions: Iterable[str]) -> list[str]:
    """Modules of a role, by their own name or a package's, that no expression names."""
    has_role = re.compile(rf"[._]{role}(?=[._]|$)")
    return sorted(name for name in names if has_role.search(name) and not covered(name, expressions))


@pytest.mark.parametrize("role", CONTRACTS)
def test_no_module_of_a_role_is_outside_its_contract(role):
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (sources,) = (one["source_modules"] for one in contracts if one["name"] == CONTRACTS[role])
    names = modules() - NO_ROLE
    assert any(covered(name, sources) for name in names)
    assert uncovered(role, names, sources) == []


def test_a_module_outside_of_every_contract_is_named():
    names = ["app.a.queries", "app.a.b.c.queries", "app.a.queries.b", "app.a.queries_b", "app.a.other"]
    assert uncovered("queries", names, ["app.**.queries"]) == ["app.a.queries_b"]
    assert uncovered("queries", names, ["app.*.queries"]) == ["app.a.b.c.queries", "app.a.queries_b"]
