"""The archive: a gzipped tar, written and read as a stream.

    manifest.json             format, revision of the schema, moment, columns and number of rows of each table
    tables/NAME/NNNNN.jsonl   rows as JSON arrays, those depended upon first
    files/ab/cdef…            stored bytes and thumbnails
    end.json                  what the whole holds: an archive without it is torn

All is read in one snapshot while others write; files never change and are stored before the rows that name them.
"""

import gzip
import io
import json
import os
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, NullPool, create_engine, func, literal, select
from sqlalchemy.exc import DataError, IntegrityError

from app.backup import rows
from app.core import clock, migrations
from app.core.db import Database
from app.core.import_report import Progress
from app.files import store
from app.library.service import reindex

FORMAT = 1
_COMPRESSION = 3
_LARGEST_MEMBER = 2**28
_TABLE = re.compile(r"tables/([a-z_]+)/\d{5,}\.jsonl")
_FILE = re.compile(r"files/([0-9a-f]{2})/([0-9a-f]{62})(\.thumb)?")
_BROKEN = (
    EOFError,
    tarfile.TarError,
    zlib.error,
    gzip.BadGzipFile,
    ValueError,
    KeyError,
    IntegrityError,
    DataError,
)

Member = tuple[str, bytes]


class BackupError(Exception):
    """Why there was no backup or restore, in Chinese; nothing is left half-way."""


@dataclass(frozen=True)
class Summary:
    """What an archive holds; `lost` files had a row but no bytes."""

    rows: int
    files: int
    lost: int = 0


def _silent(_stage: str, _done: int, _total: int) -> None:
    """No progress shown."""


def backup(url: str, data_dir: Path, out: Path, progress: Progress = _silent) -> Summary:
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
                summary = _write(conn, data_dir / "files", tar, progress)
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return summary


def restore(archive: Path, url: str, data_dir: Path, progress: Progress = _silent) -> Summary:
    """Fill the empty database at `url` and the folder of files from an archive, then bring both to this release.

    The database may be of the other kind. `BackupError` when it is not empty, or when the archive is torn, foreign or
    of a newer release; then not a row is written.
    """
    try:
        with gzip.open(archive) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            members = _members(packed, tar)
            name, content = next(members)
            manifest = json.loads(content) if name == "manifest.json" else {}
            if manifest.get("format") != FORMAT:
                raise BackupError("这不是履易的备份文件，或者来自更新的版本。")
            engine = _emptied_engine(url, manifest["revision"])
            with engine.connect() as conn:
                if conn.dialect.name == "sqlite":
                    conn.exec_driver_sql("PRAGMA foreign_keys=ON")
                    conn.exec_driver_sql("BEGIN IMMEDIATE")
                    conn.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # checked at the commit
                summary = _load(conn, members, data_dir / "files", manifest["tables"], progress)
                rows.renumber(conn)
                conn.commit()
    except (StopIteration, *_BROKEN) as e:
        raise BackupError("备份文件不完整或已损坏，数据库没有改动。") from e
    migrations.upgrade(url)
    _build_index(url, progress)
    return summary


def _build_index(url: str, progress: Progress) -> None:
    """Build the index of words, which no archive holds."""
    database = Database.connect(url, pool=1)
    try:
        reindex(database, progress)
    finally:
        database.dispose()


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


def _write(conn: Connection, folder: Path, tar: tarfile.TarFile, progress: Progress) -> Summary:
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
    file = next(t for t in tables if t.name == "file")
    names = sorted(set(conn.scalars(select(file.c.sha256))))
    lost = sum(
        not _add_file(tar, folder, sha256, at, len(names), progress) for at, sha256 in enumerate(names, 1)
    )
    summary = Summary(total, len(names) - lost, lost)
    _add(tar, "end.json", json.dumps({"rows": summary.rows, "files": summary.files}).encode())
    return summary


def _add_file(tar: tarfile.TarFile, folder: Path, sha256: str, at: int, of: int, progress: Progress) -> bool:
    """Archive the bytes of one name with their thumbnail; False when they are gone."""
    progress("文件", at, of)
    content, thumbnail = (store.path(folder, sha256, thumbnail=small) for small in (False, True))
    if not content.is_file():
        return False
    for path in (content, thumbnail):
        if path.is_file():
            _add(tar, f"files/{path.parent.name}/{path.name}", path.read_bytes())
    return True


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = len(content), 0o600, int(clock.now().timestamp())
    tar.addfile(member, io.BytesIO(content))


def _members(packed: gzip.GzipFile, tar: tarfile.TarFile) -> Iterator[Member]:
    """The members one after another, by their names in the archive: nothing is ever unpacked to such a path."""
    for member in tar:
        content = tar.extractfile(member) if member.isreg() and member.size <= _LARGEST_MEMBER else None
        if content is None:
            raise BackupError(f"备份文件里有不该有的内容：{member.name[:100]}")
        yield member.name, content.read()
    while packed.read(2**20):  # to the checksum at its very end
        pass


def _emptied_engine(url: str, revision: str) -> Engine:
    """An engine on an empty database that has the schema of `revision`; `BackupError` if there is any row in it."""
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        Path(engine.url.database or "").parent.mkdir(parents=True, exist_ok=True)
    with engine.connect() as conn:
        tables, at = rows.tables(conn), MigrationContext.configure(conn).get_current_revision()
        if any(conn.execute(select(literal(1)).select_from(t).limit(1)).first() for t in tables):
            raise BackupError("目标数据库不是空的，不能恢复到其中。请新建一个空的数据库。")
    if at != revision and (at or tables):
        raise BackupError("目标数据库里已有其他版本的表。请新建一个空的数据库，不要先运行 migrate。")
    try:
        migrations.upgrade(url, revision)
    except CommandError as e:
        raise BackupError("备份来自更新的版本，请先升级本系统。") from e
    return engine


def _load(
    conn: Connection, members: Iterator[Member], folder: Path, held: dict[str, Any], progress: Progress
) -> Summary:
    tables = {t.name: t for t in rows.tables(conn)}
    total, loaded, files = sum(t["rows"] for t in held.values()), dict.fromkeys(held, 0), 0

    def values(name: str, parts: Iterator[Member]) -> Iterator[list[Any]]:
        for _, content in parts:
            for line in content.splitlines():
                loaded[name] += 1
                yield json.loads(line)
            progress("数据", sum(loaded.values()), total)

    for name, parts in groupby(members, _table_of):
        if name:
            rows.insert(conn, tables[name], held[name]["columns"], values(name, parts))
            continue
        for member, content in parts:
            if member == "end.json":
                as_told = {t: loaded[t] for t in held} == {t: held[t]["rows"] for t in held}
                if (
                    not as_told
                    or json.loads(content) != {"rows": total, "files": files}
                    or next(members, None)
                ):
                    raise ValueError(member)
                return Summary(total, files)
            files += _store(folder, member, content)
            progress("文件", files, files)
    raise EOFError


def _table_of(member: Member) -> str:
    """The table whose rows a member holds; empty for other members."""
    named = _TABLE.fullmatch(member[0])
    return named[1] if named else ""


def _store(folder: Path, member: str, content: bytes) -> bool:
    """Store the bytes of a member; False for a thumbnail, which comes with its file."""
    named = _FILE.fullmatch(member)
    if named is None:
        raise BackupError(f"备份文件里有不该有的内容：{member[:100]}")
    sha256, thumbnail = named[1] + named[2], named[3] is not None
    if not thumbnail and store.digest(content) != sha256:
        raise ValueError(member)
    store.put(folder, sha256, content, thumbnail=thumbnail)
    return not thumbnail
