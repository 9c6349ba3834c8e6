"""Backups in the data folder: what is there, making one, giving it out once its reader has said the password again.

A backup holds the data of every organization, so only the administrators of the one above all others get to it.
"""

import gzip
import hmac
import json
import re
import shutil
import tarfile
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, select
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.keys.tokens import Tokens
from app.auth.watch import tell
from app.backup import last
from app.backup.archive import BackupError, backup, silent
from app.backup.members import read_members
from app.core import clock, outbox
from app.core.config import Settings
from app.core.db import Database
from app.core.errors import Conflict, Forbidden, NotFound
from app.core.excel.report import Progress
from app.core.jobs.running import running
from app.core.outbox import Job
from app.core.sql import advisory_lock, table
from app.files.verify import in_words
from app.operations import pruning
from app.operations.copies import NAME, copies, folder, read_note, write_note
from app.people.organizations.queries import stands_above_all

#: How long a link to download a backup is good.
LINK = timedelta(minutes=5)
_MAKE = "backup.make"
_FILE = re.compile(r"files/([0-9a-f]{2})/([0-9a-f]{62})")

_j = table(Job)


def require(conn: Connection, actor: Actor) -> None:
    """`Forbidden` unless the actor's organization stands above all others of this server."""
    if not stands_above_all(conn, actor.organization_id):
        raise Forbidden(
            "备份里有本服务器上所有政协组织的数据，由最上级组织的系统管理员或者运维人员办理。",
            code="not_above_all",
        )


def backups(conn: Connection, config: Settings) -> dict[str, Any]:
    """The backups that are there, newest first, whether one is being made, and how long they are kept."""
    return {
        "items": copies(config),
        "making": _is_making(conn),
        "keep_last": config.backups_keep_last,
        "keep_weeks": config.backups_keep_weeks,
    }


def _is_making(conn: Connection) -> bool:
    open_ones = (_j.c.kind == _MAKE, _j.c.done_at.is_(None), _j.c.attempts < outbox.MAX_ATTEMPTS)
    return conn.scalar(select(_j.c.id).where(*open_ones).limit(1)) is not None


def make(db: Session, actor: Actor, config: Settings) -> dict[str, Any]:
    """Have a backup made; one that is being made is not begun twice. `Conflict` when the disk is nearly full."""
    conn = db.connection()
    require(conn, actor)
    advisory_lock(conn, "backup")
    if not _is_making(conn):
        _require_room(config)
        name = new_name()
        outbox.enqueue(
            db,
            _MAKE,
            uuid4().hex,
            name=name,
            organization_id=actor.organization_id,
            account_id=actor.account_id,
        )
        audit(db, actor, "backup.begun", name=name)
    return backups(conn, config)


def new_name() -> str:
    """What a backup that begins now is called."""
    return f"lvyi-{clock.now():%Y%m%d-%H%M%S}.tar.gz"


def _require_room(config: Settings) -> None:
    """The next backup is about as large as the last one."""
    place = folder(config)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    newest = max(place.glob("*.tar.gz"), key=lambda file: file.stat().st_mtime, default=None)
    if newest is not None and shutil.disk_usage(place).free < 2 * newest.stat().st_size:
        raise Conflict("磁盘空间不够再存一份备份，请先把旧的备份移到别处。", code="disk_full")


@outbox.handles_outside(_MAKE, lane="batch")
def _make(database: Database, payload: dict[str, Any]) -> outbox.Write:
    note = make_file(database, running(), payload["name"])
    of = {"account_id": payload["account_id"], "organization_id": payload["organization_id"]}
    return partial(told, name=payload["name"], note=note, **of)


def make_file(database: Database, config: Settings, name: str, progress: Progress = silent) -> dict[str, Any]:
    """Write a backup into the data folder, read it to its end, then remove those that are kept no longer.

    The same again goes on where it was interrupted. What it answers stands beside the backup.
    """
    file = folder(config) / name
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():  # a worker may have been killed while it read it again
        backup(config.database_url, config.data_dir, file, progress)
    result = verified(file)
    last.note(config.data_dir)
    with database.read.connect() as conn:
        lost = in_words(conn, result["lost"])
    removed = read_note(file).get("removed", [])
    note = {"rows": result["rows"], "files": result["files"], "lost": lost, "removed": removed}
    note |= {"size": file.stat().st_size, "verified_at": clock.now().isoformat()}
    write_note(file, note)
    old = pruning.to_remove(config)
    note["removed"] = [*removed, *(one.name for one in old if one.name not in removed)]
    write_note(file, note)  # before they are gone: nothing is removed without being told
    pruning.remove(old)
    return note


def told(
    db: Session, *, name: str, note: dict[str, Any], account_id: int | None, organization_id: int | None
) -> None:
    """Let the audit log say that a backup was made, and which were removed for it."""
    tell(
        db,
        "backup.made",
        account_id=account_id,
        organization_id=organization_id,
        name=name,
        rows=note["rows"],
        files=note["files"],
        lost=len(note["lost"]),
    )
    tell_removed(db, note["removed"], account_id, organization_id)


def tell_removed(
    db: Session, names: list[str], account_id: int | None = None, organization_id: int | None = None
) -> None:
    """Let the audit log say which backups were removed."""
    for name in names:
        tell(db, "backup.removed", account_id=account_id, organization_id=organization_id, name=name)


def verified(file: Path) -> dict[str, Any]:
    """Read a backup to its end and compare what is in it with what it says: `rows`, `files`, those that were `lost`."""
    rows = files = 0
    end: dict[str, Any] = {}
    with gzip.open(file, "rb") as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
        for member in read_members(packed, tar):
            if member.name.startswith("tables/"):
                rows += sum(1 for _ in member.content)
            elif match := _FILE.fullmatch(member.name):
                files += 1
                if sha256(member.content.read()).hexdigest() != match[1] + match[2]:
                    raise BackupError(f"{file.name} 里有损坏的文件。")
            elif member.name == "end.json":
                end = json.loads(member.content.read())
    if (end.get("rows"), end.get("files")) != (rows, files):
        raise BackupError(f"{file.name} 不完整。")
    return {"rows": rows, "files": files, "lost": end.get("lost", {})}


def link(db: Session, actor: Actor, tokens: Tokens, config: Settings, name: str) -> dict[str, Any]:
    """The address of a backup for this session, for some minutes; the password was asked before."""
    _existing(config, name)
    audit(db, actor, "backup.link_made", name=name)
    ends = int((clock.now() + LINK).timestamp())
    token = f"{ends}.{_sign(tokens, actor, name, ends)}"
    path = f"/api/v1/backups/{name}/file?token={token}"
    return {"path": path, "expires_in": int(LINK.total_seconds())}


def opened(db: Session, actor: Actor, tokens: Tokens, config: Settings, name: str, token: str) -> Path:
    """The file of a backup whose link is good; the audit log says who took it."""
    file = _existing(config, name)
    ends, _, signature = token.partition(".")
    good = ends.isascii() and ends.isdigit() and len(ends) <= 12  # noqa: PLR2004 - seconds
    expected = _sign(tokens, actor, name, int(ends)) if good else ""
    if not good or not hmac.compare_digest(expected, signature.encode("ascii", "replace").decode()):
        raise Forbidden("下载链接无效，请重新输入密码。", code="bad_link")
    if int(ends) < clock.now().timestamp():
        raise Forbidden("下载链接已经过期，请重新输入密码。", code="link_expired")
    audit(db, actor, "backup.downloaded", name=name, size=file.stat().st_size)
    return file


def _existing(config: Settings, name: str) -> Path:
    file = folder(config) / name
    if not re.fullmatch(NAME, name) or not file.is_file():
        raise NotFound
    return file


def _sign(tokens: Tokens, actor: Actor, name: str, ends: int) -> str:
    said = f"{actor.session_id} {ends} {name}".encode()
    return hmac.digest(next(iter(tokens.keys("backup link"))), said, "sha256").hex()
