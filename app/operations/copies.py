"""The backups in the data folder, with what was noted of each when it was read to its end."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.core.config import Settings

NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}\.tar\.gz$"


def folder(config: Settings) -> Path:
    """Where backups are kept."""
    return config.data_dir / "backups"


def copies(config: Settings) -> list[dict[str, Any]]:
    """The backups that are there, newest first."""
    files = [file for file in folder(config).glob("*.tar.gz") if re.fullmatch(NAME, file.name)]
    return sorted((_row(file) for file in files), key=lambda row: row["made_at"], reverse=True)


def _row(file: Path) -> dict[str, Any]:
    stat, note = file.stat(), read_note(file)
    verified_at = note.get("verified_at") if note.get("size") == stat.st_size else None
    return {
        "name": file.name,
        "size": stat.st_size,
        "made_at": datetime.fromtimestamp(stat.st_mtime, UTC),
        "verified_at": datetime.fromisoformat(verified_at) if verified_at else None,
        "rows": note.get("rows"),
        "files": note.get("files"),
        "lost": note.get("lost", []),
        "removed": note.get("removed", []),
    }


def read_note(file: Path) -> dict[str, Any]:
    """What was noted of a backup; nothing of one that nobody has read."""
    try:
        note = json.loads(note_of(file).read_text())
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def write_note(file: Path, note: dict[str, Any]) -> None:
    """Note something of a backup."""
    note_of(file).write_text(json.dumps(note, ensure_ascii=False))


def note_of(file: Path) -> Path:
    """The file beside a backup that holds what was noted of it."""
    return file.with_name(f"{file.name}.json")
