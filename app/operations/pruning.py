"""Remove the backups of the data folder that are kept no longer, and say which."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.backup.retention import Copy, outdated
from app.core import clock
from app.core.config import Settings
from app.operations.copies import copies, folder, note_of

#: Only what the system named itself: what somebody put there by hand stays.
_MADE_HERE = re.compile(r"lvyi-\d{8}-\d{6}\.tar\.gz")


def to_remove(config: Settings, zone: str = clock.SHANGHAI) -> list[Path]:
    """The backups that are kept no longer, oldest first."""
    found = [_copy(row) for row in copies(config) if _MADE_HERE.fullmatch(row["name"])]
    kept_no_longer = outdated(found, config.backups_keep_last, config.backups_keep_weeks, zone)
    return [folder(config) / one.name for one in kept_no_longer]


def remove(files: list[Path]) -> None:
    """Remove backups with what was noted of them; one that is gone already is no fault."""
    for file in files:
        file.unlink(missing_ok=True)
        note_of(file).unlink(missing_ok=True)


def _copy(row: dict[str, Any]) -> Copy:
    good = row["verified_at"] is not None
    # by its name: a copied file is as old as its copy
    made_at = datetime.strptime(row["name"], "lvyi-%Y%m%d-%H%M%S.tar.gz").replace(tzinfo=UTC)
    return Copy(row["name"], made_at, good=good, whole=good and not row["lost"])
