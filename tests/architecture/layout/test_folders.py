"""Folders stay small: what has grown past a dozen files is divided by subject."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
#: Source files of a folder at most; `__init__.py` does not count.
MOST = 12


def too_full(root: Path, top: str) -> Iterator[str]:
    """Folders below `top` with more source files than they may have."""
    for folder in [root / top, *sorted((root / top).rglob("*/"))]:
        number = sum(file.name != "__init__.py" for file in folder.glob("*.py"))
        if number > MOST:
            yield f"{folder.relative_to(root).as_posix()}: {number}"


@pytest.mark.parametrize("top", ["app", "tests", "scripts", "bench"])
def test_no_folder_is_too_full(top):
    assert list(too_full(ROOT, top)) == []


def test_a_folder_that_has_grown_too_full_is_named(tmp_path):
    for folder, number in {"a": 12, "a/b": 13}.items():
        (tmp_path / folder).mkdir()
        for n in range(number):
            (tmp_path / folder / f"m{n}.py").touch()
        (tmp_path / folder / "__init__.py").touch()
    assert list(too_full(tmp_path, "a")) == ["a/b: 13"]


def test_no_test_module_takes_from_another():
    """What several tests need is a factory's, or stands in tests/support."""
    taken = [
        f"{file.relative_to(ROOT)}: {node.module}"
        for file in sorted((ROOT / "tests").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[2].startswith("test_")
    ]
    assert taken == []
