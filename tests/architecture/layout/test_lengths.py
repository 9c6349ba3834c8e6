"""Files stay short: what has grown too long is split by noun."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
#: Lines of a file at most, by the ending of its name.
MOST = {".py": 300, ".ts": 250, ".vue": 250}
NOT_OURS = {"node_modules", "dist"}


def too_long(folder: Path) -> Iterator[str]:
    """Files with more lines than they may have; types that are generated may have any number."""
    for place, folders, names in os.walk(folder):
        folders[:] = set(folders) - NOT_OURS
        for file in (Path(place, name) for name in names if not name.endswith(".d.ts")):
            if file.suffix in MOST and (lines := file.read_bytes().count(b"\n")) > MOST[file.suffix]:
                yield f"{file.relative_to(folder)}: {lines}"


@pytest.mark.parametrize("folder", ["app", "tests", "scripts", "bench"])
def test_no_file_is_too_long(folder):
    assert list(too_long(ROOT / folder)) == []


def test_a_file_that_has_grown_too_long_is_named(tmp_path):
    written = {"a.py": 300, "b.py": 301, "pages/c.vue": 251, "d.ts": 250, "e.ts": 251}
    left_out = {"f.d.ts": 999, "dist/g.ts": 999, "h.md": 999}
    for name, lines in (written | left_out).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x\n" * lines)
    assert sorted(too_long(tmp_path)) == ["b.py: 301", "e.ts: 251", "pages/c.vue: 251"]
