"""Names and docstrings use the field's words (docs/contributing-style.md), and no two public classes share a name."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Functions, classes and modules that had a riddle for a name, and the word of the textbooks.
NAMES = {
    "faces": "fonts",
    "_for_ever": "forever",
    "Gem": "TopPost",
    "happened": "publish",
    "kept": "cached",
    "may": "allowed_actions (a test of one permission, as a method, may be called so)",
    "Once": "Idempotent",
    "Polled": "ConditionalRoute",
    "recognise": "member_matching",
    "Sight": "VisibilityCache",
    "sparing": "limit_sort_memory",
    "touch": "invalidate",
    "turns": "domain_events",
    "Wanted": "a query or a selection of something",
    "wires": "transport",
}
PHRASES = {
    r"\banew\b": "again",
    r"how-manieth": "the count",
    r"(in|into) a circle\b(?! of)": "deadlock",
    r"one of two holders is a thief": "reuse means the token was stolen",
    r"others' eyes": "for display",
}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted((ROOT / "app").rglob("*.py")):
        if "_web" not in file.parts:
            yield file.relative_to(ROOT), ast.parse(file.read_text(encoding="utf-8"))


def refused_names(file: Path, tree: ast.Module) -> Iterator[str]:
    """Names of a module and of what it defines at its top that have a better word."""
    defined = [
        n.name for n in tree.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    ]
    for name in [file.stem, *defined]:
        if better := NAMES.get(name):
            yield f"{file}: {name}, better {better}"


def refused_phrases(file: Path, tree: ast.Module) -> Iterator[str]:
    """Phrases of docstrings that have a plainer word."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            text = ast.get_docstring(node) or ""
            for phrase, better in PHRASES.items():
                if re.search(phrase, text):
                    yield f"{file}: {phrase}, better {better}"


def test_names_and_docstrings_use_the_words_of_the_field():
    assert [
        row for file, tree in sources() for row in [*refused_names(file, tree), *refused_phrases(file, tree)]
    ] == []


def test_no_two_public_classes_have_one_name():
    homes = defaultdict(set)
    for file, tree in sources():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].add(str(file))
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


def test_a_riddle_is_found():
    tree = ast.parse(
        'def happened():\n    """Compute it anew."""\nclass Gem: ...\nclass C:\n    def may(self): ...'
    )
    assert len(list(refused_names(Path("app/wires.py"), tree))) == 3
    assert len(list(refused_phrases(Path("app/wires.py"), tree))) == 1
