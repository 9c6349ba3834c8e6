"""Anchors: which hash the log had at which entry, kept outside of the database.

In each hour in which the log grew the worker appends a line to `data_dir/audit-anchors/DAY.jsonl`, and to the server's
log. Copies of these files, kept where nobody of the house writes, show whether the log was cut or written again: the
chain cannot be taken back behind an anchor.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import structlog
from pydantic import BaseModel, Field
from sqlalchemy import Connection, select

from app.audit.keys import keys
from app.audit.models import AuditEntry, AuditHead
from app.core import clock
from app.core.db import Database
from app.core.errors import Conflict
from app.core.sql import table

FOLDER = "audit-anchors"
_FILES = "????-??-??.jsonl"

_e, _h = table(AuditEntry), table(AuditHead)
_log = structlog.get_logger()


class AnchorChanged(Conflict):
    """A file of anchors holds what this server did not write."""

    code = "anchor_changed"


class Anchor(BaseModel):
    """The hash of one entry at a moment, sealed with the key of the log."""

    at: str = Field(max_length=40)
    entry: int = Field(ge=1)
    hash: str = Field(max_length=64)
    seal: str = Field(max_length=81)

    def sealed(self) -> str:
        """What the seal covers."""
        return f"{self.at}\n{self.entry}\n{self.hash}"


def take(database: Database) -> Anchor | None:
    """Write down where the log is now; None when it has not grown, or its head is not what this server wrote."""
    with database.read.connect() as conn:
        newest = _newest(conn)
    if newest is None:
        return None
    entry, found = newest
    last = next(reversed(load(keys().data_dir)), None)
    if last and last.entry >= entry:
        return None
    anchor = Anchor(at=clock.now().isoformat(), entry=entry, hash=found, seal="")
    anchor.seal = keys().seal("anchor", anchor.sealed())
    _append(keys().data_dir / FOLDER / f"{clock.now():%Y-%m-%d}.jsonl", anchor)
    _log.info("audit anchor", **anchor.model_dump())
    return anchor


def _newest(conn: Connection) -> tuple[int, str] | None:
    """The newest entry and its hash, if the head vouches for it."""
    newest = select(_e.c.id, _e.c.hash, _h.c.seal).join(_h, _h.c.hash == _e.c.hash)
    row = conn.execute(newest.order_by(_e.c.id.desc()).limit(1)).first()
    if row is None or not keys().vouches("head", row.hash, row.seal):
        return None
    return row.id, row.hash


def _append(file: Path, anchor: Anchor) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as out:
        out.write(anchor.model_dump_json() + "\n")
        out.flush()
        os.fsync(out.fileno())


def exist(data_dir: Path) -> bool:
    """Whether the log was ever anchored."""
    return any((data_dir / FOLDER).glob(_FILES))


def load(place: Path) -> list[Anchor]:
    """The anchors of a data folder, a folder of files or one file, by entry; `AnchorChanged` for a false one."""
    folder = place / FOLDER if (place / FOLDER).is_dir() else place
    files = [folder] if folder.is_file() else sorted(folder.glob(_FILES))
    found = [anchor for file in files for anchor in _lines(file)]
    return sorted(found, key=lambda anchor: anchor.entry)


def _lines(file: Path) -> Iterator[Anchor]:
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        try:
            anchor = Anchor.model_validate_json(line)
        except ValueError:
            raise AnchorChanged(f"锚点文件 {file.name} 第 {number} 行不是锚点，或已被改动。") from None
        if keys().knows(anchor.seal) and not keys().vouches("anchor", anchor.sealed(), anchor.seal):
            raise AnchorChanged(f"锚点文件 {file.name} 第 {number} 行已被改动。")
        yield anchor


def contents(data_dir: Path, *, up_to: int) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file of anchors, for a backup whose log ends at entry `up_to`."""
    for file in sorted((data_dir / FOLDER).glob(_FILES)):
        kept = [anchor.model_dump_json() + "\n" for anchor in _lines(file) if anchor.entry <= up_to]
        if kept:
            yield file.name, "".join(kept).encode()


def replace(data_dir: Path, files: Mapping[str, bytes]) -> None:
    """Let a restored or new log have these anchors; those of the log before are set aside, never deleted."""
    folder = data_dir / FOLDER
    if folder.is_dir():
        folder.rename(folder.with_name(f"{FOLDER}.{clock.now():%Y%m%dT%H%M%S%f}"))
    if files:
        folder.mkdir(mode=0o700, parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
