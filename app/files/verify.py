"""Compares stored files with their digests, and says what damaged ones belong to.

`lvyi verify-files` does all at once; the worker a part each hour, so that a round takes a day or some. What was found
stays in the database until the bytes are found sound again.
"""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from app.auth import subjects
from app.core import clock
from app.core.db import Database
from app.core.errors import Unsupported
from app.core.excel.report import Progress
from app.core.sql import insert_new, table
from app.core.web import health
from app.files import pictures, store
from app.files.models import File, FileDamage, FileRound
from app.files.store import DAMAGE_LABELS, Damage

#: A round begins at most so often.
ROUND_EVERY = timedelta(days=1)
_STEP_SECONDS = 10.0
_NAMES = 100

_f, _round, _damage = table(File), table(FileRound), table(FileDamage)


def verify(database: Database, folder: Path, progress: Progress) -> int:
    """Compare every stored file with its digest; how many there are."""
    with database.transaction() as db:
        db.execute(delete(_round))
    with database.read.connect() as conn:
        total = conn.scalar(select(func.count(_f.c.sha256.distinct()))) or 0
    for done in _parts(database, folder):
        progress("文件", done, total)
    with database.read.connect() as conn:
        return conn.scalar(select(_round.c.ended_checked)) or 0


def step(database: Database, folder: Path, seconds: float = _STEP_SECONDS) -> None:
    """Go on with the round for some seconds; nothing when the last one has just ended."""
    with database.read.connect() as conn:
        began, ended = conn.execute(select(_round.c.began_at, _round.c.ended_at)).first() or (None, None)
    if began and ended and ended >= began and began > clock.now() - ROUND_EVERY:
        return
    end = time.monotonic() + seconds
    for _ in _parts(database, folder):
        if time.monotonic() >= end:
            return


def _parts(database: Database, folder: Path) -> Iterator[int]:
    """Go on with the round, part by part, each in a transaction of its own; how many files it has compared."""
    with database.transaction() as db:
        insert_new(db.connection(), _round, {"id": 1, "began_at": clock.now()} | _FROM_THE_START, ["id"])
        over = _round.c.ended_at >= _round.c.began_at
        db.execute(update(_round).where(over).values(began_at=clock.now(), after="", checked=0))
    while True:
        with database.read.connect() as conn:
            after, checked = conn.execute(select(_round.c.after, _round.c.checked)).one()
            is_picture = func.max(_f.c.width).is_not(None)
            part = select(_f.c.sha256, is_picture).where(_f.c.sha256 > after).group_by(_f.c.sha256)
            names = [(row[0], row[1]) for row in conn.execute(part.order_by(_f.c.sha256).limit(_NAMES))]
        found = {sha256: _compared(folder, sha256, picture=picture) for sha256, picture in names}
        checked += len(found)
        values: dict[str, Any] = {"after": max(found, default=after), "checked": checked}
        if not found:
            values |= {"ended_at": clock.now(), "ended_checked": checked}
        with database.transaction() as db:
            conn = db.connection()
            record(conn, found)
            if not found:
                conn.execute(delete(_damage).where(_damage.c.sha256.not_in(select(_f.c.sha256))))
            conn.execute(update(_round).values(**values))
        yield checked
        if not found:
            return


_FROM_THE_START = {"after": "", "checked": 0, "ended_at": None, "ended_checked": 0}


def _compared(folder: Path, sha256: str, *, picture: bool) -> Damage | None:
    """What is wrong with stored bytes; the thumbnail of a sound picture is made once more when it is broken."""
    damage = store.damage(folder, sha256)
    if picture and damage is None:
        path = store.path(folder, sha256, thumbnail=True)
        if not (path.is_file() and pictures.is_sound(path.read_bytes())):
            with suppress(Unsupported, OSError):
                remade = pictures.thumbnail(store.path(folder, sha256).read_bytes())
                store.put(folder, sha256, remade, thumbnail=True)
    return damage


def record(conn: Connection, found: Mapping[str, Damage | None]) -> None:
    """Keep what was found of some files: what is wrong, or None."""
    conn.execute(delete(_damage).where(_damage.c.sha256.in_(list(found))))
    now = clock.now()
    rows = [{"sha256": name, "damage": what, "found_at": now} for name, what in found.items() if what]
    if rows:
        conn.execute(insert(_damage), rows)


def names(conn: Connection) -> set[str]:
    """The digests of all files."""
    return set(conn.scalars(select(_f.c.sha256).distinct()))


def damaged(conn: Connection) -> dict[str, Damage]:
    """The files that were found damaged."""
    rows = conn.execute(select(_damage.c.sha256, _damage.c.damage).order_by(_damage.c.sha256))
    return {row.sha256: Damage(row.damage) for row in rows}


def in_words(conn: Connection, damages: Mapping[str, Damage]) -> list[str]:
    """A line for each file with damaged bytes: its name, what it hangs on, what is wrong."""
    columns = (_f.c.sha256, _f.c.name, _f.c.owner_id, _f.c.subject_type, _f.c.subject_id)
    lines = []
    for some in _in_parts(sorted(damages)):
        for row in conn.execute(select(*columns).where(_f.c.sha256.in_(some)).order_by(_f.c.id)):
            at = (
                f"{subjects.label(row.subject_type)} {row.subject_id} 的附件"
                if row.subject_type
                else "尚未使用的上传"
            )
            what = DAMAGE_LABELS[damages[row.sha256]]
            lines.append(f"“{row.name}”（{at}，上传账号 {row.owner_id}）：{what}")
    return lines


def _in_parts(names: list[str]) -> Iterable[Collection[str]]:
    return (names[at : at + 500] for at in range(0, len(names), 500))


def noted(conn: Connection) -> dict[str, str]:
    """What the last rounds say, for `/readyz`."""
    broken = conn.scalar(select(func.count()).select_from(_damage)) or 0
    ended = conn.scalar(select(_round.c.ended_at))
    return {
        "files": f"{broken} damaged" if broken else "ok" if ended else "unchecked",
        "files_verified_at": ended.isoformat() if ended else "",
    }


health.notes.append(noted)
