"""The fonts in the package: which of them has a character, and where a line of Chinese may end.

Every character of data is set as itself, from the wanted face or else from another one. A character that no face has
is set as 〓, the printers' mark for a missing sort, and logged once; `missing` names such characters.
"""

import logging
import unicodedata
from functools import cache
from pathlib import Path
from typing import Literal

from fontTools.ttLib import TTFont

Face = Literal["serif", "book", "sans", "rare"]
FONTS = Path(__file__).parents[1] / "fonts"
#: In the order in which they stand in for each other.
FACES: tuple[Face, ...] = ("serif", "sans", "rare")
MISSING = "〓"
# Line breaking after 《标点符号用法》: these never open a line, those never close one.
NEVER_FIRST = frozenset("，。、；：？！）》〉」』】〕”’…—·,.;:?!)%％～~")
NEVER_LAST = frozenset("（《〈「『【〔“‘(")

log = logging.getLogger(__name__)


def file(face: Face) -> Path:
    """The TrueType file of a face."""
    return FONTS / f"{face}.ttf"


@cache
def covered(face: Face) -> frozenset[int]:
    """The code points that a face has."""
    with TTFont(file(face), lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def source(char: str, face: Face) -> tuple[str, Face]:
    """The character to set for `char` and the face that has it."""
    for candidate in (face, *FACES):
        if ord(char) in covered(candidate):
            return char, candidate
    log.warning("no font has U+%04X: set as %s", ord(char), MISSING)
    return MISSING, face


def clean(text: str) -> str:
    """Return `text` in NFC on one line, without the characters that have no picture: controls, marks of variants."""
    spaced = (" " if char.isspace() else char for char in unicodedata.normalize("NFC", text))
    shown = (char for char in spaced if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Mn", "Me"})
    return " ".join("".join(shown).split())


def missing(text: str) -> set[str]:
    """Return the characters of `text` that would be set as 〓."""
    return {char for char in clean(text) if not any(ord(char) in covered(face) for face in FACES)}


def chunks(text: str) -> list[str]:
    """Split text where a line may end: around every Chinese character, never inside a Latin word or a number."""
    found: list[str] = []
    for char in text:
        before = found[-1][-1] if found else ""
        word = char.isascii() and char.isalnum() and before.isascii() and before.isalnum()
        if before and (char in NEVER_FIRST or before in NEVER_LAST or word):
            found[-1] += char
        else:
            found.append(char)
    return found
