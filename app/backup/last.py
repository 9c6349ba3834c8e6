"""When the last backup was made, wherever it was written to."""

import json
from datetime import datetime
from pathlib import Path

from app.core import clock

_FILE = "last-backup.json"


def note(data_dir: Path) -> None:
    """Write down that a backup was made now."""
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / _FILE).write_text(json.dumps({"at": clock.now().isoformat()}))


def made_at(data_dir: Path) -> datetime | None:
    """When the last one was made; None when nobody has noted any."""
    try:
        return datetime.fromisoformat(json.loads((data_dir / _FILE).read_text())["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
