"""No modules import each other in a cycle, not even inside of functions; only annotations may."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def modules() -> dict[str, ast.Module]:
    """Every module of the product by its name."""
    files = [file for file in (ROOT / "app").rglob("*.py") if "_web" not in file.parts]
    named = {".".join(file.relative_to(ROOT).with_suffix("").parts): file for file in files}
    return {
        name.removesuffix(".__init__"): ast.parse(file.read_text(encoding="utf-8"))
        for name, file in named.items()
    }


def executed(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that type checkers alone read."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield child
            yield from executed(child)


def imports(name: str, trees: dict[str, ast.Module]) -> set[str]:
    """The modules that a module imports, at any depth."""
    found: set[str] = set()
    for node in executed(trees[name]):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            of = {f"{node.module}.{one.name}" for one in node.names}
            found |= {one if one in trees else node.module for one in of}
    return found & trees.keys() - {name}


def test_no_modules_import_each_other_in_a_cycle():
    trees = modules()
    order = list(TopologicalSorter({name: imports(name, trees) for name in trees}).static_order())
    assert len(order) > 500


def test_a_cycle_would_be_found():
    lazily = "def run():\n    from app.a import x\n"
    trees = {"app.a": ast.parse("from app import b"), "app.b": ast.parse(lazily)}
    with pytest.raises(CycleError):
        TopologicalSorter({name: imports(name, trees) for name in trees}).prepare()
    trees["app.b"] = ast.parse("if TYPE_CHECKING:\n    from app.a import x\n")
    TopologicalSorter({name: imports(name, trees) for name in trees}).prepare()
