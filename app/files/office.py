"""What must not be in an Office document: macros, controls, references that open by themselves, bombs."""

import re
import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO
from xml.etree import ElementTree as ET

from app.core.errors import AppError, Unsupported

#: A document may unpack to so much, and so much of it may be one list of references.
MOST_UNPACKED = 150 * 2**20
_MOST_RELATIONS = 2**20
_MOST_PARTS = 5_000
_NO_PATH = re.compile(r"(?:^|/)\.\.?(?:/|$)|^/|\\|^[a-z]:|[\x00-\x1f]")
_ACTIVE_PART = re.compile(r"vbaproject\.bin$|vbadata\.xml$|/activex/|/oleobject[^/]*$|/macrosheets/")
_ACTIVE_RELATION = (
    "vbaproject",
    "wordvbadata",
    "control",
    "activexcontrolbinary",
    "oleobject",
    "xlmacrosheet",
)
_CONTENT_TYPES = "[content_types].xml"


def _broken() -> AppError:
    return Unsupported("文件不完整或已损坏，请重新选择。", code="file_broken")


def _active() -> AppError:
    return Unsupported("不接受带宏、控件或嵌入对象的文件，请去掉后另存为普通格式。", code="macros")


def parts(content: bytes) -> set[str]:
    """The parts of a harmless document by their names in lower case: capitals mean nothing; else `Unsupported`."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = archive.infolist()
            names = [info.filename.lower() for info in infos]
            _check_names(names)
            if len(infos) > _MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED:
                raise Unsupported("文件解开后太大，无法上传。", code="file_bomb")
            lists = [info for info in infos if _is_list(info.filename.lower())]
            for info in lists:
                if info.file_size > _MOST_RELATIONS:
                    raise _broken()
                with archive.open(info) as part:  # what it says of its size need not be true
                    _check_list(part.read(_MOST_RELATIONS + 1))
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as e:
        raise _broken() from e
    return set(names)


def _is_list(name: str) -> bool:
    return name == _CONTENT_TYPES or name.endswith(".rels")


def _check_names(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if _NO_PATH.search(name) or name in seen:
            raise _broken()
        if _ACTIVE_PART.search(f"/{name}"):
            raise _active()
        seen.add(name)


def _check_list(xml: bytes) -> None:
    """Refuse a list of content types or relations that names something active, or something elsewhere."""
    if len(xml) > _MOST_RELATIONS or b"<!" in xml.replace(b"\x00", b"").replace(b"<!--", b""):
        raise _broken()
    try:
        elements = list(ET.fromstring(xml))  # noqa: S314 - bounded, and without a document type
    except ET.ParseError as e:
        raise _broken() from e
    for element in elements:
        kind = element.get("Type", "").rsplit("/", 1)[-1].lower()
        if kind in _ACTIVE_RELATION or "macroenabled" in element.get("ContentType", "").lower():
            raise _active()
        if element.get("TargetMode", "").lower() == "external" and kind != "hyperlink":
            raise Unsupported(
                "文件会从别处自动读取模板或图片，不能上传；请把它们存进文件里，再另存一份。",
                code="external_content",
            )
