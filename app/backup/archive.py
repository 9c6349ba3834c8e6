"""The archive: a gzipped tar, written and read as a stream.

    manifest.json             format, revision of the schema, moment, columns and number of rows of each table
    tables/NAME/NNNNN.jsonl   rows as JSON arrays, those depended upon first
    audit-anchors/DAY.jsonl   anchors of the audit log, as old as the snapshot
    files/ab/cdef…            stored bytes and thumbnails
    end.json                  what the whole holds, and which files are `lost`: an archive without it is torn

All is read in one snapshot while others write; files never change and are stored before the rows that name them. Each
is compared with its digest while it is read: a damaged one is left out, named and marked, and spoils nothing else.
"""

import gzip
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, NullPool, create_engine, func, select

from app.audit import anchors
from app.backup import rows
from app.core import clock
from app.core.excel.report import Progress
from app.files import store, verify
from app.files.store import Damage

#: Format 1, which had no anchors and did not say what was lost, is restored as well.
FORMAT = 2
_COMPRESSION = 3


class BackupError(Exception):
    """Why there was no backup or restore, in Chinese; nothing is left half-way."""


@dataclass(frozen=True)
class Summary:
    """What an archive holds; `lost` has a Chinese line for each file whose bytes are missing or damaged."""

    rows: int
    files: int
    lost: tuple[str, ...] = ()


def silent(_stage: str, _done: int, _total: int) -> None:
    """No progress shown."""


def backup(url: str, data_dir: Path, out: Path, progress: Progress = silent) -> Summary:
    """Write the database at `url` and its files to the new archive `out`, readable by its owner only."""
    if out.exists():
        raise BackupError(f"{out} 已经存在，请换一个文件名。")
    part = out.with_name(out.name + ".part")
    try:
        with (
            _snapshot(url) as conn,
            os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw,
        ):
            with (
                gzip.GzipFile("", "wb", _COMPRESSION, raw) as packed,
                tarfile.open(fileobj=packed, mode="w|") as tar,
            ):
                summary = _write(conn, data_dir, tar, progress)
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return summary


@contextmanager
def _snapshot(url: str) -> Iterator[Connection]:
    """A connection whose every read sees the same moment, and which holds no writer up."""
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    elif not Path(engine.url.database or "").is_file():
        raise BackupError("数据库不存在，没有可以备份的内容。")
    with engine.connect() as conn:
        if conn.dialect.name == "sqlite":
            conn.exec_driver_sql("BEGIN")  # in WAL mode a reader stays at the moment of its first read
        yield conn


def _write(conn: Connection, data_dir: Path, tar: tarfile.TarFile, progress: Progress) -> Summary:
    revision = MigrationContext.configure(conn).get_current_revision()
    if revision is None:
        raise BackupError("数据库还没有建立，没有可以备份的内容。")
    tables = rows.tables(conn)
    counts = {t.name: conn.scalar(select(func.count()).select_from(t)) or 0 for t in tables}
    held = {t.name: {"columns": [c.name for c in t.columns], "rows": counts[t.name]} for t in tables}
    manifest = {"format": FORMAT, "revision": revision, "at": clock.now().isoformat(), "tables": held}
    _add(tar, "manifest.json", json.dumps(manifest).encode())
    total, done = sum(counts.values()), 0
    for table in tables:
        for number, part in enumerate(rows.read(conn, table)):
            lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in part)
            _add(tar, f"tables/{table.name}/{number:05}.jsonl", lines.encode())
            done += len(part)
            progress("数据", done, total)
    entry = next(t for t in tables if t.name == "audit_entry")
    last = conn.scalar(select(func.max(entry.c.id))) or 0
    for name, content in anchors.contents(data_dir, up_to=last):
        _add(tar, f"{anchors.FOLDER}/{name}", content)
    file = next(t for t in tables if t.name == "file")
    names = sorted(set(conn.scalars(select(file.c.sha256))))
    lost: dict[str, Damage] = {}
    for at, sha256 in enumerate(names, 1):
        progress("文件", at, len(names))
        if damage := _add_file(tar, data_dir / "files", sha256):
            lost[sha256] = damage
    summary = Summary(total, len(names) - len(lost), tuple(verify.in_words(conn, lost)))
    _add(tar, "end.json", json.dumps({"rows": summary.rows, "files": summary.files, "lost": lost}).encode())
    return summary


def _add_file(tar: tarfile.TarFile, folder: Path, sha256: str) -> Damage | None:
    """Archive the bytes of one name with their thumbnail; what is wrong with them when they are left out."""
    content, damage = store.read(folder, sha256)
    if content is not None:
        _add(tar, f"files/{sha256[:2]}/{sha256[2:]}", content)
    thumbnail = store.path(folder, sha256, thumbnail=True)
    with suppress(OSError):
        _add(tar, f"files/{thumbnail.parent.name}/{thumbnail.name}", thumbnail.read_bytes())
    return damage


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = len(content), 0o600, int(clock.now().timestamp())
    tar.addfile(member, io.BytesIO(content))
