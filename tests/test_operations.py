from pathlib import Path

import pytest

from app.core.config import Settings

GUIDE = (Path(__file__).parents[1] / "docs" / "operations.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_explained_with_its_default(name):
    (row,) = [line for line in GUIDE.splitlines() if line.startswith(f"| `LVYI_{name.upper()}` |")]
    default = Settings.model_fields[name].default
    told = str(default).lower() if isinstance(default, bool) else str(default)
    assert default in {None, ()} or f"| `{told}` |" in row
