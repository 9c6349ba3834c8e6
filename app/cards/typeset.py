"""Setting text on a picture: fonts with fallback, a cache of glyphs, Chinese line breaking.

Every character of data is drawn as itself, from the wanted font or else from another one. A character that no font
has is drawn as 〓, the printers' mark for a missing sort, and logged once; `missing` names such characters.
Rasterising a glyph costs about 0.2 ms and pasting a cached one 6 µs, so glyphs are kept per process.
"""

import logging
import unicodedata
from functools import cache, lru_cache
from itertools import accumulate, combinations, pairwise
from math import inf
from pathlib import Path
from typing import Literal, NamedTuple

from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

Face = Literal["serif", "sans", "rare"]
FONTS = Path(__file__).parent / "fonts"
FACES: tuple[Face, ...] = ("serif", "sans", "rare")
MISSING = "〓"
# Line breaking after 《标点符号用法》: these never open a line, those never close one.
NEVER_FIRST = frozenset("，。、；：？！）》〉」』】〕”’…—·,.;:?!)%％～~")
NEVER_LAST = frozenset("（《〈「『【〔“‘(")

log = logging.getLogger(__name__)


class Style(NamedTuple):
    """How a run is set: `size` and `tracking` (extra space after each character) in pixels."""

    face: Face
    size: int
    color: str
    tracking: int = 0


class Glyph(NamedTuple):
    """A rasterised character: its mask, the mask's offset from the pen on the baseline, the pen's advance."""

    mask: Image.Image | None
    left: int
    top: int
    advance: float


@cache
def _covered(face: Face) -> frozenset[int]:
    with TTFont(FONTS / f"{face}.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"{face}.ttf", size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _source(char: str, face: Face) -> tuple[str, Face]:
    """Return the character to draw for `char` and the face that has it."""
    for candidate in (face, *FACES):
        if ord(char) in _covered(candidate):
            return char, candidate
    log.warning("no font has U+%04X: drawn as %s", ord(char), MISSING)
    return MISSING, face


@lru_cache(maxsize=8192)
def glyph(char: str, face: Face, size: int) -> Glyph:
    """Rasterise one character at `size` pixels an em."""
    drawn, source = _source(char, face)
    font = _font(source, size)
    left, top, right, bottom = (int(edge) for edge in font.getbbox(drawn, anchor="ls"))
    mask = None
    if right > left and bottom > top:
        mask = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(mask).text((-left, -top), drawn, font=font, fill=255, anchor="ls")
    return Glyph(mask, left, top, font.getlength(drawn))


def clean(text: str) -> str:
    """Return `text` in NFC on one line, without the characters that have no picture: controls, marks of variants."""
    spaced = (" " if char.isspace() else char for char in unicodedata.normalize("NFC", text))
    shown = (char for char in spaced if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Mn", "Me"})
    return " ".join("".join(shown).split())


def missing(text: str) -> set[str]:
    """Return the characters of `text` that would be drawn as 〓."""
    return {char for char in clean(text) if not any(ord(char) in _covered(face) for face in FACES)}


def width(text: str, style: Style) -> float:
    """Return the length of `text` in pixels, without the tracking after its last character."""
    advance = sum(glyph(char, style.face, style.size).advance for char in text)
    return advance + style.tracking * max(len(text) - 1, 0)


def draw(
    canvas: ImageDraw.ImageDraw, at: tuple[float, float], text: str, style: Style, anchor: str = "l"
) -> None:
    """Draw cleaned text with its baseline at `at`, which is its left end (`l`), its middle (`m`) or its right end."""
    x, y = at
    if anchor != "l":
        x -= width(text, style) / (2 if anchor == "m" else 1)
    for char in text:
        piece = glyph(char, style.face, style.size)
        if piece.mask is not None:
            canvas.bitmap((round(x) + piece.left, round(y) + piece.top), piece.mask, fill=style.color)
        x += piece.advance + style.tracking


def shorten(text: str, style: Style, room: float) -> str:
    """Return `text`, or its beginning and an ellipsis, no longer than `room` pixels."""
    if width(text, style) <= room:
        return text
    long = width("…", style)
    for kept, char in enumerate(text):
        long += width(char, style) + style.tracking
        if long > room:
            text = text[:kept]
            break
    return text.rstrip("，、；：·（《“ ") + "…"


def _chunks(text: str) -> list[str]:
    """Split text where a line may end: around every Chinese character, never inside a Latin word or a number."""
    chunks: list[str] = []
    for char in text:
        before = chunks[-1][-1] if chunks else ""
        word = char.isascii() and char.isalnum() and before.isascii() and before.isalnum()
        if before and (char in NEVER_FIRST or before in NEVER_LAST or word):
            chunks[-1] += char
        else:
            chunks.append(char)
    return chunks


def fit(text: str, style: Style, room: float, least: int) -> Style:
    """Return `style` in the largest size, not under `least`, in which `text` is no longer than `room` pixels."""
    while style.size > least and width(text, style) > room:
        style = style._replace(size=max(style.size - 4, least))
    return style


def wrap(text: str, style: Style, room: float, lines: int) -> list[str]:
    """Break cleaned text into at most `lines` lines of `room` pixels; what does not fit ends in an ellipsis."""
    broken: list[str] = []
    line, long = "", 0.0
    for chunk in _chunks(text):
        more = width(chunk, style) + style.tracking
        if line and long + more - style.tracking > room:
            broken.append(line)
            line, long = "", 0.0
            if chunk == " ":
                continue
        line += chunk
        long += more
    broken.append(line)
    kept = broken[:lines]
    if len(broken) > lines:
        kept[-1] = "".join(broken[lines - 1 :])
    return [shorten(line, style, room) for line in kept if line]


def balance(text: str, style: Style, room: float, lines: int) -> list[str]:
    """Wrap like `wrap` into no more lines than needed, ending them at punctuation or else about equally long."""
    broken = wrap(text, style, room, lines)
    chunks = _chunks(text)
    whole = len("".join(broken).replace(" ", "")) == len(text.replace(" ", ""))
    if not whole or not broken:
        return broken
    edges = [0.0, *accumulate(width(chunk, style) + style.tracking for chunk in chunks)]
    stops = {end for end, chunk in enumerate(chunks, start=1) if chunk[-1] in NEVER_FIRST}

    def cost(breaks: tuple[int, ...]) -> float:
        longest = max(edges[end] - edges[start] for start, end in pairwise((0, *breaks, len(chunks))))
        return inf if longest > room else longest - 0.3 * room * len(stops.intersection(breaks))

    best = min(combinations(range(1, len(chunks)), len(broken) - 1), key=cost)
    if cost(best) == inf:
        return broken
    return ["".join(chunks[start:end]).strip() for start, end in pairwise((0, *best, len(chunks)))]
