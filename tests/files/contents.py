"""Contents of files for the tests, made on the spot."""

import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from PIL import Image


def photo(width: int = 1200, height: int = 800, *, colour: str = "seagreen", **save) -> bytes:
    """A JPEG with its left half darker than its right."""
    picture = Image.new("RGB", (width, height), colour)
    picture.paste("black", (0, 0, width // 2, height))
    out = BytesIO()
    picture.save(out, "JPEG", **save)
    return out.getvalue()


def exif(orientation: int) -> Image.Exif:
    """What a phone writes: how it was held, and where."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = "PhoneMaker"
    gps = data.get_ifd(0x8825)
    gps[1], gps[2] = "N", (30.0, 15.0, 0.0)
    return data


def drawn(form: str, mode: str = "RGB", **save) -> bytes:
    """A small picture of any format."""
    out = BytesIO()
    Image.new(mode, (64, 48), 128 if mode == "L" else (200, 30, 30, 128)[: len(mode)]).save(out, form, **save)
    return out.getvalue()


def png_bomb(side: int) -> bytes:
    """A few bytes that claim `side` × `side` pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(bytes(10**6)))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def webp_bomb() -> bytes:
    """An extended WebP whose canvas is as large as can be."""
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4) + (0xFFFFFF).to_bytes(3, "little") * 2
    return b"RIFF" + struct.pack("<I", len(canvas) + 4) + b"WEBP" + canvas


def jpeg_bomb() -> bytes:
    """A JPEG whose frame header claims 65,500 × 65,500 pixels."""
    whole = photo(64, 64)
    at = whole.index(b"\xff\xc0")
    return whole[: at + 5] + struct.pack(">HH", 65500, 65500) + whole[at + 9 :]


#: As an iPhone writes it: 96 × 64, its left half dark, held so that it is shown 64 × 96, with the place in its Exif.
HEIC = (Path(__file__).parent / "photo.heic").read_bytes()


def heic_claiming(width: int, height: int) -> bytes:
    """The same with another size in its header than the coded picture has."""
    at = HEIC.index(b"ispe") + 8
    return HEIC[:at] + struct.pack(">II", width, height) + HEIC[at + 8 :]


def office(part: str, *more: str) -> bytes:
    """A document as Office writes it, as far as its parts go."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", part, *more):
            archive.writestr(name, "<x/>")
    return out.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def zipped(parts: dict[str, str | bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """An archive of these parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def word(*, types: str = "", relations: str = "", **parts: str | bytes) -> bytes:
    """A Word document with more content types, relations of its text, and parts (`__` stands for `/`)."""
    space = "http://schemas.openxmlformats.org/package/2006/"
    base: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{space}content-types">{types}</Types>',
        "word/document.xml": "<x/>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{space}relationships">{relations}</Relationships>',
    }
    return zipped(base | {name.replace("__", "/"): content for name, content in parts.items()})


def relation(kind: str, target: str, mode: str = "External") -> str:
    """A relation of a document to something."""
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    return f'<Relationship Id="r1" Type="{space}{kind}" Target="{target}" TargetMode="{mode}"/>'


def pdf(inside: bytes, *, packed: bool = False) -> bytes:
    """A PDF with this in one of its objects, as it is or in a compressed stream of objects."""
    if packed:
        stream = zlib.compress(inside)
        inside = (
            b"<</Type /ObjStm /N 1 /First 4 /Length %d /DecodeParms <<>> /Filter /FlateDecode>>\nstream\r\n"
            % len(stream)
            + stream
            + b"\nendstream"
        )
    return b"%PDF-1.7\n1 0 obj\n" + inside + b"\nendobj\ntrailer\n<<>>\n%%EOF\n"
