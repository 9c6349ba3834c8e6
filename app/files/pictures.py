"""Pictures are decoded and encoded again: upright, bounded, without metadata, place or hidden payload."""

import math
import struct
import threading
import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

from app.core.errors import TooLarge, Unavailable, Unsupported
from app.files import heic

MAX_PIXELS = 60_000_000
#: A photo is stored within this square; a long screenshot or panorama may be longer.
MAX_SIDE = 2560
#: So wide a long screenshot stays, as long as it has no more than `MAX_STORED_PIXELS`.
READABLE_SIDE = 1080
MAX_STORED_PIXELS = 16_000_000
THUMBNAIL_SIDE = 480
#: The thumbnail of a longer picture shows its beginning only: all of it would be too narrow.
_THUMBNAIL_RATIO = 2
_QUALITY = 85
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_WAIT_SECONDS = 3
#: A progressive JPEG of a camera has about ten; each one costs a pass over the whole picture.
_MAX_SCANS = 100

# Odd metadata is dropped anyway, and sizes are judged here.
warnings.filterwarnings("ignore", module="PIL")
# Larger blocks go back to the system when a picture is done; small ones stay with each thread.
Image.core.set_block_size(64 * 2**20)  # type: ignore[attr-defined] # not in its stubs
# Each holds up to MAX_PIXELS in memory; the other request threads stay free for short work.
_slots = threading.BoundedSemaphore(2)


#: What Pillow's parsers raise on damaged input.
_UNDECODABLE = (OSError, ValueError, SyntaxError, EOFError, struct.error, IndexError, KeyError, TypeError)


@dataclass(frozen=True)
class DecodedPicture:
    """A picture as it is stored, with a JPEG thumbnail; sizes in pixels."""

    content: bytes
    thumbnail: bytes
    media_type: str
    ending: str
    width: int
    height: int


def prepare(raw: bytes) -> DecodedPicture:
    """A picture encoded again (animations: the first frame); `TooLarge` by its header, `Unsupported` when broken."""
    if not _slots.acquire(timeout=_WAIT_SECONDS):
        raise Unavailable("正在处理的图片太多，请稍后再试。", code="busy", retry_after=5)
    try:
        return _prepare(raw)
    except Image.DecompressionBombError as e:
        raise _too_large() from e
    except _UNDECODABLE as e:
        raise Unsupported("图片不完整或已损坏，请重新选择。", code="picture_broken") from e
    finally:
        _slots.release()


def _prepare(raw: bytes) -> DecodedPicture:
    if raw.startswith(b"\xff\xd8") and raw.count(b"\xff\xda") > _MAX_SCANS:
        raise Unsupported("图片编码异常，请换一张。", code="picture_broken")
    if heic.is_heic(raw):
        raw = _from_heic(raw)
    _refuse_bombs(*_webp_size(raw))  # its decoder reserves memory for the whole canvas when it opens
    with Image.open(BytesIO(raw), formats=_FORMATS) as opened:
        _refuse_bombs(*opened.size)
        lossless = opened.format in {"PNG", "GIF"} or opened.has_transparency_data
        opened.draft("RGB", bounded(*opened.size))  # JPEG decodes at a fraction of the size
        picture = _srgb(ImageOps.exif_transpose(opened), alpha=opened.has_transparency_data)
    picture.thumbnail(bounded(*picture.size))
    content = _encoded(picture, "PNG") if lossless else _encoded(picture, "JPEG")
    width, height = picture.size
    return DecodedPicture(
        content=content,
        thumbnail=_small(picture),
        media_type="image/png" if lossless else "image/jpeg",
        ending=".png" if lossless else ".jpg",
        width=width,
        height=height,
    )


def thumbnail(content: bytes) -> bytes:
    """The thumbnail of a stored picture, made once more; `Unsupported` when it cannot be decoded."""
    try:
        with _slots, Image.open(BytesIO(content), formats=_FORMATS) as opened:
            opened.draft("RGB", (2 * THUMBNAIL_SIDE, 2 * THUMBNAIL_SIDE))
            return _small(_srgb(opened, alpha=opened.has_transparency_data))
    except _UNDECODABLE as e:
        raise Unsupported("图片无法打开。", code="picture_broken") from e


def is_sound(content: bytes) -> bool:
    """Whether a stored thumbnail can be decoded to its end."""
    try:
        with Image.open(BytesIO(content), formats=("JPEG",)) as opened:
            opened.load()
    except _UNDECODABLE:
        return False
    return True


def _small(picture: Image.Image) -> bytes:
    picture = picture.crop(_start_of(*picture.size))
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    return _encoded(picture, "JPEG")


def _from_heic(raw: bytes) -> bytes:
    try:
        picture = heic.decoded(raw, MAX_PIXELS)
    except heic.UnreadableError as e:
        raise Unsupported(
            "这张 HEIC 照片打不开。请重新选择，或在手机设置的“相机 → 格式”中选“兼容性最佳”后再拍。",
            code="picture_broken",
        ) from e
    if picture is None:
        raise _too_large()
    return picture


def bounded(width: int, height: int) -> tuple[int, int]:
    """The size at which a picture is stored: never larger than it is, and a long one still readable."""
    within = max(MAX_SIDE / max(width, height), READABLE_SIDE / min(width, height))
    scale = min(1, within, math.sqrt(MAX_STORED_PIXELS / (width * height)))
    return max(1, math.floor(width * scale)), max(1, math.floor(height * scale))


def _start_of(width: int, height: int) -> tuple[int, int, int, int]:
    """The part of a picture that its thumbnail shows: all of it, or the beginning of a long one."""
    return 0, 0, min(width, height * _THUMBNAIL_RATIO), min(height, width * _THUMBNAIL_RATIO)


def _refuse_bombs(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _too_large()


def _too_large() -> TooLarge:
    return TooLarge("图片尺寸太大，请缩小后再上传。", code="picture_too_large")


def _webp_size(raw: bytes) -> tuple[int, int]:
    """The canvas of an extended WebP; (0, 0) for all else, whose size is bounded or told on opening."""
    if raw[:4] != b"RIFF" or raw[12:16] != b"VP8X":
        return 0, 0
    return int.from_bytes(raw[24:27], "little") + 1, int.from_bytes(raw[27:30], "little") + 1


def _srgb(picture: Image.Image, *, alpha: bool) -> Image.Image:
    """The picture as RGB or RGBA in sRGB; without it the colours of phone cameras would fade with their profile."""
    mode = "RGBA" if alpha else "RGB"
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "CMYK"} and mode == "RGB":
        try:
            source, target = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
            if converted := ImageCms.profileToProfile(picture, source, target, outputMode="RGB"):
                return converted
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile: the bare colours are the best there is
    return picture.convert(mode)


def _encoded(picture: Image.Image, form: str) -> bytes:
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)  # a new image has no `info`, thus no metadata to write
    out = BytesIO()
    if form == "JPEG":
        bare.save(out, form, quality=_QUALITY, optimize=True, progressive=True)
    else:
        bare.save(out, form, compress_level=6)
    return out.getvalue()
