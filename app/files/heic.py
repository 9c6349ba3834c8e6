"""HEIC, the format of iPhone cameras, is turned into JPEG or PNG by a process of its own.

Its decoder is a large C++ program that can crash, and reserves memory by what the coded picture says, which need not
be what the header says: the process has limits of memory and time, and what goes wrong in it ends it alone.
"""

import resource
import subprocess
import sys
from io import BytesIO

BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
#: Bytes of address space; a photo of 48 megapixels takes more than 400 MiB and less than 600.
MEMORY = 800 * 2**20
_CPU_SECONDS = 15
_WALL_SECONDS = 30
_TOO_MANY_PIXELS = 3


class UnreadableError(Exception):
    """The decoder failed, or took too much memory or time."""


def is_heic(content: bytes) -> bool:
    """Whether the first box of the file names one of HEIC's brands."""
    return content[4:8] == b"ftyp" and content[8:12] in BRANDS


def decoded(raw: bytes, max_pixels: int) -> bytes | None:
    """The picture as JPEG or, with transparency, PNG; None when its header claims more than `max_pixels`."""
    command = [sys.executable, "-I", "-m", __name__, str(max_pixels), str(MEMORY)]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=_WALL_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as e:
        raise UnreadableError from e
    if done.returncode == _TOO_MANY_PIXELS:
        return None
    if done.returncode:
        raise UnreadableError
    return done.stdout


def _main(max_pixels: int, memory: int) -> int:
    """Read HEIC from standard input, write JPEG or PNG to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pi_heif  # type: ignore[import-untyped] # noqa: PLC0415 - the server never loads the decoder
    from PIL import Image  # noqa: PLC0415

    pi_heif.options.DECODE_THREADS = 1
    pi_heif.options.THUMBNAILS = pi_heif.options.DEPTH_IMAGES = pi_heif.options.AUX_IMAGES = False
    Image.MAX_IMAGE_PIXELS = None  # judged here
    pi_heif.register_heif_opener()
    with Image.open(BytesIO(sys.stdin.buffer.read()), formats=("HEIF",)) as picture:
        if picture.width * picture.height > max_pixels:
            return _TOO_MANY_PIXELS
        profile = picture.info.get("icc_profile")
        if picture.has_transparency_data:
            picture.save(sys.stdout.buffer, "PNG", compress_level=1, icc_profile=profile)
        else:
            picture.convert("RGB").save(sys.stdout.buffer, "JPEG", quality=95, icc_profile=profile)
    return 0


if __name__ == "__main__":
    sys.exit(_main(*map(int, sys.argv[1:])))
