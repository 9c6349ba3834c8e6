"""Stored bytes in a local folder, named by their SHA-256: `ab/cdef…`, a thumbnail beside them as `ab/cdef….thumb`.

A name is either absent or complete: bytes are written to a temporary file, synced, then renamed.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_THUMBNAIL = ".thumb"


def digest(content: bytes) -> str:
    """The SHA-256 that names `content`, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def path(folder: Path, sha256: str, *, thumbnail: bool = False) -> Path:
    """Where the bytes of that name (or their thumbnail) stand."""
    return folder / sha256[:2] / (sha256[2:] + (_THUMBNAIL if thumbnail else ""))


def put(folder: Path, sha256: str, content: bytes, *, thumbnail: bool = False) -> None:
    """Store `content` under its name unless it is there; OSError leaves nothing behind."""
    target = path(folder, sha256, thumbnail=thumbnail)
    with suppress(FileNotFoundError):
        os.utime(target)  # young again: `older` leaves it alone
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync(target.parent)


def _sync(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(folder: Path, sha256: str) -> None:
    """Remove the bytes of that name and their thumbnail."""
    path(folder, sha256).unlink(missing_ok=True)
    path(folder, sha256, thumbnail=True).unlink(missing_ok=True)


def older(folder: Path, seconds: float) -> Iterator[list[str]]:
    """The names last stored more than `seconds` ago, folder by folder; clears what broken writes left."""
    limit = time.time() - seconds  # noqa: TID251 - compared with the file system's clock
    for shelf in sorted(folder.glob("??")):
        names = []
        for file in shelf.iterdir():
            if file.stat().st_mtime > limit:
                continue
            if file.name.startswith("."):
                file.unlink(missing_ok=True)
            elif not file.name.endswith(_THUMBNAIL):
                names.append(shelf.name + file.name)
        yield names
