"""Characters that were lost in the source: a class of a pattern names each of its characters once."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

SOURCES = [file for folder in ("app", "scripts") for file in Path(folder).rglob("*.py")]
_CLASS = re.compile(r"\[\^?((?:\\.|[^\]\\])+)\]")
_ESCAPES_AND_RANGES = re.compile(r"\\u[0-9a-f]{4}|\\U[0-9a-fA-F]{8}|\\x[0-9a-f]{2}|\\.|.-.")
_PATTERN_CALLS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}


def patterns(tree: ast.AST) -> list[tuple[int, str]]:
    """The literal patterns given to `re`."""
    return [
        (node.lineno, node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _PATTERN_CALLS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]


def doubled(pattern: str) -> list[str]:
    """Characters that stand twice in one class: full-width punctuation that became half-width looks like that."""
    single = (_ESCAPES_AND_RANGES.sub("", found[1]) for found in _CLASS.finditer(pattern))
    return [char for chars in single for char, count in Counter(chars).items() if count > 1]


@pytest.mark.parametrize("pattern", ["[、,,;;/\n]+", r"[((]\s*[))]"])
def test_the_check_knows_a_lost_character(pattern: str):
    assert doubled(pattern)


def test_no_pattern_has_lost_its_full_width_characters():
    assert SOURCES
    lost = [
        f"{file}:{line} {pattern!r}"
        for file in SOURCES
        for line, pattern in patterns(ast.parse(file.read_text(encoding="utf-8")))
        if doubled(pattern)
    ]
    assert lost == []
