"""Takes files in, hangs them on subjects, forgets those that nobody used."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import structlog
from sqlalchemy import delete, insert, select, update
from sqlmodel import Session

from app.auth.actor import Actor
from app.core import clock
from app.core.config import Settings
from app.core.db import Database
from app.core.errors import Gone, Invalid, TooLarge, Unavailable
from app.core.jobs.short_transactions import write
from app.core.sql import advisory_lock, table
from app.files import pictures, queries, rules, store
from app.files.models import File
from app.files.schemas import FileOut

#: How long an uploaded file waits to be attached.
UNATTACHED = timedelta(hours=24)

_f = table(File)
_log = structlog.get_logger()


def folder(settings: Settings) -> Path:
    """Where the bytes of files are kept."""
    return settings.data_dir / "files"


@dataclass(frozen=True)
class PreparedFile:
    """An upload that was checked and, if it is a picture, encoded again; `fingerprint` tells a retry."""

    fingerprint: str
    content: bytes
    thumbnail: bytes | None
    row: dict[str, Any]


def prepare(name: str, file: BinaryIO, settings: Settings) -> PreparedFile:
    """Check an upload and encode pictures again, before any transaction; see `rules` and `pictures` for errors."""
    raw = file.read(settings.max_body_bytes + 1)
    if len(raw) > settings.max_body_bytes:
        raise TooLarge("文件太大，无法上传。", code="file_too_large")
    kind = rules.kind_of(raw, name)
    picture = pictures.prepare(raw) if kind.picture else None
    content = picture.content if picture else raw
    row = {
        "name": rules.clean_name(name, picture.ending if picture else kind.ending_of(name)),
        "media_type": picture.media_type if picture else kind.media_type,
        "sha256": store.digest(content),
        "size": len(content),
        "width": picture.width if picture else None,
        "height": picture.height if picture else None,
    }
    fingerprint = f"file {store.digest(raw)} {row['name']}"
    return PreparedFile(fingerprint, content, picture.thumbnail if picture else None, row)


def add(db: Session, actor: Actor, prepared: PreparedFile, settings: Settings) -> FileOut:
    """Keep a prepared upload; `TooLarge` over the account's quota, `Unavailable` when it cannot be written."""
    conn, sha256 = db.connection(), prepared.row["sha256"]
    advisory_lock(conn, f"quota:{actor.account_id}")
    if queries.stored_bytes(conn, actor.account_id) + len(prepared.content) > settings.file_quota_bytes:
        raise TooLarge("您的文件空间已满，请联系机关工作人员。", code="quota_exceeded")
    advisory_lock(conn, f"file:{sha256}")  # against `sweep`, which may be removing the same bytes
    row = prepared.row | {
        "key": secrets.token_urlsafe(16),
        "organization_id": actor.organization_id,
        "owner_id": actor.account_id,
        "created_at": clock.now(),
    }
    conn.execute(insert(_f).values(**row))
    try:
        store.put(folder(settings), sha256, prepared.content)
        if prepared.thumbnail is not None:
            store.put(folder(settings), sha256, prepared.thumbnail, thumbnail=True)
    except OSError as e:
        raise Unavailable("存储空间已满或不可写，请联系管理员。", code="storage", retry_after=60) from e
    return FileOut.model_validate(row)


def intact(bytes_folder: Path, sha256: str) -> Path:
    """Where the bytes of that name are; `Gone` when they are missing or not what was stored."""
    if damage := store.damage(bytes_folder, sha256):
        _log.error("stored file damaged", sha256=sha256, damage=damage)
        raise Gone(
            f"这个文件在服务器上{store.DAMAGE_LABELS[damage]}，无法打开。请告诉机关工作人员，由管理员从备份中恢复。",
            code="file_lost",
        )
    return store.path(bytes_folder, sha256)


def thumbnail(bytes_folder: Path, sha256: str) -> Path:
    """Where the thumbnail of a picture is; a missing one is made once more, `Gone` when the picture is lost too."""
    path = store.path(bytes_folder, sha256, thumbnail=True)
    if not path.is_file():
        remade = pictures.thumbnail(intact(bytes_folder, sha256).read_bytes())
        store.put(bytes_folder, sha256, remade, thumbnail=True)
    return path


def attach(
    db: Session,
    actor: Actor,
    keys: Sequence[str],
    subject: tuple[str, int],
    *,
    pictures_only: bool = False,
) -> list[dict[str, Any]]:
    """Hang the actor's own files on a subject; rows of `FileOut`, in the order of `keys`.

    A file that hangs on this very subject already is taken again, for edits. `Invalid` (`file_not_usable`) when any
    other key is unknown, used, another's, named twice, or no picture where only pictures may stand.
    """
    mine = [
        _f.c.key.in_(keys),
        _f.c.owner_id == actor.account_id,
        _f.c.organization_id == actor.organization_id,
    ]
    if pictures_only:
        mine.append(_f.c.media_type.startswith("image/"))
    here = (_f.c.subject_type == subject[0]) & (_f.c.subject_id == subject[1])
    rows = db.connection().execute(
        update(_f)
        .where(*mine, _f.c.subject_type.is_(None) | here)
        .values(subject_type=subject[0], subject_id=subject[1])
        .returning(*queries.SHOWN)
    )
    found = {row["key"]: dict(row) for row in rows.mappings()}
    if len(found) != len(keys):
        raise Invalid("有附件不存在或已被使用，请重新上传。", code="file_not_usable")
    return [found[key] for key in keys]


def detach(db: Session, subject: tuple[str, int], *, keep: Sequence[str] = ()) -> None:
    """Take the files of a subject off it, but for `keep`; their owner may use them elsewhere for a day."""
    db.connection().execute(
        update(_f)
        .where(_f.c.subject_type == subject[0], _f.c.subject_id == subject[1], _f.c.key.not_in(keep))
        .values(subject_type=None, subject_id=None, created_at=clock.now())
    )


def forget_unattached(db: Session) -> int:
    """Drop the files that were not attached in time; how many. `sweep` then removes their bytes."""
    old = delete(_f).where(_f.c.subject_type.is_(None), _f.c.created_at < clock.now() - UNATTACHED)
    return db.connection().execute(old).rowcount


def sweep(database: Database, bytes_folder: Path, *, older_than: timedelta = UNATTACHED) -> int:
    """Remove stored bytes that no file has, once they are `older_than`; how many."""
    removed = 0
    for names in store.older(bytes_folder, older_than.total_seconds()):
        with database.read.connect() as conn:
            used = set(conn.scalars(select(_f.c.sha256).where(_f.c.sha256.in_(names))))
        for sha256 in set(names) - used:
            removed += write(database, partial(_remove_unused, bytes_folder=bytes_folder, sha256=sha256))
    return removed


def _remove_unused(db: Session, bytes_folder: Path, sha256: str) -> bool:
    """Remove the bytes of a name, unless they were stored again since."""
    advisory_lock(db.connection(), f"file:{sha256}")
    unused = db.connection().scalar(select(_f.c.id).where(_f.c.sha256 == sha256).limit(1)) is None
    if unused:
        store.remove(bytes_folder, sha256)
    return unused
