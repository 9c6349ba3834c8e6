"""What a file is, by its content: the name and the sender's type are never believed, only compared."""

import re
import struct
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from app.core.errors import Invalid, Unsupported
from app.core.language.text import printable
from app.files import heic, office, pdf

_OFFICE = "application/vnd.openxmlformats-officedocument."
_MAX_DIRECTORY = 2**20  # bytes of a zip's table of contents
_END_OF_ZIP = b"PK\x05\x06"
_ZIP64 = b"PK\x06\x07"


@dataclass(frozen=True)
class FileKind:
    """A kind of file that is accepted: its type, the endings a name may have (the first is given)."""

    media_type: str
    endings: tuple[str, ...]
    picture: bool = False

    def ending_of(self, name: str) -> str:
        """The ending of a name where it is one of this kind's, else the first."""
        ending = PurePosixPath(name).suffix.lower()
        return ending if ending in self.endings else self.endings[0]


# Phones rename pictures without converting them: any picture may carry any picture's ending.
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".heif", ".jfif")
PICTURE = FileKind("image/*", _PICTURE_ENDINGS, picture=True)
PDF = FileKind("application/pdf", (".pdf",))
TEXT = FileKind("text/plain", (".txt", ".md", ".csv"))
_OFFICE_KINDS = {
    "word/document.xml": FileKind(_OFFICE + "wordprocessingml.document", (".docx",)),
    "xl/workbook.xml": FileKind(_OFFICE + "spreadsheetml.sheet", (".xlsx",)),
    "ppt/presentation.xml": FileKind(_OFFICE + "presentationml.presentation", (".pptx",)),
}
#: Types that stored files have: pictures are encoded again, as one of two.
MEDIA_TYPES = ("image/jpeg", "image/png", *(k.media_type for k in (PDF, TEXT, *_OFFICE_KINDS.values())))
_ENDINGS = {end for kind in (PICTURE, PDF, TEXT, *_OFFICE_KINDS.values()) for end in kind.endings}
_ACCEPTED = (
    "可以上传图片（.jpg、.png、.webp、.gif、.heic）、.pdf、.docx、.xlsx、.pptx，以及 UTF-8 编码的 .txt、.md、.csv；"
    "旧格式的 .doc、.xls、.ppt 请先另存为新格式。"
)
_PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_ENDING = re.compile("[A-Za-z0-9]{1,5}")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def kind_of(content: bytes, name: str) -> FileKind:
    """The kind of a file; `Unsupported` when it is none of ours, broken, or not what its name says."""
    if not content:
        raise Invalid("文件是空的。", code="file_empty")
    kind = _by_content(content)
    ending = PurePosixPath(name).suffix.lower()
    if ending and ending not in kind.endings:
        detail = f"不接受扩展名为“{ending[:10]}”的文件。{_ACCEPTED}"
        if ending in _ENDINGS:
            detail = f"文件内容与扩展名“{ending[:10]}”不符，内容像是 {kind.endings[0]} 文件。"
        raise Unsupported(detail, code="type_mismatch")
    return kind


def _by_content(content: bytes) -> FileKind:
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    if content.startswith(_PICTURE_STARTS) or is_webp or heic.is_heic(content):
        return PICTURE
    if content.startswith(b"%PDF-"):
        pdf.check(content)
        return PDF
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = "\x00"
    if _NOT_TEXT.search(text):
        raise Unsupported(_ACCEPTED, code="unsupported_type")
    return TEXT


def _office(content: bytes) -> FileKind:
    """The kind of an Office document, by the names of its parts."""
    end = content.rfind(_END_OF_ZIP)
    too_long = (
        end < 0 or len(content) < end + 22 or struct.unpack_from("<I", content, end + 12)[0] > _MAX_DIRECTORY
    )
    if too_long or content[max(end - 20, 0) : end].startswith(_ZIP64):
        raise Unsupported("文件不完整或已损坏，请重新选择。", code="file_broken")
    names = office.parts(content)
    kind = next((kind for part, kind in _OFFICE_KINDS.items() if part in names), None)
    if kind is None or "[content_types].xml" not in names:
        raise Unsupported("不接受压缩包，请直接上传文件。", code="unsupported_type")
    return kind


def clean_name(name: str, ending: str) -> str:
    """A file name for people, at most 120 characters, with the right `ending`; never used as a path."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = printable("".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '\n\t"<>|:*?'))
    stem, dot, old = kept.rpartition(".")
    stem = stem if dot and _ENDING.fullmatch(old) else kept
    return (stem.strip(" .")[: 120 - len(ending)] or "文件") + ending
