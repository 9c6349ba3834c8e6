"""What must not be in a PDF: scripts, programs to start, files inside, another format behind it."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from app.core.errors import Unsupported

_ENDS_WITHIN = 2048
#: Names as they are spelt, or with letters as `#4a`.
_ACTIVE = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAME_END = rb"(?=[\s()<>\[\]{}/%]|$)"
_FOUND = re.compile(b"(?:%s)s?%s" % (b"|".join(_ACTIVE), _NAME_END))
#: Packed objects are read up to so many bytes in so many streams.
_MOST_UNPACKED = 32 * 2**20
_MOST_STREAMS = 20_000
_DICTIONARY = 1_000


def check(content: bytes) -> None:
    """`Unsupported` when a PDF is cut off, or active as far as its plain and packed objects show."""
    if b"%%EOF" not in content[-_ENDS_WITHIN:]:
        raise Unsupported("PDF 文件不完整，请重新选择。", code="file_broken")
    if zipfile.is_zipfile(BytesIO(content)):
        raise Unsupported("这个 PDF 里还藏着另一个文件，请重新导出一份 PDF。", code="file_mixed")
    if _spelt(content).count(b"/ObjStm") > content.count(b"/ObjStm"):  # no program spells it with escapes
        raise Unsupported("这个 PDF 的写法不寻常，请用“打印为 PDF”另存一份再上传。", code="active_pdf")
    if any(_FOUND.search(_spelt(part)) for part in (content, *_packed(content))):
        raise Unsupported(
            "不接受带脚本、程序或附件的 PDF，请用“打印为 PDF”另存一份再上传。", code="active_pdf"
        )


def _spelt(part: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part) if b"#" in part else part


def _packed(content: bytes) -> Iterator[bytes]:
    at, left = 0, _MOST_UNPACKED
    for _ in range(_MOST_STREAMS):
        at = content.find(b"/ObjStm", at + 1)
        begin = content.find(b"stream", at, at + _DICTIONARY) + len(b"stream")
        end = content.find(b"endstream", begin)
        if at < 0 or end < 0:
            return
        if begin < at:  # its dictionary is longer than any program writes it
            raise Unsupported("这个 PDF 的写法不寻常，请用“打印为 PDF”另存一份再上传。", code="active_pdf")
        try:
            objects = zlib.decompressobj().decompress(content[begin:end].lstrip(b"\r\n"), left)
        except zlib.error:  # packed otherwise, or encrypted
            continue
        yield objects
        left -= len(objects)
        if left <= 0:
            break
    raise Unsupported("文件解开后太大，无法上传。", code="file_bomb")
