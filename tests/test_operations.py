from pathlib import Path

import pytest

from app.core.config import Settings

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("manual", ["operations.md", "operations.zh-CN.md"])
@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_explained_with_its_default(name, manual):
    lines = (DOCS / manual).read_text(encoding="utf-8").splitlines()
    (row,) = [line for line in lines if line.startswith(f"| `LVYI_{name.upper()}` |")]
    default = Settings.model_fields[name].default
    shown = str(default).lower() if isinstance(default, bool) else str(default)
    assert default in {None, ()} or f"| `{shown}` |" in row
