"""Stored bytes in a local folder, named by their SHA-256: `ab/cdef…`, a thumbnail beside them as `ab/cdef….thumb`.

A name is either absent or complete: bytes are written to a temporary file, synced, then renamed. What a disk does to
them afterwards shows when they are compared with their name.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

_THUMBNAIL = ".thumb"
_PIECE = 2**20


class Damage(StrEnum):
    """What is wrong with stored bytes."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    CHANGED = "changed"


DAMAGE_LABELS = {
    Damage.MISSING: "已丢失",
    Damage.UNREADABLE: "磁盘无法读取",
    Damage.CHANGED: "内容已损坏",
}


def digest(content: bytes) -> str:
    """The SHA-256 that names `content`, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def path(folder: Path, sha256: str, *, thumbnail: bool = False) -> Path:
    """Where the bytes of that name (or their thumbnail) stand."""
    return folder / sha256[:2] / (sha256[2:] + (_THUMBNAIL if thumbnail else ""))


def damage(folder: Path, sha256: str) -> Damage | None:
    """What is wrong with the bytes of that name; None when their digest is the name."""
    try:
        with path(folder, sha256).open("rb") as file:
            return None if hashlib.file_digest(file, "sha256").hexdigest() == sha256 else Damage.CHANGED
    except FileNotFoundError:
        return Damage.MISSING
    except OSError:
        return Damage.UNREADABLE


def read(folder: Path, sha256: str) -> tuple[bytes, None] | tuple[None, Damage]:
    """The bytes of that name, or what is wrong with them."""
    try:
        content = path(folder, sha256).read_bytes()
    except FileNotFoundError:
        return None, Damage.MISSING
    except OSError:
        return None, Damage.UNREADABLE
    return (content, None) if digest(content) == sha256 else (None, Damage.CHANGED)


def put(folder: Path, sha256: str, content: bytes, *, thumbnail: bool = False) -> None:
    """Store `content` under its name, in the place of damaged bytes too; OSError leaves nothing behind."""
    target = path(folder, sha256, thumbnail=thumbnail)
    if _holds(target, content):
        os.utime(target)  # young again: `older` leaves it alone
        return
    with _replacing(target) as file:
        file.write(content)


def put_stream(folder: Path, sha256: str, content: BinaryIO) -> bool:
    """As `put`, never more than a piece in memory; False, and nothing is stored, when the digest is another."""
    seen = hashlib.sha256()
    try:
        with _replacing(path(folder, sha256)) as file:
            while piece := content.read(_PIECE):
                seen.update(piece)
                file.write(piece)
            if seen.hexdigest() != sha256:
                raise _OtherDigestError
    except _OtherDigestError:
        return False
    return True


class _OtherDigestError(Exception):
    pass


def _holds(target: Path, content: bytes) -> bool:
    try:
        return target.read_bytes() == content
    except OSError:
        return False


@contextmanager
def _replacing(target: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of `target` at the end of the block; an error leaves all as it was."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        replace(Path(temporary), target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def replace(file: Path, target: Path) -> None:
    """Put a synced file in the place of another one, so that this survives a power cut."""
    file.replace(target)
    _sync(target.parent)


def _sync(folder: Path) -> None:
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
