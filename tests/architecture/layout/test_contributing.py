"""What CONTRIBUTING says, in both languages: every path that it names is there, and both name the same."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = ("CONTRIBUTING.md", "CONTRIBUTING.zh-CN.md")
ROOTS = "alembic|app|bench|clients|docs|openapi|scripts|tests"


def paths(text: str) -> list[str]:
    """Paths in backquotes, links and commands; those with a `<name>` stand for a new file."""
    found = re.findall(
        rf"(?<![\w/.-])((?:{ROOTS})/[\w./<>-]*[\w>/]|[A-Z]+(?:\.zh-CN)?\.md|pyproject\.toml)",
        re.sub(r"\[[^]]*]", "", text),
    )
    return [path for path in found if "<" not in path]


@pytest.mark.parametrize("page", PAGES)
def test_every_path_is_there(page):
    named = paths((ROOT / page).read_text(encoding="utf-8"))
    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_both_languages_name_the_same_files_in_the_same_order():
    english, chinese = (
        [p for p in paths((ROOT / page).read_text(encoding="utf-8")) if not p.endswith(".md")]
        for page in PAGES
    )
    assert english == chinese


def test_a_path_that_moved_would_be_noticed():
    assert paths("A row in `app/duty/kind.py`, [x](docs/no.md); `app/<domain>/routes.py`") == [
        "app/duty/kind.py",
        "docs/no.md",
    ]
