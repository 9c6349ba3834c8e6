"""Backups of a city: what lies in them and in the city, and what spoils them."""

import gzip
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from app.backup import rows
from tests.factories.city import City
from tests.factories.files import key_of
from tests.files import contents

NEW = {"body": "今天走访了𠮷林社区。", "kind": "visit", "place": "滨江"}


def content(url: str) -> dict[str, list[Any]]:
    """Every row of every table."""
    engine = create_engine(url)
    with engine.connect() as conn:
        found = {t.name: [row for part in rows.read(conn, t) for row in part] for t in rows.tables(conn)}
    engine.dispose()
    for name, held in found.items():
        found[name] = sorted(([_parsed(v) for v in row] for row in held), key=repr)
    return found


def _parsed(value: Any) -> Any:
    """JSON columns are compared by what they say: each database spaces it in its own way."""
    if isinstance(value, str) and value.startswith(("{", "[")):
        return json.loads(value)
    return value


def post(city: City, body: str = "走访") -> None:
    """A picture and an update, by two members."""
    assert key_of(city.member(), contents.photo(90, 60), "a.jpg")
    posted = city.member("周岚").post("/api/v1/updates", NEW | {"body": body})
    assert posted.status_code == 201, posted.text


def bytes_in(data_dir: Path) -> dict[str, bytes]:
    folder = data_dir / "files"
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def in_table(table: str, change: Callable[[bytes], bytes]) -> Callable[[str, bytes], tuple[str, bytes]]:
    return lambda name, data: (name, change(data) if name.startswith(f"tables/{table}/") else data)


def in_file(change: Callable[[str, bytes], tuple[str, bytes]]) -> Callable[[str, bytes], tuple[str, bytes]]:
    return lambda name, data: change(name, data) if name.startswith("files/") else (name, data)


def in_manifest(**more: Any) -> Callable[[str, bytes], tuple[str, bytes]]:
    return lambda name, data: (
        name,
        json.dumps(json.loads(data) | more).encode() if name == "manifest.json" else data,
    )


def manifest(content: bytes) -> Callable[[str, bytes], tuple[str, bytes]]:
    return lambda name, data: (name, content if name == "manifest.json" else data)


def rewritten(archive: bytes, change: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    """The archive with each member changed; without those that lose their name."""
    out = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(gzip.decompress(archive))) as old,
        tarfile.open(fileobj=out, mode="w") as new,
    ):
        for member in old:
            data = old.extractfile(member)
            assert data is not None
            name, content = change(member.name, data.read())
            member.name, member.size = name, len(content)
            if name.startswith("link:"):
                member.name, member.type, member.linkname = name[5:], tarfile.SYMTYPE, "/etc/passwd"
            if name:
                new.addfile(member, io.BytesIO(content))
    return gzip.compress(out.getvalue())


def stored_file(data_dir: Path) -> Path:
    """The bytes of the one picture."""
    (found,) = [f for f in (data_dir / "files").rglob("*") if f.is_file() and f.suffix != ".thumb"]
    return found


def rot(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def member(archive: Path, name: str) -> bytes:
    with tarfile.open(archive) as tar:
        found = tar.extractfile(name)
        assert found is not None
        return found.read()
