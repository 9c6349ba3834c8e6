"""The members of an archive, read one after another and bounded; nothing is ever unpacked to a path of theirs."""

import gzip
import json
import re
import tarfile
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from pydantic import BaseModel, ConfigDict

from app.backup.archive import FORMAT, BackupError

_LARGEST_MEMBER = 2**28
_LARGEST_SMALL = 2**22
_LONGEST_ROW = 2**26
_TABLE = re.compile(r"tables/([a-z_]+)/\d{5,}\.jsonl")


class TableContent(BaseModel):
    """What the manifest says of a table."""

    columns: list[str]
    rows: int


class Manifest(BaseModel):
    """The beginning of an archive."""

    model_config = ConfigDict(strict=True)

    format: int
    revision: str
    tables: dict[str, TableContent]


class End(BaseModel):
    """The end of an archive; `lost` were damaged when it was written."""

    model_config = ConfigDict(strict=True)

    rows: int
    files: int
    lost: dict[str, str] = {}


class Member(NamedTuple):
    """A file of the archive, not read yet."""

    name: str
    content: BinaryIO

    def small(self) -> bytes:
        """All of it, where that is never much."""
        content = self.content.read(_LARGEST_SMALL + 1)
        if len(content) > _LARGEST_SMALL:
            raise ValueError(self.name)
        return content


def read_manifest(member: Member) -> Manifest:
    """The manifest, which comes first; `BackupError` when it is none of ours."""
    try:
        found = Manifest.model_validate_json(member.small()) if member.name == "manifest.json" else None
    except ValueError:
        found = None
    if found is None or not 1 <= found.format <= FORMAT:
        raise BackupError("这不是履易的备份文件，或者来自更新的版本。")
    return found


def read_members(packed: gzip.GzipFile, tar: tarfile.TarFile) -> Iterator[Member]:
    """The members one after another, by their names in the archive: nothing is ever unpacked to such a path."""
    for member in tar:
        content = tar.extractfile(member) if member.isreg() and member.size <= _LARGEST_MEMBER else None
        if content is None:
            raise BackupError(f"备份文件里有不该有的内容：{member.name[:100]}")
        yield Member(member.name, content)  # type: ignore[arg-type] # it reads as a BinaryIO does
    while packed.read(2**20):  # to the checksum at its very end
        pass


def read_rows(member: Member) -> Iterator[list[Any]]:
    """The rows of a part of a table; ValueError or TypeError where they are none."""
    while line := member.content.readline(_LONGEST_ROW):
        row = json.loads(line)
        if not isinstance(row, list):
            raise TypeError(member.name)
        yield row


def table_of(member: Member) -> str:
    """The table whose rows a member holds; empty for other members."""
    named = _TABLE.fullmatch(member.name)
    return named[1] if named else ""
