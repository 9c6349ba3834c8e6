"""Restores an archive: streamed, into an empty database, without what is broken in it.

Killed at any moment, it may be run again: on SQLite the new file takes its place when it is whole, on PostgreSQL a
table says that what is there came from a restore which did not end.
"""

import gzip
import re
import sqlite3
import tarfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import groupby
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, NullPool, Table, create_engine, inspect, literal, make_url, select, text
from sqlalchemy.exc import IntegrityError

from app.audit import anchors
from app.backup import rows
from app.backup.archive import BackupError, Summary, silent
from app.backup.members import End, Member, TableContent, read_manifest, read_members, read_rows, table_of
from app.core.db import Database
from app.core.excel.report import Progress
from app.core.schema import migrations
from app.files import store, verify
from app.files.store import Damage
from app.library.service import reindex

_FILE = re.compile(r"files/([0-9a-f]{2})/([0-9a-f]{62})(\.thumb)?")
_ANCHORS = re.compile(anchors.FOLDER + r"/(\d{4}-\d\d-\d\d\.jsonl)")
_UNFINISHED = "restore_unfinished"
#: The bytes of the archive end or change in the middle of it.
_TORN = (EOFError, tarfile.TarError, zlib.error, gzip.BadGzipFile)
#: … or it says what no archive of ours says.
_FOREIGN = (ValueError, KeyError, TypeError, OverflowError, RecursionError, IntegrityError)


class _Loaded:
    """What has come in so far."""

    def __init__(self, held: dict[str, TableContent]) -> None:
        self.held = held
        self.rows = dict.fromkeys(held, 0)
        self.total = sum(t.rows for t in held.values())
        self.stored: set[str] = set()
        self.broken: set[str] = set()
        self.anchors: dict[str, bytes] = {}

    def has_all_rows(self) -> bool:
        """Whether every row is there that the manifest speaks of."""
        return self.rows == {name: t.rows for name, t in self.held.items()}


def restore(
    archive: Path, url: str, data_dir: Path, progress: Progress = silent, *, salvage: bool = False
) -> Summary:
    """Fill the empty database at `url` and the folder of files from an archive, then bring both to this release.

    The database may be of the other kind. Files that are lost or broken in the archive are left out and named. To
    `salvage` an archive that is torn among its files is to go on without the rest of them. `BackupError` when the
    database is not empty, or when the archive is torn, foreign or of a newer release; then not a row is written.
    """
    try:
        with gzip.open(archive) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            members = read_members(packed, tar)
            manifest = read_manifest(next(members))
            _require_empty(url, manifest.revision)
            with _place(url) as place:
                loaded = _Loaded(manifest.tables)
                _fill(
                    place, manifest.revision, members, loaded, data_dir / "files", progress, salvage=salvage
                )
                migrations.upgrade(place)
                lost = _finish(place, loaded, data_dir / "files", progress)
    except (StopIteration, *_TORN, *_FOREIGN) as e:
        raise BackupError(
            "备份文件不完整或已损坏，数据库没有改动。如果没有更好的备份，可加 --salvage 恢复其中完好的部分。"
        ) from e
    anchors.replace(data_dir, loaded.anchors)
    return Summary(loaded.total, len(loaded.stored), lost)


def heal(archive: Path, folder: Path, damaged: Collection[str]) -> set[str]:
    """Take the bytes of damaged files from an archive, as far as it can be read; which ones came in."""
    healed = set()
    with suppress(*_TORN), gzip.open(archive) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
        for member in read_members(packed, tar):
            named = _FILE.fullmatch(member.name)
            sha256 = named[1] + named[2] if named else ""
            if (
                sha256 in damaged
                and named
                and not named[3]
                and store.put_stream(folder, sha256, member.content)
            ):
                healed.add(sha256)
    return healed


def _require_empty(url: str, revision: str) -> None:
    """`BackupError` when the database has a row, or tables of another revision."""
    place = make_url(url)
    if place.get_backend_name() == "sqlite" and not Path(place.database or "").is_file():
        return
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as conn:
        if inspect(conn).has_table(_UNFINISHED):
            conn.execute(text("DROP SCHEMA public CASCADE"))
            conn.execute(text("CREATE SCHEMA public"))
            return
        tables, at = rows.tables(conn), MigrationContext.configure(conn).get_current_revision()
        if any(conn.execute(select(literal(1)).select_from(t).limit(1)).first() for t in tables):
            raise BackupError("目标数据库不是空的，不能恢复到其中。请新建一个空的数据库。")
    if at != revision and (at or tables):
        raise BackupError("目标数据库里已有其他版本的表。请新建一个空的数据库，不要先运行 migrate。")


@contextmanager
def _place(url: str) -> Iterator[str]:
    """The URL to fill: on SQLite of a file beside, which takes the place of the empty one at the end of the block."""
    of = make_url(url)
    if of.get_backend_name() != "sqlite":
        yield url
        return
    target = Path(of.database or "")
    beside = target.with_name(target.name + ".restoring")
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove(beside)  # of a restore that was killed
    beside.touch(mode=0o600)
    try:
        yield of.set(database=str(beside)).render_as_string(hide_password=False)
        with closing(sqlite3.connect(beside)) as conn:
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _remove(target)
        store.replace(beside, target)
    finally:
        _remove(beside)
        beside.with_name(beside.name + ".migrations.lock").unlink(missing_ok=True)  # `alone` leaves it


def _remove(database: Path) -> None:
    for ending in ("-wal", "-shm", ""):
        database.with_name(database.name + ending).unlink(missing_ok=True)


def _fill(
    url: str,
    revision: str,
    members: Iterator[Member],
    loaded: _Loaded,
    folder: Path,
    progress: Progress,
    *,
    salvage: bool,
) -> None:
    try:
        migrations.upgrade(url, revision)
    except CommandError as e:
        raise BackupError("备份来自更新的版本，请先升级本系统。") from e
    with create_engine(url, poolclass=NullPool).connect() as conn:
        if conn.dialect.name == "sqlite":
            conn.exec_driver_sql("PRAGMA foreign_keys=ON")
            conn.exec_driver_sql("BEGIN IMMEDIATE")
            conn.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # checked at the commit
        tables = rows.tables(conn)
        try:
            _load(conn, tables, members, loaded, folder, progress)
        except _TORN:
            if not (salvage and loaded.has_all_rows()):
                raise
        rows.renumber(conn, tables)
        if conn.dialect.name == "postgresql":
            conn.execute(text(f"CREATE TABLE {_UNFINISHED} ()"))
        conn.commit()


def _load(
    conn: Connection,
    tables: Sequence[Table],
    members: Iterator[Member],
    loaded: _Loaded,
    folder: Path,
    progress: Progress,
) -> None:
    named = {t.name: t for t in tables}

    def values(name: str, parts: Iterator[Member]) -> Iterator[list[Any]]:
        for part in parts:
            for row in read_rows(part):
                loaded.rows[name] += 1
                yield row
            progress("数据", sum(loaded.rows.values()), loaded.total)

    for name, parts in groupby(members, table_of):
        if name:
            rows.insert(conn, named[name], loaded.held[name].columns, values(name, parts))
            continue
        for member in parts:
            if member.name == "end.json":
                _check_end(End.model_validate_json(member.small()), loaded)
                if next(members, None):
                    raise ValueError(member.name)
                return
            _store(folder, member, loaded)
            progress("文件", len(loaded.stored), len(loaded.stored))
    raise EOFError


def _check_end(end: End, loaded: _Loaded) -> None:
    files = len(loaded.stored) + len(loaded.broken)
    if not loaded.has_all_rows() or (end.rows, end.files) != (loaded.total, files):
        raise ValueError("the archive holds more or less than it says")


def _store(folder: Path, member: Member, loaded: _Loaded) -> None:
    if named := _ANCHORS.fullmatch(member.name):
        loaded.anchors[named[1]] = member.small()
        return
    named = _FILE.fullmatch(member.name)
    if named is None:
        raise BackupError(f"备份文件里有不该有的内容：{member.name[:100]}")
    sha256 = named[1] + named[2]
    if named[3]:
        store.put(folder, sha256, member.small(), thumbnail=True)
    elif store.put_stream(folder, sha256, member.content):
        loaded.stored.add(sha256)
    else:
        loaded.broken.add(sha256)


def _finish(url: str, loaded: _Loaded, folder: Path, progress: Progress) -> tuple[str, ...]:
    """Build the index of words, which no archive holds; name the files that did not come in and are not there."""
    database = Database.connect(url, pool=1)
    try:
        reindex(database, progress)
        with database.transaction() as db:
            conn = db.connection()
            lost: dict[str, Damage] = {}
            for sha256 in verify.names(conn) - loaded.stored:
                if damage := store.damage(folder, sha256):
                    lost[sha256] = Damage.CHANGED if sha256 in loaded.broken else damage
            verify.record(conn, lost)
            if conn.dialect.name == "postgresql":
                conn.execute(text(f"DROP TABLE {_UNFINISHED}"))
            return tuple(verify.in_words(conn, lost))
    finally:
        database.dispose()
